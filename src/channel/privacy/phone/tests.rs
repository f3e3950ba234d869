//! Expectations are E.164's, RFC 3966's and the documented behaviour of libphonenumber.

use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};

use super::canonical;

/// All spellings are that number, and the number is its own spelling.
fn all(number: &str, spellings: &[&str]) {
    for written in spellings.iter().chain([&number]) {
        assert_eq!(canonical(written).as_deref(), Some(number), "{written}");
    }
}

fn none(written: &[&str]) {
    for written in written {
        assert_eq!(canonical(written), None, "{written}");
    }
}

#[test]
fn a_polish_number_in_every_spelling() {
    all(
        "+48601222333",
        &[
            "+48 601 222 333",
            "(+48) 601-222-333",
            "+48.601.222.333",
            "+48/601/222/333",
            "\u{ff0b}48\u{2011}601\u{2013}222\u{2212}333",
            "+48\u{a0}601\u{202f}222\u{2009}333",
            "\u{202a}+48 601\u{200b}222 333\u{202c}",
            "+٤٨ ٦٠١ ٢٢٢ ٣٣٣",
            "+４８６０１２２２３３３",
            "+48 (0)601 222 333",
            "+0048 601 222 333",
            "0048601222333",
            "00 48 (601) 222-333",
            "601222333;phone-context=+48",
            "601 222 333;phone-context=+48",
            "0601222333;phone-context=+48",
            "(0)601.222.333;phone-context=+48",
            "48601222333;phone-context=+48",
            "48 601-222-333;phone-context=+48",
            "0048601222333;phone-context=+48",
            "+48601222333;phone-context=+49",
            "601222333;PHONE-CONTEXT=+4-8",
            "601222333;isub=12;phone-context=+48",
            "//+48601222333",
        ],
    );
    all("+48221234567", &["22 123 45 67;phone-context=+48", "1234567;phone-context=+4822"]);
}

#[test]
fn national_forms_of_other_countries() {
    all("+442071838750", &["020 7183 8750;phone-context=+44", "+44 (0)20 7183 8750"]);
    all("+442071838750", &["442071838750;phone-context=+44", "2071838750;phone-context=+44"]);
    // Everybody who shares a code is read as one country: a Canadian, a Kazakh.
    all("+16135550123", &["(613) 555-0123;phone-context=+1", "1-613-555-0123;phone-context=+1"]);
    all("+77012345678", &["8 701 234-56-78;phone-context=+7", "77012345678;phone-context=+7"]);
    all("+79031396745", &["8 903 139-67-45;phone-context=+7", "9031396745;phone-context=+7"]);
    // In Italy the zero is part of the number, and 39 begins mobile numbers, too.
    all("+39066982", &["06 6982;phone-context=+39", "+39 06 6982", "39066982;phone-context=+39"]);
    all("+393912312312", &["391 231 2312;phone-context=+39", "393912312312;phone-context=+39"]);
    // A mobile number in Argentina has a 9 from abroad and a 15 at home.
    all("+5491123456789", &["011 15-2345-6789;phone-context=+54", "+54 9 11 2345 6789"]);
    // Numbers that no country has.
    all("+80012345678", &["+800 1234 5678", "12345678;phone-context=+800"]);
}

#[test]
fn a_number_without_its_plus_is_international_where_national_ones_begin_with_zero() {
    all("+4915112345678", &["4915112345678;phone-context=+49", "015112345678;phone-context=+49"]);
    all("+46812345678", &["46812345678;phone-context=+46", "08-123 456 78;phone-context=+46"]);
    all("+62218357273", &["62218357273;phone-context=+62", "(021) 8357273;phone-context=+62"]);
}

#[test]
fn abroad_is_dialled_in_many_ways() {
    all(
        "+48601222333",
        &[
            "011 48 601 222 333;phone-context=+1",
            "00 48 601 222 333;phone-context=+1",
            "8~10 48 601 222 333;phone-context=+7",
            "0048 601 222 333;phone-context=+7",
            "0048 601 222 333;phone-context=+62",
            "001 48 601 222 333;phone-context=+852",
            // Too long for a French number, and just right with the `+` that is missing.
            "48601222333;phone-context=+33",
        ],
    );
}

#[test]
fn an_extension_is_part_of_who_is_called() {
    all(
        "+12125550123;ext=5",
        &[
            "+1 212 555 0123 ext. 5",
            "+1 (212) 555-0123 x5",
            "+1 212 555 0123 extension 5",
            "+1 212 555 0123 #5",
            "+12125550123;ext=5",
            "+1-212-555-0123;isub=7;EXT=5",
            "212-555-0123 ext 5;phone-context=+1",
            "212-555-0123;ext=5;phone-context=+1",
        ],
    );
    let of = |text| canonical(text).expect("a number");
    assert_ne!(of("+12125550123;ext=5"), of("+12125550123;ext=6"));
    assert_ne!(of("+12125550123;ext=5"), of("+12125550123"));
    assert_eq!(of("+12125550123;ext="), "+12125550123");
}

#[test]
fn without_a_country_a_national_number_stays_as_dialled() {
    all("601222333", &["601 222 333", "601-222-333", "(601) 222 333", "601\u{2011}222\u{2011}333"]);
    all("0601222333", &["(0)601 222 333"]);
    all("48601222333", &["48 601 222 333"]);
    assert_ne!(canonical("601222333"), canonical("+48601222333"));
}

#[test]
fn words_and_extensions_are_no_numbers() {
    none(&[
        "",
        " ",
        "+",
        "00",
        "anonymous",
        "Restricted",
        "unavailable",
        "Anna Nowak",
        "Office 12",
    ]);
    none(&["7001", "+7001", "70012", "700123", "7001;phone-context=+48", "112;phone-context=+48"]);
    // Too short for a French number; with a `+` it would be one within some town of America.
    none(&["12345678;phone-context=+33"]);
    none(&["7001;phone-context=+49", "70012;phone-context=+49", "+48 7001", "+49 70012"]);
    none(&["601222333;phone-context=pbx.example.org", "601222333;phone-context="]);
    none(&["0000000000", "0000000000;phone-context=+48", "000000000000", "+00000000"]);
    none(&["Anna 601222333;phone-context=+48", "601222333 Anna;phone-context=+48"]);
    none(&["1-800-FLOWERS;phone-context=+1", "+1 800 FLOWERS", "601 222 333 or 601 222 334"]);
    none(&["+4848601222333", "+999123456789", "+48 601 222 333 444 555", &"1".repeat(400)]);
}

#[test]
fn words_spelt_in_digits_are_nobody() {
    none(&["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"]);
}

/// Plans change, and a country's newest numbers are somebody's.
#[test]
fn a_number_of_the_right_length_is_one_though_no_plan_has_it() {
    all("+482212345", &["+48 (22) 123-45", "0048 22 123 45"]);
    // Of those that are kept free for films.
    all("+447700900123", &["07700 900123;phone-context=+44", "+44 (0)7700 900123"]);
}

/// A number of a country's plan, from the library's examples with other last digits: its country
/// code and what follows it.
fn numbers() -> impl Strategy<Value = (String, String, Region)> {
    let kinds = [PhoneNumberType::FixedLine, PhoneNumberType::Mobile];
    let main = |region: &Region| {
        let code = PHONE_NUMBER_UTIL.get_country_code_for_region(*region)?;
        (PHONE_NUMBER_UTIL.get_region_for_country_code(code)? == *region).then_some(code)
    };
    let mut examples = Vec::new();
    for region in PHONE_NUMBER_UTIL.get_supported_regions() {
        let Some(code) = main(&region) else { continue };
        for kind in kinds {
            let example = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind);
            if let Ok(example) = example {
                let own = example.get_national_significant_number();
                examples.push((code.to_string(), own, region));
            }
        }
    }
    examples.sort();
    examples.dedup();
    assert!(examples.len() > 200, "every country, on a wire and without");
    let number = (prop::sample::select(examples), 0..10_000_u32);
    number.prop_filter_map("a plan has it", |((code, own, region), end)| {
        let head = &own[..own.len().saturating_sub(4)];
        let own = format!("{head}{end:04}");
        let number = PHONE_NUMBER_UTIL.parse(format!("+{code}{own}"), None).ok()?;
        let is_itself = number.get_national_significant_number() == own;
        // Such as 49 in Germany: without the zero of home or the `+` of abroad it is either.
        let is_clear = !own.starts_with(&code);
        (is_itself && is_clear && number.is_valid()).then_some((code, own, region))
    })
}

/// The digits with something between them here and there.
fn spread(digits: &str, between: &[(usize, &str)]) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 {
            let marks = between.iter().filter(|(at, _)| *at % digits.len() == place);
            text.extend(marks.take(1).map(|(_, mark)| *mark));
        }
        text.push(digit);
    }
    text
}

fn marks() -> impl Strategy<Value = Vec<(usize, &'static str)>> {
    let marks = [" ", "-", ".", "/", "\u{a0}", "\u{2010}", "\u{2011}", "\u{2013}", "\u{ff0d}"];
    prop::collection::vec((1..20_usize, prop::sample::select(marks.to_vec())), 0..5)
}

proptest! {
    #[test]
    fn every_spelling_of_a_number_is_that_number((code, own, region) in numbers(), marks in marks()) {
        let number = format!("+{code}{own}");
        let apart = spread(&own, &marks);
        let national = PHONE_NUMBER_UTIL
            .parse(&number, None)
            .map(|it| it.format_as(PhoneNumberFormat::National).into_owned());
        let national = national.expect("a number");
        for written in [
            number.clone(),
            format!("+{}", spread(&format!("{code}{own}"), &marks)),
            format!("(+{code}) {apart}"),
            format!("00{code} {apart}"),
            format!("+00{code}{own}"),
            format!("{national};phone-context=+{code}"),
            format!("{own};phone-context=+{code}"),
            format!("{code}{own};phone-context=+{code}"),
            format!("00{code}{apart};phone-context=+{code}"),
            format!("+{code} {apart};phone-context=+{code}"),
        ] {
            prop_assert_eq!(canonical(&written), Some(number.clone()), "{} {:?}", written, region);
        }
    }

    #[test]
    fn two_numbers_are_never_the_same(a in numbers(), b in numbers()) {
        let international = |(code, own, _): &(String, String, Region)| format!("+{code}{own}");
        let national = |(code, own, _): &(String, String, Region)| format!("{own};phone-context=+{code}");
        let differ = (&a.0, &a.1) != (&b.0, &b.1);
        prop_assert_eq!(canonical(&international(&a)) != canonical(&international(&b)), differ);
        prop_assert_eq!(canonical(&national(&a)) != canonical(&international(&b)), differ);
    }

    #[test]
    fn a_spelling_is_its_own_spelling(text in "(\\+|00|0|)[0-9 ()x.-]{3,20}(;ext=[0-9]{0,4}|)(;phone-context=\\+[1-9][0-9]{0,2}|)") {
        if let Some(number) = canonical(&text) {
            prop_assert_eq!(canonical(&number), Some(number.clone()), "{}", text);
        }
    }

    #[test]
    fn no_text_is_too_much(text in any::<String>(), context in "\\PC{0,8}") {
        canonical(&text);
        canonical(&format!("+48{text};ext={text};phone-context=+{context}"));
    }
}
