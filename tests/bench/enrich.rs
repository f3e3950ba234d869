//! What it costs to learn from a text: shipped lexicons and the example's topics.

use std::hint::black_box;
use std::time::Instant;

use tablica::channel::enrich::{Enricher, Rules, Text};
use tablica::config::model::{Site, Topics};
use tablica::event::{Author, Event, Kind, Message};

use crate::table::{Row, median};

const TEXTS_PER_ROUND: usize = 20_000;
/// About 120 characters each, in the four languages that have lexicons.
const TEXTS: [&str; 4] = [
    "Where is my parcel? I have been waiting for two weeks and nobody answers, please give me my money back, this is terrible",
    "Dzień dobry, gdzie jest moja paczka? Czekam już drugi tydzień i nikt nie odpowiada, proszę o zwrot pieniędzy, dziękuję",
    "Здравствуйте, где моя посылка? Жду уже вторую неделю, никто не отвечает, верните пожалуйста деньги за заказ, спасибо",
    "Доброго дня, де моя посилка? Чекаю вже другий тиждень, ніхто не відповідає, поверніть будь ласка гроші за замовлення",
];

/// One message, enriched; a call of the plugin for it costs 1.5 to 3 µs.
pub(crate) fn one_message(rounds: usize) -> anyhow::Result<Row> {
    let problems = |problems| anyhow::anyhow!("{problems}");
    let enricher = Enricher::new(&Topics::default(), &Site::default()).map_err(problems)?;
    let rules = include_str!("../../topics.example.toml");
    enricher.put(Rules::parse(rules, "topics.example.toml").map_err(problems)?);
    let message = Message { author: Author::Customer, ..Message::default() };
    let mut event = Event {
        id: "1".into(),
        channel: "bench".into(),
        at_ms: 0,
        received_ms: 0,
        interaction: "c".into(),
        queue: None,
        agent: None,
        customer: Vec::new(),
        kind: Kind::Message(message),
        order: None,
        refers: None,
        same_as: None,
        attrs: Default::default(),
    };
    let mut micros = Vec::new();
    for round in 0..=rounds {
        let started = Instant::now();
        for index in 0..TEXTS_PER_ROUND {
            let text = Text::new(TEXTS[index % TEXTS.len()].to_owned());
            enricher.enrich(black_box(&mut event), Some(text));
        }
        if round > 0 {
            micros.push(started.elapsed().as_secs_f64() * 1e6 / TEXTS_PER_ROUND as f64);
        }
    }
    let micros = median(micros);
    Ok(Row {
        what: "enrich a message of 120 characters".into(),
        ours: format!("{micros:.2} µs"),
        against: "an absolute".into(),
        figure: micros,
        figure_text: format!("{micros:.2} µs"),
        limit: Some(5.0),
    })
}
