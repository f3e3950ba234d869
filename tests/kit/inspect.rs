//! What `tablica plugin inspect` shows of a plugin file.

use super::{root, well};

#[test]
fn a_plugin_file_shows_what_it_asks_of_the_operator() {
    let said = well(root(), "tablica plugin inspect telegram");
    for line in [
        "telegram 0.1.0: Telegram\n",
        "contract     1.0.0\n",
        "exports      tablica:channel/plugin@1.0.0\n",
        "sources      webhook, poll\n",
        "verified by  token-header in X-Telegram-Bot-Api-Secret-Token\n",
        "tells        message, left, rated, edited, feed, other\n",
        "asks, links  api.telegram.org\n",
        "secrets      bot_token for api.telegram.org: The bot's token, from @BotFather\n",
        "grant_hosts = [\"api.telegram.org\"]\ngrant_secrets.bot_token = { env = \"…\" }\n",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
}
