//! The same number is said in the same way, whichever tile says it.

use serde_json::Value as Json;

use super::people::shown_at;
use super::{Said, check, scene, site};
use crate::board::file::Board;
use crate::engine::tests::script::*;
use crate::event::{Author, Event};
use expect_test::expect;

/// A call that was answered, and a public post that was answered: nobody waits any more.
fn answered() -> Vec<Event> {
    let mut script = Script::on("pbx");
    script.contact("call", "sales").queued(0.0).agent("ann").answered(5.0);
    script.contact("post", "sales").message(10.0, Author::Customer, true);
    script.agent("ann").message(20.0, Author::Agent, true);
    script.events
}

/// Every text of the tile that is said of a number.
fn texts(shown: &Json) -> String {
    let rows = shown["rows"].as_array().into_iter().flatten();
    let cells = rows.flat_map(|row| row["cells"].as_array().into_iter().flatten());
    let bars = shown["bars"].as_array().into_iter().flatten();
    let waiting = shown["waiting"].as_array().into_iter().flatten();
    let all = cells.chain(bars).chain(waiting).chain([shown]);
    all.filter_map(|it| it["text"].as_str()).collect::<Vec<_>>().join(" | ")
}

#[test]
fn where_nobody_waits_the_wait_is_zero_on_every_tile() {
    for (tile, expected) in [
        ("type = \"number\"\nkpi = \"longest_wait_now\"", "0 s"),
        ("type = \"number\"\nkpi = \"oldest_unanswered_now\"", "0 s"),
        ("type = \"gauge\"\nkpi = \"longest_wait_now\"\nmax = 60", "0 s"),
        (
            "type = \"queue_table\"\ncolumns = [\"longest_wait_now\", \"oldest_unanswered_now\"]",
            "0 s | 0 s",
        ),
        ("type = \"bars\"\nby = \"queue\"\nkpi = \"longest_wait_now\"", "0 s"),
        ("type = \"attention\"", "0 | 0 s"),
    ] {
        assert_eq!(texts(&shown_at(&site(), tile, &answered(), 60.0)), expected, "{tile}");
    }
    // Before the first contact nothing is known of waits, and a mean of none is none.
    for tile in ["longest_wait_now", "asa", "frt_median"] {
        let tile = format!("type = \"number\"\nkpi = \"{tile}\"");
        assert_eq!(texts(&shown_at(&site(), &tile, &[], 60.0)), "–", "{tile}");
    }
}

#[test]
fn an_amount_of_money_says_its_currency_on_every_tile() {
    let said = || Said::default().number("cost_per_contact", 4.2);
    check(
        "type = \"number\"\nkpi = \"cost_per_contact\"\ntarget = 5",
        &said(),
        expect![[
            r#"{"state":"live","tone":"good","text":"4.20","unit":"EUR","value":4.2,"target_text":"5.00 EUR","word":"on target"}"#
        ]],
    );
    let said = said().about("delivery", "cost_per_contact", 1.5);
    let said = Said { topics: vec!["delivery"], ..said };
    let site = site();
    for (tile, expected) in [
        ("type = \"topic_table\"\ncolumns = [\"cost_per_contact\"]", "1.50 EUR"),
        ("type = \"bars\"\nby = \"topic\"\nkpi = \"cost_per_contact\"", "1.50 EUR"),
    ] {
        let text = format!("[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\n{tile}");
        let board = Board::parse("b", "b.toml", &text).expect("a good board");
        let shown = board.tiles[0].tile.render(&scene(&said, &site)).replace('\u{a0}', " ");
        assert_eq!(texts(&serde_json::from_str(&shown).expect("JSON")), expected, "{tile}");
    }
}
