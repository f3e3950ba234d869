//! What is right and wrong in a config, and in which words it is said.

use super::model::{PublicUrl, Secret};
use super::*;

fn environment(settings: &[(&str, &str)], variables: &[(&str, &str)]) -> Environment {
    let own = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
    };
    let variables = own(variables).into_iter().collect();
    Environment { settings: own(settings), variables, ..Environment::default() }
}

fn load(text: &str, environment: &Environment) -> Result<Config, Problems> {
    load_text(text, "tablica.toml", PathBuf::from("/etc/tablica"), environment)
}

fn problems(text: &str, environment: &Environment) -> String {
    load(text, environment).expect_err("the config is wrong").to_string()
}

#[test]
fn no_file_means_the_documented_defaults() {
    let config = load_with(None, &Environment::default()).expect("defaults are valid");
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.state_dir, Path::new("./state"));
    assert_eq!(units::format_duration(config.journal.keep), "35d");
    assert!(config.channels.is_empty());
}

#[test]
fn a_variable_wins_over_the_file_and_its_mistakes_name_it() {
    let good = environment(&[("server.listen", "0.0.0.0:80"), ("queue.sales_pl.goal", "0.9")], &[]);
    let config =
        load("[server]\nlisten = '127.0.0.1:1'\n[queue.Sales-PL]\n", &good).expect("valid");
    assert_eq!(config.server.listen.to_string(), "0.0.0.0:80");
    assert_eq!(config.queues.rules("Sales-PL").goal, 0.9);

    let bad = environment(&[("server.lisen", "x")], &[]);
    assert_eq!(
        problems("", &bad),
        "$TABLICA_SERVER__LISEN: server.lisen: unknown key; did you mean `listen`?\n1 problem"
    );
}

#[test]
fn numbers_of_variables_are_texts_where_a_text_is_wanted() {
    let config = load("", &environment(&[("site.name", "24")], &[])).expect("valid");
    assert_eq!(config.site.name, "24");
}

#[test]
fn secrets_come_from_variables_files_and_credentials_and_are_never_shown() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("old"), "from-file\n").expect("write");
    std::fs::write(folder.path().join("cred"), "from-credential").expect("write");
    let environment = environment(
        &[],
        &[
            ("TG", "from-variable"),
            ("CREDENTIALS_DIRECTORY", folder.path().to_str().expect("utf-8")),
        ],
    );
    let text = format!(
        "[channel.tg]\nplugin = 'telegram'\nsecret = [{{ env = 'TG' }}, {{ file = '{}/old' }}]\n\
         grant_secrets.token = {{ credential = 'cred' }}\n",
        folder.path().display()
    );
    let config = load(&text, &environment).expect("valid");
    let channel = &config.channels["tg"];
    let values: Vec<&[u8]> = channel.secrets.iter().map(model::Secret::expose).collect();
    assert_eq!(values, [b"from-variable".as_slice(), b"from-file".as_slice()]);
    assert_eq!(channel.grant_secrets["token"].expose(), b"from-credential");
    let shown = format!("{config:?}");
    assert!(!shown.contains("from-"), "{shown}");
}

#[test]
fn a_literal_secret_is_refused_without_being_repeated() {
    let said = problems(
        "[channel.tg]\nplugin = 'telegram'\nsecret = 'hunter2'\n",
        &Environment::default(),
    );
    assert!(
        said.contains("tablica.toml:3: channel.tg.secret: the secret itself stands here"),
        "{said}"
    );
    assert!(!said.contains("hunter2"));
}

#[test]
fn a_queue_takes_what_it_does_not_say_from_the_default_queue() {
    let text =
        "[queue_default]\ngoal = 0.9\ntitle = 'Rest'\n[queue.Sales]\nanswer_threshold = '30s'\n";
    let queues = load(text, &Environment::default()).expect("valid").queues;
    assert_eq!(queues.rules("Sales").goal, 0.9);
    assert_eq!(queues.rules("Sales").answer_threshold.as_secs(), 30);
    assert_eq!(queues.rules("Sales").title, None);
    assert_eq!(queues.rules("Other").title.as_deref(), Some("Rest"));
}

#[test]
fn calendars_know_weekdays_ranges_nights_holidays_and_special_days() {
    let text = "[site]\ntime_zone = 'Europe/Kyiv'\n[calendar.office]\n\
                holidays = ['2026-12-25', 2026-12-26]\nspecial = { 2026-12-24 = '09:00-13:00' }\n\
                [calendar.office.hours]\nfri = '09:00-15:30'\nmon-fri = '09:00-18:00'\n\
                sat-sun = ['21:00-02:00', '08:00-24:00']\n[calendar.open]\ntime_zone = 'UTC'\n";
    let calendars = load(text, &Environment::default()).expect("valid").calendars;
    let office = &calendars["office"];
    assert_eq!(office.time_zone.iana_name(), Some("Europe/Kyiv"));
    let minutes = |spans: &[model::Span]| -> Vec<(u16, u16)> {
        spans.iter().map(|span| (span.opens_min, span.closes_min)).collect()
    };
    assert_eq!(minutes(&office.hours[0]), [(540, 1080)]);
    assert_eq!(minutes(&office.hours[4]), [(540, 930)], "a day by itself goes first");
    assert_eq!(minutes(&office.hours[6]), [(1260, 1560), (480, 1440)]);
    let exceptions: Vec<(String, usize)> =
        office.exceptions.iter().map(|(date, spans)| (date.to_string(), spans.len())).collect();
    let expected = [("2026-12-24", 1), ("2026-12-25", 0), ("2026-12-26", 0)];
    assert_eq!(exceptions, expected.map(|(date, spans)| (date.to_owned(), spans)));
    assert_eq!(calendars["open"], model::Calendar::always(jiff::tz::TimeZone::UTC));
}

#[test]
fn a_queue_can_do_without_the_calendar_of_the_default_queue() {
    let text = "[calendar.office]\n[queue_default]\ncalendar = 'office'\n[queue.a]\n\
                [queue.b]\ncalendar = 'always'\n";
    let queues = load(text, &Environment::default()).expect("valid").queues;
    let calendars = ["a", "b", "c"].map(|queue| queues.rules(queue).calendar.as_deref());
    assert_eq!(calendars, [Some("office"), None, Some("office")]);
}

#[test]
fn a_policy_says_little_and_means_all() {
    let text = "[policy.reply]\nclock = 'next_response'\ntarget = '4h'\n[policy.public]\n\
                kinds = ['post', 'comment']\npriorities = ['urgent']\npublic = true\n\
                clock = 'resolution'\ntarget = '1h'\nwarn = 0.5\ngoal = 1\n";
    let policies = load(text, &Environment::default()).expect("valid").policies;
    let reply = model::Policy {
        title: None,
        channels: Vec::new(),
        queues: Vec::new(),
        kinds: Vec::new(),
        priorities: Vec::new(),
        public: None,
        complaints: false,
        clock: model::Clock::NextResponse,
        from: model::PolicyFrom::Opening,
        target: std::time::Duration::from_secs(4 * 3600),
        calendar: None,
        warn: 0.75,
        goal: 0.8,
    };
    assert_eq!(policies["reply"], reply);
    let public = &policies["public"];
    assert_eq!(public.kinds, [crate::event::Medium::Post, crate::event::Medium::Comment]);
    assert_eq!((public.public, public.warn, public.goal), (Some(true), 0.5, 1.0));
}

#[test]
fn a_policy_can_count_from_the_arrival_in_its_queues() {
    let text = "[policy.second]\nqueues = ['second']\nfrom = 'arrival'\nclock = 'answer'\n\
                target = '1m'\n[policy.first]\nfrom = 'opening'\nclock = 'answer'\ntarget = '1m'\n";
    let policies = load(text, &Environment::default()).expect("valid").policies;
    assert_eq!(policies["second"].from, model::PolicyFrom::Arrival);
    assert_eq!(policies["first"].from, model::PolicyFrom::Opening);
}

#[test]
fn people_are_named_by_channel_and_name() {
    let text = "[channel.pbx]\nplugin = 'asterisk-queuelog'\n[channel.desk]\nplugin = 'webform'\n\
                [agents.people]\nAnna = ['pbx:SIP/101', 'desk: 8812']\nOla = 'pbx:Local/7@q:1'\n\
                Piotr = ['pbx:8812', 'pbx:SIP/102']\n";
    let people = load(text, &Environment::default()).expect("valid").agents.people;
    let people: Vec<(&str, Vec<(&str, &str)>)> = people
        .iter()
        .map(|(person, agents)| {
            let agents = agents.iter().map(|it| (it.channel.as_str(), it.name.as_str()));
            (person.as_str(), agents.collect())
        })
        .collect();
    let expected = [
        ("Anna", vec![("pbx", "SIP/101"), ("desk", "8812")]),
        ("Ola", vec![("pbx", "Local/7@q:1")]),
        ("Piotr", vec![("pbx", "8812"), ("pbx", "SIP/102")]),
    ];
    assert_eq!(people, expected);
}

#[test]
fn lengths_of_contacts_and_wrap_up_have_defaults_and_can_be_set() {
    let lengths = |text: &str| {
        let config = load(text, &Environment::default()).expect("valid");
        let contacts = &config.contacts;
        let lengths = [contacts.reopen_within, contacts.call_max, contacts.callback_within];
        lengths.map(units::format_duration)
    };
    assert_eq!(lengths(""), ["30d", "12h", "1d"]);
    let set = "[contacts]\nreopen_within = '3d'\ncall_max = '2h'\ncallback_within = '90m'\n";
    assert_eq!(lengths(set), ["3d", "2h", "1h30m"]);
    // What the operator did not write is no mistake of theirs.
    assert_eq!(lengths("[contacts]\nlost_after = '6h'\n"), ["30d", "6h", "6h"]);
    assert_eq!(lengths("[contacts]\nlost_after = '6h'\ncall_max = '6h'\n"), ["30d", "6h", "6h"]);

    let text = "[queue.a]\n[queue.b]\nwrap_up_max = '3m'\n";
    let queues = load(text, &Environment::default()).expect("valid").queues;
    let maxima = ["a", "b", "c"].map(|name| units::format_duration(queues.rules(name).wrap_up_max));
    assert_eq!(maxima, ["30m", "3m", "30m"]);
    let queues = load("[queue_default]\nwrap_up_max = '1m'\n[queue.a]\n", &Environment::default());
    assert_eq!(queues.expect("valid").queues.rules("a").wrap_up_max.as_secs(), 60);
}

#[test]
fn a_channel_tells_what_its_plugin_says_unless_the_operator_does() {
    use crate::event::KindName;
    let text = "[channel.a]\nplugin = 'webform'\n[channel.b]\nplugin = 'webform'\n\
                tells = ['resolved', 'message', 'resolved']\n";
    let channels = load(text, &Environment::default()).expect("valid").channels;
    assert_eq!(channels["a"].tells, None);
    let told = channels["b"].tells.clone().expect("said");
    assert_eq!(told.into_iter().collect::<Vec<_>>(), [KindName::Message, KindName::Resolved]);
}

#[test]
fn a_mailbox_on_a_server_is_written_as_the_documentation_says() {
    let text = "[channel.mail]\nplugin = 'email'\nsource = 'document'\n[channel.mail.imap]\n\
                host = 'imap.example.com'\nuser = 'desk@example.com'\npassword = { env = 'MAIL' }\n";
    let environment = environment(&[], &[("MAIL", "word")]);
    let channels = load(text, &environment).expect("valid").channels;
    let imap = channels["mail"].documents.imap.clone().expect("a mailbox");
    let read = (imap.host.as_str(), imap.port, imap.user.as_str(), imap.mailbox.as_str());
    assert_eq!(read, ("imap.example.com", 993, "desk@example.com", "INBOX"));
    assert!(imap.password.is_some());
}

#[test]
fn kinds_and_priorities_are_written_as_in_events() {
    use serde_json::json;
    for (name, kind) in crate::event::Medium::ALL.map(|kind| (kind.word(), kind)) {
        assert_eq!(json!(kind), json!(name));
    }
    for (name, priority) in crate::event::Priority::ALL.map(|it| (it.word(), it)) {
        assert_eq!(json!(priority), json!(name));
    }
}

#[test]
fn shifts_begin_and_end_on_quarters_and_may_last_over_midnight() {
    let text = "[shift.late]\nstart = '14:00'\nend = '24:00'\n[shift.night]\ntitle = 'Night'\n\
                start = 22:15:00\nend = '06:00'\n";
    let shifts = load(text, &Environment::default()).expect("valid").shifts;
    let times = |name: &str| (shifts[name].start.to_string(), shifts[name].end.to_string());
    assert_eq!(times("late"), ("14:00:00".to_owned(), "00:00:00".to_owned()));
    assert_eq!(times("night"), ("22:15:00".to_owned(), "06:00:00".to_owned()));
}

#[test]
fn paths_are_relative_to_the_config_and_shipped_plugins_are_names() {
    let text =
        "[channel.a]\nplugin = 'telegram'\n[channel.b]\nplugin = 'my/b.wasm'\nfile = 'queue_log'\n";
    let config = load(text, &Environment::default()).expect("valid");
    assert_eq!(config.channels["a"].plugin, "telegram");
    assert_eq!(config.channels["b"].plugin, "/etc/tablica/my/b.wasm");
    assert_eq!(config.channels["b"].file.as_deref(), Some(Path::new("/etc/tablica/queue_log")));
    assert_eq!(config.server.state_dir, Path::new("/etc/tablica/./state"));
}

#[test]
fn a_later_check_can_name_the_line_of_a_key() {
    let config =
        load("[channel.a]\nplugin = 'telegram'\n", &Environment::default()).expect("valid");
    let located = |key| config.places.locate(Problem::about(key, "x", "y")).line;
    assert_eq!(located("channel.a.plugin"), Some(2));
    assert_eq!(located("channel.a.file"), Some(1));
    assert_eq!(located("site.name"), None);
}

#[test]
fn the_state_folder_is_found_in_a_config_whose_secrets_are_out_of_reach() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("tablica.toml");
    let text = "[server]\nstate_dir = 'data'\n[channel.tg]\nsecret = { env = 'UNSET' }\n";
    std::fs::write(&file, text).expect("write");
    let found = state_dir(Some(&file), &Environment::default()).expect("state folder");
    assert_eq!(found, folder.path().join("data"));
}

#[test]
fn a_file_that_is_not_there_is_a_problem() {
    let error = load_with(Some(Path::new("/nowhere/tablica.toml")), &Environment::default())
        .expect_err("missing");
    assert!(error.to_string().starts_with("/nowhere/tablica.toml: the file cannot be read"));
}

#[test]
fn the_example_loads_and_documents_every_key() {
    let variables =
        [("TELEGRAM_WEBHOOK_SECRET", "a"), ("TELEGRAM_BOT_TOKEN", "b"), ("SHOP_FORM_SECRET", "c")];
    let config = load(reference(), &environment(&[], &variables)).expect("the example is valid");
    assert_eq!(config.channels.len(), 3);

    // An unknown key in every section makes the loader list the keys it knows.
    let sections = [
        "site",
        "journal",
        "quarantine",
        "boards",
        "pairing",
        "annotations",
        "reports",
        "agents",
        "telemetry",
        "contacts",
        "costs",
        "topics",
    ];
    let mut text = "zz = 1\n[queue_default]\nzz = 1\n[channel.x]\nplugin = 'x'\nzz = 1\n\
                    [channel.x.limits]\nzz = 1\n\
                    [calendar.x]\nzz = 1\n[shift.x]\nstart = '06:00'\nend = '14:00'\nzz = 1\n\
                    [policy.x]\nclock = 'answer'\ntarget = '20s'\nzz = 1\n\
                    [access]\nzz = 1\n[access.oidc]\nissuer = 'https://x.example'\nclient_id = 'x'\n\
                    default_role = 'viewer'\nzz = 1\n[server]\npublic_url = 'https://x.example'\nzz = 1\n\
                    [playlist.x]\nsteps = [{ board = 'floor', zz = 1 }]\nzz = 1\n"
        .to_owned();
    for section in sections {
        text.push_str(&format!("[{section}]\nzz = 1\n"));
    }
    let problems = load(&text, &Environment::default()).expect_err("unknown keys");
    assert_eq!(problems.len(), sections.len() + 12);
    for problem in problems.iter() {
        let known = problem.expected.strip_prefix("one of ").expect("a list of keys");
        for key in known.split(", ") {
            assert!(reference().contains(key), "tablica.example.toml lacks {} {key}", problem.key);
        }
    }
}

#[test]
fn policies_have_a_limit_and_calendars_say_their_hours() {
    let policies = |count: u32| -> String {
        let policy = |number| format!("[policy.p{number:02}]\nclock = 'answer'\ntarget = '1m'\n");
        (0..count).map(policy).collect()
    };
    assert!(load(&policies(64), &Environment::default()).is_ok());
    assert_eq!(
        problems(&policies(65), &Environment::default()),
        "tablica.toml:193: policy.p64: it is policy 65 of 65; expected at most 64 policies\n\
         1 problem"
    );

    let words = |hours: &str| {
        let text = format!("[calendar.office]\ntime_zone = 'Europe/Warsaw'\n{hours}\n");
        let config = load(&text, &Environment::default()).expect("valid");
        config.calendars["office"].in_words()
    };
    assert_eq!(
        words("hours = { mon-thu = '09:00-18:00', fri = ['09:00-12:00', '21:00-02:00'] }"),
        "Mon–Thu 09:00–18:00, Fri 09:00–12:00 and 21:00–02:00, Europe/Warsaw"
    );
    assert_eq!(words(""), "daily 00:00–24:00, Europe/Warsaw");
}

#[test]
fn a_channel_knows_its_handshakes_and_how_it_is_reached() {
    let variables = [("A", "text-a"), ("B", "text-b")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let environment = Environment { variables, ..Environment::default() };
    let vk_of = |server: &str| {
        let text = format!(
            "[server]\n{server}\n[channel.vk]\nplugin = 'vk'\nverify = 'field'\n\
             [channel.vk.handshake]\none = {{ env = 'A' }}\n\
             by = {{ 77 = {{ env = 'A' }}, '*' = [{{ env = 'B' }}, {{ env = 'A' }}] }}\n"
        );
        load(&text, &environment).expect("valid").channels["vk"].clone()
    };
    let vk = vk_of("");
    assert_eq!(vk.verify.as_deref(), Some("field"));
    let texts = |name: &str, key: &str| -> Vec<&[u8]> {
        vk.handshake[name][key].iter().map(Secret::expose).collect()
    };
    assert_eq!(texts("one", "*"), [b"text-a"]);
    assert_eq!(texts("by", "77"), [b"text-a"]);
    assert_eq!(texts("by", "*"), [b"text-b", b"text-a"]);
    assert_eq!(vk.public_url, PublicUrl::Unknown);
    assert_eq!(vk_of("trusted_proxies = '127.0.0.1'").public_url, PublicUrl::Proxied);
    let given = "trusted_proxies = '127.0.0.1'\npublic_url = 'https://desk.example/x/'";
    assert_eq!(vk_of(given).public_url, PublicUrl::Given("https://desk.example/x".to_owned()));
}
