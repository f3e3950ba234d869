//! What texts show, and what is refused. The texts expected here are those that `promtool test
//! rules` shows for the same template.

use super::evaluate::LENGTH_MAX;
use super::parse::DEPTH_MAX;
use super::*;

/// Annotations that ship, some of them shortened: each kind of action that the shipped rules use is
/// in one of them. The second text is what is shown for the alert of [`rendered`].
const ANNOTATIONS: [(&str, &str); 10] = [
    (
        r#"At the pace of the last six hours nothing is left of the room for the state folder tomorrow{{ with printf "min(tablica_state_free_bytes{job=%q,instance=%q})" $labels.job $labels.instance | query }}; {{ . | first | value | humanize1024 }}B are left now{{ end }}. A journal that cannot be written refuses every event."#,
        "At the pace of the last six hours nothing is left of the room for the state folder \
         tomorrow; 1.5GiB are left now. A journal that cannot be written refuses every event.",
    ),
    (
        r#"{{ $value | humanizePercentage }} of the contacts were in time{{ with printf "max(tablica_queue_goal_ratio{queue=%q})" $labels.queue | query }}, the goal is {{ . | first | value | humanizePercentage }}{{ end }}{{ with printf "sum(tablica_waiting{queue=%q})" $labels.queue | query }}, and {{ . | first | value | humanize }} are waiting now{{ end }}."#,
        "81.23% of the contacts were in time, the goal is 80%.",
    ),
    (
        r#"has run out for {{ $value }} contacts that are still open{{ with printf "topk(1, sum by (channel, queue) (tablica_policy_clocks{state=\"breached\", policy=%q}))" $labels.policy | query }}, most of them in queue {{ . | first | label "queue" }} on {{ . | first | label "channel" }}{{ end }}."#,
        "has run out for 0.81234 contacts that are still open, most of them in queue Orders on mail.",
    ),
    (
        r#"{{ with printf "time() - max(tablica_channel_last_event_timestamp_seconds{channel=%q})" $labels.channel | query }}: its last event came {{ . | first | value | humanizeDuration }} ago{{ end }}"#,
        "",
    ),
    (
        r#"{{ with printf "sum(tablica_journal_events_missing_total{job=%q,instance=%q})" $labels.job $labels.instance | query }}{{ . | first | value | humanize }}{{ end }} events"#,
        " events",
    ),
    (
        "Screen {{ $labels.screen }} shows an old picture of {{ $labels.board }}",
        "Screen  shows an old picture of ",
    ),
    (
        "{{ $labels.queue }}: a caller has waited for {{ $value | humanizeDuration }}",
        "Übersee & \"VIP\": a caller has waited for 812.3ms",
    ),
    (
        "{{ $value | humanize }} inputs could not be decoded. `tablica access` shows who.",
        "812.3m inputs could not be decoded. `tablica access` shows who.",
    ),
    (
        "{{ $externalLabels.grafana_url }}/d/tablica-server",
        "https://grafana.example/d/tablica-server",
    ),
    (
        "/d/tablica-queue?var-job={{ $labels.job | urlquery }}&var-queue={{ $labels.queue | urlquery }}",
        "/d/tablica-queue?var-job=tablica&var-queue=%C3%9Cbersee+%26+%22VIP%22",
    ),
];

fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What a template shows when the rule returned this value.
fn rendered(template: &str, value: f64) -> Result<String, TextError> {
    let own = labels(&[
        ("job", "tablica"),
        ("instance", "wall:9464"),
        ("queue", "Übersee & \"VIP\""),
        ("policy", "mail"),
        ("size", "1234567.5"),
    ]);
    let external = labels(&[("grafana_url", "https://grafana.example")]);
    let about = About { labels: &own, value, external: &external };
    let answer = |value, pairs: &[(&str, &str)]| Ok(vec![Sample { labels: labels(pairs), value }]);
    Text::parse(template)?.render(&about, &mut |expression| match expression {
        r#"min(tablica_state_free_bytes{job="tablica",instance="wall:9464"})"# => {
            answer(1_610_612_736.0, &[])
        }
        r#"max(tablica_queue_goal_ratio{queue="Übersee & \"VIP\""})"# => answer(0.8, &[]),
        r#"topk(1, sum by (channel, queue) (tablica_policy_clocks{state="breached", policy="mail"}))"# => {
            answer(3.0, &[("channel", "mail"), ("queue", "Orders")])
        }
        "one" => answer(1.0, &[("queue", "Orders")]),
        "zero" => answer(0.0, &[]),
        "bad" => Err("unexpected end".to_owned()),
        _ => Ok(Vec::new()),
    })
}

/// What a template shows.
fn shown(template: &str) -> String {
    rendered(template, 1_234_567.0).unwrap_or_else(|error| panic!("{template}: {error}"))
}

/// What a template shows for each value.
fn each(template: &str, values: &[f64]) -> String {
    let texts = values.iter().map(|value| rendered(template, *value).unwrap());
    texts.collect::<Vec<_>>().join(" | ")
}

#[test]
fn annotations_that_ship_are_rendered() {
    for (template, expected) in ANNOTATIONS {
        assert_eq!(rendered(template, 0.81234).as_deref(), Ok(expected), "{template}");
    }
}

#[test]
fn text_and_variables_are_shown() {
    assert_eq!(shown(""), "");
    assert_eq!(shown("plain } { }} text"), "plain } { }} text");
    assert_eq!(shown("{{ $labels.job }}{{$labels.missing}}{{ $externalLabels.no }}."), "tablica.");
    assert_eq!(shown("{{ $value }}"), "1.234567e+06");
}

#[test]
fn numbers_are_shown_as_go_shows_them() {
    let values = [0.0, -0.0, 1.0, -2.5, 100_000.0, 999_999.0, 1e6, 123_456_789.0, 1e21, 0.0001];
    let expected = "0 | -0 | 1 | -2.5 | 100000 | 999999 | 1e+06 | 1.23456789e+08 | 1e+21 | 0.0001";
    assert_eq!(each("{{ $value }}", &values), expected);
    let values = [0.000_012, 5e-324, f64::MAX, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let expected = "1.2e-05 | 5e-324 | 1.7976931348623157e+308 | NaN | +Inf | -Inf";
    assert_eq!(each("{{ $value }}", &values), expected);
    // Exactly between two numbers of 17 digits: the even one.
    assert_eq!(each("{{ $value }}", &[649_936_470_582_521.0 + 0.25]), "6.499364705825212e+14");
    assert_eq!(each("{{ $value }}", &[-118_972_179_778_137.0 - 0.125]), "-1.1897217977813712e+14");
}

#[test]
fn humanize_uses_prefixes_of_1000_or_1024() {
    let values = [0.0, 1.0, -1.0, 1_234_567.0, 0.12, 999.95, 1000.0, 1e-25, 1e30, 9_999_600.0];
    let expected = "0 | 1 | -1 | 1.235M | 120m | 1000 | 1k | 0.1y | 1e+06Y | 10M";
    assert_eq!(each("{{ $value | humanize }}", &values), expected);
    // Half of the last digit that is shown goes to the even one.
    assert_eq!(each("{{ $value | humanize }}", &[100.25, 100.75]), "100.2 | 100.8");
    let values = [0.0, 1.0, -1.0, 1_048_576.0, 0.12, 1023.0, 1024.0, 1_234_567.0, 1e-9, -2048.0];
    let expected = "0 | 1 | -1 | 1Mi | 0.12 | 1023 | 1ki | 1.177Mi | 1e-09 | -2ki";
    assert_eq!(each("{{ $value | humanize1024 }}", &values), expected);
    for style in ["humanize", "humanize1024", "humanizeDuration"] {
        let template = format!("{{{{ $value | {style} }}}}");
        let values = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        assert_eq!(each(&template, &values), "+Inf | -Inf | NaN", "{style}");
    }
}

#[test]
fn durations_and_percentages_are_readable() {
    let template = "{{ $value | humanizeDuration }}";
    let values = [0.0, 1.0, 60.0, 3600.0, 86_400.0, 90_000.0, -183_845.0, 899.99, 1_234_567.0];
    let expected = "0s | 1s | 1m 0s | 1h 0m 0s | 1d 0h 0m 0s | 1d 1h 0m 0s | -2d 3h 4m 5s | \
        14m 59s | 14d 6h 56m 7s";
    assert_eq!(each(template, &values), expected);
    let values = [0.1, 0.0001, 0.12345, 60.5, 1.2345, 12.345, 59.9999, -0.5, -1.5];
    let expected = "100ms | 100us | 123.5ms | 1m 0s | 1.234s | 12.35s | 60s | -500ms | -1.5s";
    assert_eq!(each(template, &values), expected);
    // What Prometheus shows here depends on the processor.
    assert_eq!(each(template, &[1e300]), "106751991167300d 15h 30m 7s");
    let values = [-0.22222, 0.0, 0.123_456_7, 1.23456, 1_234_567.0, f64::NAN, f64::INFINITY];
    let expected = "-22.22% | 0% | 12.35% | 123.5% | 1.235e+08% | NaN% | +Inf%";
    assert_eq!(each("{{ $value | humanizePercentage }}", &values), expected);
}

#[test]
fn strings_may_be_numbers() {
    assert_eq!(shown("{{ $labels.size | humanize }}"), "1.235M");
    for (text, expected) in [
        ("0.0", "0"),
        (".12", "120m"),
        ("1.", "1"),
        ("+1e3", "1k"),
        ("1_23.50_0e+1_0", "1.235T"),
        ("1e-400", "0"),
        ("-inf", "-Inf"),
        ("Infinity", "+Inf"),
        ("nan", "NaN"),
    ] {
        assert_eq!(shown(&format!("{{{{ humanize `{text}` }}}}")), expected, "{text}");
    }
    for text in ["one", "", "1 ", "_1", "1__0", "1_.5", "1e", "1e400", "+nan", "infin", "0x1p4"] {
        let error = rendered(&format!("{{{{ `{text}` | humanizeDuration }}}}"), 0.0).unwrap_err();
        let found = text.to_owned();
        assert_eq!(error, TextError::NotNumber { function: "humanizeDuration", found });
    }
}

#[test]
fn functions_take_arguments_and_what_is_piped() {
    let expected = r#""Übersee & \"VIP\"" % a 1.234567e+06"#;
    assert_eq!(shown("{{ printf `%q %% %s %v` $labels.queue \"a\" $value }}"), expected);
    assert_eq!(shown("{{ $labels.job | printf \"[%s %q]\" `x` }}"), "[x \"tablica\"]");
    assert_eq!(shown("{{ $value|humanize|urlquery }}"), "1.235M");
    assert_eq!(shown("{{ urlquery $value }}"), "1.234567e%2B06");
    assert_eq!(
        shown("{{ query \"one\" | first | label \"queue\" | printf \"%q\" }}"),
        "\"Orders\""
    );
    assert_eq!(shown("{{ query \"one\" | first | label \"no\" }}"), "");
    assert_eq!(shown("{{ \"aZ09-_.~ /?é\" | urlquery }}"), "aZ09-_.~+%2F%3F%C3%A9");
    // What cannot be seen is escaped, a mark is not, also not at the beginning.
    assert_eq!(
        shown(
            r#"{{ "\u0301\a\b\f\n\r\t\v\x00\x7f\"'\\\u00a0\u00e9\u2028\U0001F600\U000E0001" | printf "%q" }}"#
        ),
        "\"\u{301}\\a\\b\\f\\n\\r\\t\\v\\x00\\x7f\\\"'\\\\\\u00a0é\\u2028😀\\U000e0001\""
    );
}

#[test]
fn with_and_if_choose() {
    assert_eq!(
        shown("{{ with query \"one\" }}{{ . | first | value }}{{ else }}none{{ end }}"),
        "1"
    );
    assert_eq!(shown("{{ with query \"nothing\" }}a{{ else }}none{{ end }}"), "none");
    assert_eq!(shown("{{ if $labels.no }}a{{ end }}{{ if $labels.job }}b{{ end }}"), "b");
    let zero =
        "{{ with query \"zero\" }}list{{ with first . | value }}a{{ else }}, 0{{ end }}{{ end }}";
    assert_eq!(shown(zero), "list, 0");
    assert_eq!(each("{{ if $value }}y{{ else }}n{{ end }}", &[0.0, -0.0, f64::NAN]), "n | n | y");
    let nested = "{{ with \"a\" }}{{ with \"b\" }}{{ . }}{{ if `c` }}{{ . }}{{ end }}{{ end }}{{ . }}\
        {{ with \"\" }}x{{ else }}{{ . }}{{ end }}{{ end }}";
    assert_eq!(shown(nested), "bbaa");
    // What is not chosen is not evaluated.
    assert_eq!(shown("{{ if `` }}{{ query `bad` | first | value }}{{ end }}."), ".");
}

#[test]
fn spaces_are_trimmed_where_it_is_said() {
    assert_eq!(shown("a \n\t {{- \"b\" -}} \r\n c"), "abc");
    assert_eq!(shown("a {{- \"b\"}} c {{\"d\" -}} e {{-\n`f`\n-}} "), "ab c def");
    assert_eq!(shown("{{ if `x` -}} a {{- else -}} b {{- end -}} c"), "ac");
    assert_eq!(shown("\u{a0}{{- `b` -}}\u{a0}"), "\u{a0}b\u{a0}");
    assert_eq!(shown("{{`b`}}-}} {{ `}}{{` }}"), "b-}} }}{{");
}

#[test]
fn strings_are_read_as_go_reads_them() {
    assert_eq!(shown(r#"{{ "\a\b\f\n\r\t\v\\\"" }}"#), "\x07\x08\x0c\n\r\t\x0b\\\"");
    assert_eq!(shown(r#"{{ "\x41\101\u00e9\U0001F600\xc3\xa9\303\251" }}"#), "AAé😀éé");
    assert_eq!(shown("{{ `a\\n\r\n\"` }}"), "a\\n\n\"");
}

#[test]
fn what_is_not_understood_is_refused_when_it_is_parsed() {
    for (template, at) in [
        ("{{", 3),
        ("ü {{ $value", 12),
        ("{{ \"a }}", 9),
        ("{{ `a }}", 9),
        ("{{ \"a\n\" }}", 6),
        ("{{ \"a\\z\" }}", 6),
        ("{{ \"\\400\" }}", 5),
        ("{{ \"\\ud800\" }}", 5),
        ("{{ \"\\xff\" }}", 4),
        ("{{ }}", 4),
        ("{{-}}", 3),
        ("{{ $value-}}", 10),
        ("{{ $value } }}", 11),
        ("{{ \"a\"\"b\" }}", 7),
        ("{{ \"a\" \"b\" }}", 8),
        ("{{ printf\"a\" }}", 10),
        ("{{ 1 }}", 4),
        ("{{ -1.5 | humanize }}", 4),
        ("{{ true }}", 4),
        ("{{ (humanize $value) }}", 4),
        ("{{/* no */}}", 3),
        ("{{ \u{a0}$value }}", 4),
        ("{{ . }}", 4),
        ("{{ if $value }}{{ . }}{{ end }}", 19),
        ("{{ .Value }}", 4),
        ("{{ $labels }}", 4),
        ("{{ $labels.job.x }}", 4),
        ("{{ $labels.1 }}", 4),
        ("{{ $labels.é }}", 4),
        ("{{ $externalURL }}", 4),
        ("{{ $x := $value }}", 4),
        ("{{ range $value }}{{ end }}", 1),
        ("{{ toUpper \"a\" }}", 4),
        ("{{ \"a\" | }}", 10),
        ("{{ | urlquery }}", 4),
        ("{{ \"a\" || urlquery }}", 9),
        ("{{ \"a\" | $value }}", 10),
        ("{{ query humanize }}", 10),
        ("{{ humanize }}", 4),
        ("{{ \"a\" | urlquery \"b\" }}", 10),
        ("{{ query \"one\" }}", 1),
        ("{{ query \"one\" | first }}", 1),
        ("{{ query \"one\" | humanize }}", 18),
        ("{{ $value | query }}", 13),
        ("{{ \"one\" | first }}", 12),
        ("{{ query \"one\" | value }}", 18),
        ("{{ query \"one\" | first | label $value }}", 32),
        ("{{ printf }}", 4),
        ("{{ printf $labels.job }}", 11),
        ("{{ printf \"%d\" $value }}", 11),
        ("{{ printf \"%\" }}", 11),
        ("{{ printf \"%s\" $value }}", 16),
        ("{{ printf \"%q\" $value }}", 16),
        ("{{ printf \"%v\" }}", 4),
        ("{{ printf \"a\" $value }}", 4),
        ("{{ end }}", 1),
        ("{{ if $value }}", 16),
        ("{{ if }}{{ end }}", 7),
        ("{{ if $value }}{{ end x }}", 23),
        ("{{ if $value }}{{ else if $value }}{{ end }}", 24),
        ("{{ if $value }}{{ else }}{{ else }}{{ end }}", 26),
    ] {
        match Text::parse(template) {
            Err(TextError::Template { at: found, .. }) => assert_eq!(found, at, "{template}"),
            other => panic!("{template}: {other:?}"),
        }
    }
}

#[test]
fn errors_say_what_is_found_and_what_may_stand_there() {
    for (template, expected) in [
        (
            "{{ $labels.job | upper }}",
            "at character 18: found `upper`, expected one of the functions `humanize`, \
             `humanize1024`, `humanizeDuration`, `humanizePercentage`, `urlquery`, `query`, `first`, \
             `value`, `label` or `printf`",
        ),
        (
            "{{ query \"one\" | value }}",
            "at character 18: found a list of samples, expected a sample, as `first` returns it",
        ),
        (
            "{{ with $value }}",
            "at character 18: found the end of the template, expected `{{ end }}` of the `with` at \
             character 1",
        ),
        (
            "{{ query `nothing` | first | value }}",
            "`first` found an empty list, expected a list with at least one sample",
        ),
        ("{{ query `bad` | first | value }}", "the query `bad` failed: unexpected end"),
        (
            "{{ $labels.job | humanize }}",
            "`humanize` found the string \"tablica\", expected a number or a decimal number as a \
             string, for example \"1.5\"",
        ),
    ] {
        assert_eq!(rendered(template, 0.0).unwrap_err().to_string(), expected, "{template}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = |depth: usize| "{{ with `a` }}".repeat(depth) + "b" + &"{{ end }}".repeat(depth);
    assert_eq!(shown(&deep(DEPTH_MAX)), "b");
    assert!(matches!(Text::parse(&deep(DEPTH_MAX + 1)), Err(TextError::Template { .. })));
    assert!(matches!(Text::parse(&deep(100_000)), Err(TextError::Template { .. })));
    let doubled = format!("{{{{ `\"` {} }}}}", "| printf `%q`".repeat(100));
    assert_eq!(rendered(&doubled, 0.0), Err(TextError::TooLong { max: LENGTH_MAX }));
    let long = "a".repeat(LENGTH_MAX);
    assert_eq!(shown(&long), long);
    assert_eq!(rendered(&(long + "b"), 0.0), Err(TextError::TooLong { max: LENGTH_MAX }));
}

#[test]
fn no_template_panics() {
    for (template, _) in ANNOTATIONS.iter().take(3) {
        for (at, letter) in template.char_indices() {
            let (before, after) = template.split_at(at);
            let after = after.strip_prefix(letter).unwrap();
            for other in ["", "{{", "}", "\"", "\\", "`", "$", ".", "é", " -"] {
                let _ = rendered(&format!("{before}{other}"), 1.0);
                let _ = rendered(&format!("{before}{other}{after}"), 1.0);
            }
        }
    }
}
