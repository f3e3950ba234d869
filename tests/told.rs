//! What an operator reads when a channel cannot run: file, line and key, and what to write there.

use std::fs;

use crate::support::server::Site;
use crate::support::wait::until;

/// A site with these channels only.
fn site(channels: &str) -> Site {
    let site = Site::new(channels);
    let config = fs::read_to_string(site.config()).unwrap();
    let begin = config.find("[channel.telegram]").unwrap();
    let end = config.find(channels).unwrap();
    fs::write(site.config(), config[..begin].to_owned() + &config[end..]).unwrap();
    site
}

/// The line of the site's config on which a text stands.
fn line(site: &Site, text: &str) -> usize {
    let config = fs::read_to_string(site.config()).unwrap();
    1 + config.lines().position(|line| line.starts_with(text)).expect(text)
}

fn check(site: &Site) -> String {
    let output = site.command(&["check"]);
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_setting_that_its_plugin_refuses_is_told_by_file_line_and_key() {
    let webform =
        "plugin = 'webform'\nunverified = false\nsecret = { env = 'TABLICA_TEST_SECRET' }";
    let telegram = webform.replace("webform", "telegram");
    let pbx = "plugin = 'asterisk-queuelog'\nfile = 'queue_log'";
    let site = site(&format!(
        "[channel.a]\n{webform}\n[channel.a.settings.map]\nid = 'id'\n\
         [channel.b]\n{webform}\nsettings.medum = 'chat'\n\
         [channel.c]\n{telegram}\n[channel.c.settings]\nagents = [\n1,\n'two',\n]\n\
         [channel.d]\n{telegram}\nsettings.rating_scale = 0\n\
         [channel.e]\n{pbx}\n[channel.e.settings.wrap_up_by_queue]\nsales = '3h'\n"
    ));
    let said = check(&site);
    for (at, key, why) in [
        ("id = 'id'", "a.settings.map.id", "found \"id\"; a JSON pointer begins with /"),
        ("settings.medum", "b.settings.medum", "unknown field `medum`"),
        ("'two'", "c.settings.agents.1", "invalid type: string \"two\""),
        ("settings.rating", "d.settings.rating_scale", "must be above 0"),
        ("sales", "e.settings.wrap_up_by_queue.sales", "found \"3h\"; a time up to an hour"),
    ] {
        let line = line(&site, at);
        let expected = format!("tablica.toml:{line}: channel.{key}: the plugin says: {why}");
        assert!(said.contains(&expected), "{expected} is not in\n{said}");
    }
    assert!(!said.contains("column"), "no place in JSON is told: {said}");
    let started = site.command(&["serve"]);
    let errors = String::from_utf8_lossy(&started.stderr);
    assert!(!started.status.success(), "it has mistakes");
    for problem in said.lines().filter(|line| line.contains("tablica.toml:")) {
        assert!(errors.contains(problem), "a start says the same: {problem}\n{errors}");
    }
}

#[test]
fn a_plugin_that_is_not_there_is_told_with_the_folders_searched_and_the_name_that_is_near() {
    let site = site("[channel.desk]\nplugin = 'telegam'\n[channel.door]\nplugin = 'bel'");
    fs::create_dir(site.path("plugins")).unwrap();
    fs::write(site.path("plugins/bell.wasm"), "").unwrap();
    let (desk, door) = (line(&site, "plugin = 'telegam'"), line(&site, "plugin = 'bel'"));
    let said = check(&site);
    let near = "there is no `telegam`; did you mean `telegram`?";
    let expected = format!("tablica.toml:{desk}: channel.desk.plugin: {near}");
    assert!(said.contains(&expected), "{said}");
    assert!(said.contains("(server.plugin_dirs names no folder; shipped are asterisk"), "{said}");

    let config = fs::read_to_string(site.config()).unwrap();
    let config = config.replace("[server]", "[server]\nplugin_dirs = ['plugins']");
    fs::write(site.config(), config).unwrap();
    let said = check(&site);
    let near = "there is no `bel`; did you mean `bell`?";
    let sought = format!("bel.wasm is not in {}", site.path("plugins").display());
    let expected = format!("tablica.toml:{}: channel.door.plugin: {near} ({sought};", door + 1);
    assert!(said.contains(&expected), "{expected} is not in\n{said}");
}

const POLL: &str =
    "plugin = 'telegram'\nsource = 'poll'\nsettings = { mode = 'poll' }\ngrant_hosts = ";

#[test]
fn a_grant_that_is_missing_is_told_with_the_line_to_write() {
    let site = site(&format!("[channel.bot]\n{POLL}[]"));
    let said = check(&site);
    let expected = format!(
        "tablica.toml:{}: channel.bot: `grant_hosts` is missing: telegram asks its network; write \
         `grant_hosts = [\"api.telegram.org\"]` to this section",
        line(&site, "[channel.bot]")
    );
    assert!(said.contains(&expected), "{expected} is not in\n{said}");

    let config = fs::read_to_string(site.config()).unwrap();
    fs::write(site.config(), config.replace("[]", "['api.telegram.org']")).unwrap();
    let said = check(&site);
    let expected = format!(
        "note: the secret bot_token is missing: write `bot_token = {{ env = \"BOT_BOT_TOKEN\" }}` to \
         [channel.bot.grant_secrets] in {} (The bot's token, from @BotFather)",
        site.config().display()
    );
    assert!(said.contains(": ok\n") && said.contains(&expected), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_requests_lack_is_in_the_log_and_in_the_status() {
    let site = site(&format!("[channel.bot]\n{POLL}['api.telegram.org:8443']"));
    let server = site.start().await;
    let lack = "api.telegram.org is not granted: write `grant_hosts = [\"api.telegram.org:8443\", \
                \"api.telegram.org\"]` to [channel.bot] in tablica.toml";
    until("it is in the log", || server.output().contains(lack));
    let status = server.json("/api/v1/channels").await;
    let channels = status["channels"].as_array().unwrap();
    let bot = channels.iter().find(|it| it["name"] == "bot").unwrap();
    assert_eq!(bot["lacks"], serde_json::json!([lack]), "{bot}");
}
