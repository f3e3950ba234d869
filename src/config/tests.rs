//! What is right and wrong in a config, and in which words it is said.

use super::*;

fn environment(settings: &[(&str, &str)], variables: &[(&str, &str)]) -> Environment {
    let own = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
    };
    Environment { settings: own(settings), variables: own(variables).into_iter().collect() }
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
         fetch_secrets.token = {{ credential = 'cred' }}\n",
        folder.path().display()
    );
    let config = load(&text, &environment).expect("valid");
    let channel = &config.channels["tg"];
    let values: Vec<&[u8]> = channel.secrets.iter().map(model::Secret::expose).collect();
    assert_eq!(values, [b"from-variable".as_slice(), b"from-file".as_slice()]);
    assert_eq!(channel.fetch_secrets["token"].expose(), b"from-credential");
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
    let sections =
        ["server", "site", "journal", "quarantine", "boards", "telemetry", "contacts", "topics"];
    let mut text =
        "zz = 1\n[queue_default]\nzz = 1\n[channel.x]\nplugin = 'x'\nzz = 1\n".to_owned();
    for section in sections {
        text.push_str(&format!("[{section}]\nzz = 1\n"));
    }
    let problems = load(&text, &Environment::default()).expect_err("unknown keys");
    assert_eq!(problems.len(), sections.len() + 3);
    for problem in problems.iter() {
        let known = problem.expected.strip_prefix("one of ").expect("a list of keys");
        for key in known.split(", ") {
            assert!(reference().contains(key), "tablica.example.toml lacks {} {key}", problem.key);
        }
    }
}
