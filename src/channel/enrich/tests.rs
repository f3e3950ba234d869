//! What messages get, as scenarios over the shipped lexicons and a site's rules.

use super::*;
use crate::event::{Mention, Message};

const RULES: &str = r#"
[[topic]]
tag = "refund"
en = ["refund", "money back"]
pl = ["zwrot pieniędzy", "zwrot"]
ru = ["возврат", "вернуть деньги"]
uk = ["повернення коштів"]
not = ["gift card"]

[[topic]]
tag = "delivery"
en = ["parcel", "delivery"]
pl = ["paczka", "dostaw*"]
ru = ["посылка", "доставка"]
uk = ["посилка", "доставка"]

[[topic]]
tag = "card"
all = ["=Visa", "iban"]

[[topic]]
tag = "churn"
min = 2
en = ["cancel", "competitor", "cheaper"]

[sentiment.en]
neutral = ["problem"]
"#;

fn enricher() -> Enricher {
    let topics = Topics { text_bytes_max: 200, tags_max: 2, ..Topics::default() };
    let enricher = Enricher::new(&topics, &Site::default()).expect("the lexicons are good");
    enricher.put(Rules::parse(RULES, "topics.toml").unwrap_or_else(|bad| panic!("{bad}")));
    enricher
}

fn event(kind: Kind) -> Event {
    Event {
        id: "1".into(),
        channel: "tg".into(),
        at_ms: 0,
        received_ms: 0,
        interaction: "c".into(),
        queue: None,
        agent: None,
        customer: Vec::new(),
        kind,
        order: None,
        refers: None,
        same_as: None,
        attrs: Default::default(),
    }
}

fn message_of(author: Author, text: &str) -> (Message, LeftOut) {
    let message = Message { author, ..Message::default() };
    let mut event = event(Kind::Message(message));
    let left_out = enricher().enrich(&mut event, Some(Text::new(text.to_owned())));
    match event.kind {
        Kind::Message(message) => (message, left_out),
        _ => unreachable!("it stays a message"),
    }
}

fn written(text: &str) -> Message {
    message_of(Author::Customer, text).0
}

fn sentiment_of(text: &str) -> Sentiment {
    written(text).sentiment
}

#[test]
fn topics_are_found_in_any_form_of_their_words() {
    for (text, topics) in [
        ("Where are my PARCELS?!", vec!["delivery"]),
        ("proszę o zwrot pieniędzy", vec!["refund"]),
        ("o zwrocie nie slyszalem", vec!["refund"]),
        ("dostawca nie przyjechał z paczką", vec!["delivery"]),
        ("Две посылки и ни одного возврата", vec!["refund", "delivery"]),
        ("верните, я хочу вернуть свои деньги", vec![]),
        ("я хочу вернуть деньги", vec!["refund"]),
        ("про повернення коштів за посилку", vec!["refund", "delivery"]),
        ("my visa and my visas", vec!["card"]),
        ("visas", vec![]),
        ("a parcelable refundable thing", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(written(text).topics, topics, "{text}");
    }
}

#[test]
fn a_not_word_and_too_few_words_keep_a_topic_away() {
    assert_eq!(written("refund of a gift card").topics, [""; 0]);
    assert_eq!(written("cancel, cancel, cancel").topics, [""; 0]);
    assert_eq!(written("I cancel, your competitor is good").topics, ["churn"]);
}

#[test]
fn complaints_are_recognised_and_praise_is_not_one() {
    for text in [
        "I want to file a complaint",
        "You charged me twice!",
        "Składam reklamację, paczka nie dotarła",
        "nikt nie odpowiada od tygodnia",
        "Буду жаловаться в Роспотребнадзор",
        "Сколько можно ждать? Верните деньги",
        "ніхто не відповідає, поверніть гроші",
        "Хочу поскаржитись на кур'єра",
    ] {
        let message = written(text);
        assert!(message.complaint && !message.spam, "{text}");
    }
    for text in [
        "Thanks, it works now",
        "no complaints at all, thank you",
        "Dziękuję za szybką pomoc",
        "Спасибо, жалоб нет",
        "Дякую, все працює",
        "When do you open?",
        "Какой у вас адрес?",
    ] {
        assert!(!written(text).complaint, "{text}");
    }
}

#[test]
fn spam_needs_an_unmistakable_phrase_or_several_signs() {
    for text in [
        "Best online casino, free spins!",
        "Click here: https://x.example, bitcoin profit",
        "Łatwy zarobek bez wychodzenia z domu",
        "Заработок в интернете, пишите в лс",
        "Накрутка підписників дешево",
    ] {
        assert!(written(text).spam, "{text}");
    }
    for text in [
        "My discount code does not work, see https://shop.example",
        "Gdzie jest mój rabat?",
        "Почему не начислили бонус по акции?",
        "Do you take bitcoin?",
    ] {
        assert!(!written(text).spam, "{text}");
    }
}

#[test]
fn sentiment_is_heard_with_its_negations() {
    for text in [
        "Thank you so much, excellent service",
        "not bad at all",
        "Super, dziękuję!",
        "Bardzo zadowolona z obsługi",
        "Спасибо большое, всё отлично",
        "очень довольна обслуживанием",
        "Щиро дякую, все чудово",
        "👍👍",
        "ok :)",
    ] {
        assert_eq!(sentiment_of(text), Sentiment::Positive, "{text}");
    }
    for text in [
        "this is not good",
        "I am not very happy",
        "Terrible. Worst support ever",
        "nie działa, dziękuję",
        "Nie jestem zadowolona",
        "To jest kpina i złodziejstwo",
        "Я не доволен",
        "не работает спасибо",
        "Ужасное обслуживание",
        "Я не задоволена",
        "Жахливий сервіс 😡",
    ] {
        assert_eq!(sentiment_of(text), Sentiment::Negative, "{text}");
    }
    for text in ["When do you open?", "Gdzie jest sklep", "Какой адрес", "problem"] {
        assert_eq!(sentiment_of(text), Sentiment::Neutral, "{text}");
    }
    for text in [
        "Good morning, when do you open? Best regards, Tom",
        "Dzień dobry, gdzie jest sklep? Czekam na odpowiedź. Miłego dnia",
        "Добрый день! Какой у вас адрес? Жду ответа. Всего хорошего",
        "Доброго дня, яка адреса магазину? З повагою",
    ] {
        assert_eq!(sentiment_of(text), Sentiment::Neutral, "greetings say nothing: {text}");
    }
    assert_eq!(sentiment_of("123-456"), Sentiment::Unknown);
}

#[test]
fn the_networks_own_word_on_sentiment_and_language_stands() {
    let message = Message {
        author: Author::Customer,
        sentiment: Sentiment::Positive,
        language: Some("de".into()),
        ..Message::default()
    };
    let mut told = event(Kind::Message(message));
    enricher().enrich(&mut told, Some(Text::new("schrecklich, IBAN falsch".into())));
    let Kind::Message(message) = told.kind else { unreachable!("it stays a message") };
    assert_eq!(message.sentiment, Sentiment::Positive);
    assert_eq!(message.language.as_deref(), Some("de"));
    assert_eq!(message.topics, ["card"]);
}

#[test]
fn only_customers_and_peers_are_looked_at() {
    let text = "I want a refund, this is terrible, complaint";
    for author in [Author::Agent, Author::Bot, Author::System] {
        let (message, _) = message_of(author, text);
        assert_eq!(message, Message { author, ..Message::default() });
    }
    assert_eq!(message_of(Author::Peer, text).0.topics, ["refund"]);

    let mut mention = event(Kind::Mention(Mention::default()));
    enricher().enrich(&mut mention, Some(Text::new(text.into())));
    let Kind::Mention(mention) = mention.kind else { unreachable!("it stays a mention") };
    assert_eq!(mention.topics, ["refund"]);
    assert_eq!(mention.sentiment, Sentiment::Negative);
}

#[test]
fn a_message_without_a_text_stays_as_it_was() {
    let before = event(Kind::Message(Message { author: Author::Customer, ..Message::default() }));
    let mut after = before.clone();
    assert_eq!(enricher().enrich(&mut after, None), LeftOut::default());
    assert_eq!(after, before);
}

#[test]
fn limits_cut_texts_and_tags_and_say_so() {
    let long = format!("{}refund", "ы ".repeat(200));
    let (message, left_out) = message_of(Author::Customer, &long);
    assert_eq!(message.topics, [""; 0]);
    assert!(left_out.text_cut);

    let (message, left_out) = message_of(Author::Customer, "refund of parcel by iban and visa");
    assert_eq!(message.topics, ["refund", "delivery"]);
    assert_eq!(left_out, LeftOut { text_cut: false, tags: 1 });
}

#[test]
fn a_site_can_replace_the_shipped_lexicons() {
    let text = "[shipped]\ncomplaint = false\nspam = false\nsentiment = false\n\
                [[complaint]]\nen = ['outrage']\n[sentiment.en]\npositive = ['meh']\n";
    let enricher = enricher();
    enricher.put(Rules::parse(text, "topics.toml").unwrap_or_else(|bad| panic!("{bad}")));
    let (seen, _) = enricher.look("online casino, I want to complain, terrible", None);
    assert!(!seen.complaint && !seen.spam);
    assert_eq!(seen.sentiment, Sentiment::Neutral);
    let (seen, _) = enricher.look("an outrage, meh", None);
    assert!(seen.complaint);
    assert_eq!(seen.sentiment, Sentiment::Positive);
}

#[test]
fn all_that_is_wrong_with_a_file_is_said_at_once() {
    let text = "[[topic]]\ntag = 'a'\nen = ['ok', '***']\npl = ['zw*rot']\nmin = 5\n\
                [[spam]]\nnot = ['x']\n[sentiment.ru]\nneutral = ['!']\n";
    let problems = Rules::parse(text, "topics.toml").err().expect("bad").to_string();
    expect_test::expect![[r#"
        topics.toml:1: topic.a.min: 5 of 3 words can never be there; expected as many as words, or less
        topics.toml:3: topic.a: found "***"; expected `*` at the end of a word of at least 3 characters
        topics.toml:4: topic.a: found "zw*rot"; expected `*` at the end of a word of at least 3 characters
        topics.toml:6: spam.1: a rule without words; expected words under en, pl, ru, uk or all
        topics.toml:9: sentiment: found "!"; expected a word with a letter, a digit or an emoji
        5 problems"#]].assert_eq(&problems);
}

#[test]
fn the_shipped_lexicons_and_the_example_are_in_order() {
    let shipped = Rules::shipped().unwrap_or_else(|bad| panic!("{bad}"));
    assert_eq!(shipped.topics(), 0);
    assert!(shipped.words() > 2000, "{}", shipped.words());
    let example = include_str!("../../../topics.example.toml");
    let rules = Rules::parse(example, "topics.example.toml").unwrap_or_else(|bad| panic!("{bad}"));
    assert!(rules.topics() >= 5);
}

#[test]
fn an_explanation_names_the_words() {
    let rules = Rules::parse(RULES, "topics.toml").unwrap_or_else(|bad| panic!("{bad}"));
    let explained = explain(&rules, "Nie działa! Zwrot pieniędzy, proszę", Some("pl"), "en");
    let topic =
        RuleWords { name: "refund".into(), words: vec!["zwrot".into(), "zwrot pieniedzy".into()] };
    assert_eq!(explained.topics, [topic]);
    assert_eq!(explained.complaint[0].words, ["nie dziala"]);
    assert_eq!(explained.languages, ["en", "pl"]);
    assert_eq!(explained.sentiment, Sentiment::Negative);
    assert_eq!(explained.tones[0].word, "nie dziala");
}
