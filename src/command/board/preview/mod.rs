//! `tablica board preview`: a picture of a board as a screen shows it, with made-up numbers.
//!
//! The real front end shows it, from a server of its own on loopback; the numbers and the time are
//! the same at each call.

mod browser;
mod counts;
mod figures;
mod house;
mod lists;
mod numbers;
mod parts;
mod server;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::assets;
use crate::board::figures::{ChannelFacts, PolicyFacts, Scene, Site};
use crate::board::file::{Board, Named};
use crate::board::format::Language;
use crate::board::library;
use crate::board::picture;
use crate::config::model::Config;
use crate::config::{Environment, Problem};
use figures::MadeUp;
use numbers::State;

/// The moment of every picture: Wednesday, 4 March 2026, 12:02 in UTC.
const NOW_MS: i64 = 1_772_625_720_000;
/// Sides of a picture, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 200..=8000;

/// The arguments of `tablica board preview`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A board file, or the name of a board that ships.
    file: PathBuf,
    /// The picture, a PNG [default: the board's name and the state, in this folder].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How the made-up contact center fares.
    #[arg(long, value_enum, default_value = "busy")]
    state: State,
    /// The screen's size in pixels.
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1920x1080", value_parser = size)]
    size: Size,
    /// In this language, whatever the board says: en, pl, ru, uk.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Option<Language>,
    /// Of a board with a parameter, which one: queue=support [default: the first there is].
    #[arg(long, value_name = "PARAMETER=NAME", value_parser = setting)]
    set: Option<Setting>,
    /// Queues, channels and policies of this config in place of made-up ones.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The browser [default: chromium, chromium-browser or google-chrome, as PATH has it].
    #[arg(long, value_name = "PROGRAM")]
    browser: Option<PathBuf>,
}

/// What is said for a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    parameter: String,
    name: String,
}

fn setting(text: &str) -> Result<Setting, String> {
    let (parameter, name) = text.split_once('=').unwrap_or_default();
    if parameter.is_empty() || name.is_empty() {
        return Err("such as queue=support".to_owned());
    }
    Ok(Setting { parameter: parameter.to_owned(), name: name.to_owned() })
}

/// A screen's size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    width: u32,
    height: u32,
}

fn size(text: &str) -> Result<Size, String> {
    let sides = text
        .split_once('x')
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    let fits = |side: &u32| SIDES.contains(side);
    match sides {
        Some((width, height)) if fits(&width) && fits(&height) => Ok(Size { width, height }),
        _ => Err(format!("such as 1920x1080, each from {} to {}", SIDES.start(), SIDES.end())),
    }
}

fn language(id: &str) -> Result<Language, String> {
    let known = || Language::ALL.map(Language::id).join(", ");
    Language::from_id(id).ok_or_else(|| format!("one of {}", known()))
}

/// Makes the picture; prints the problems of a file that is no good board.
pub(super) fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let config = match arguments.config.as_deref() {
        Some(path) => match super::config(Some(path), environment) {
            Ok(config) => config,
            Err(problems) => {
                writeln!(out, "{problems}")?;
                return Ok(ExitCode::FAILURE);
            }
        },
        None => None,
    };
    let (board, mut names) = look(&arguments.file);
    let mut board = match board {
        Ok(board) => board,
        Err(problems) => return told(&problems, out),
    };
    let Some(shell) = assets::ui("wall.html") else {
        bail!("this program was built without its front end: build both with cargo xtask build");
    };
    board.language = arguments.language.or(board.language);
    let file_name = board.id.clone();
    let state = arguments.state;
    let set = arguments.set.as_ref();
    match &board.template {
        Some(template) => {
            let parameter = &template.parameter;
            if let Some(set) = set.filter(|set| set.parameter != parameter.name) {
                let (named, known) = (&set.parameter, &parameter.name);
                bail!("the board has no parameter \"{named}\": --set {known}=NAME");
            }
            if let Some(set) = set {
                let (key, value) = (parameter.kind.id(), set.name.clone());
                names.push(Named { key, value, line: 1, what: "--set".to_owned() });
            }
            let (site, center) = center(config.as_ref(), &board, &names, state);
            let name = set.map(|set| set.name.clone()).or_else(|| center.first(parameter.kind));
            let name = name.unwrap_or_default();
            let title = site.title_of(parameter.kind, &name).to_owned();
            let made = template.with(&file_name, &name, &title);
            let language = board.language;
            board = match made {
                Ok(made) => Board { language, ..made },
                Err(problems) => return told(&problems, out),
            };
        }
        None if set.is_some() => bail!("the board has no parameter: leave out --set"),
        None => {}
    }
    let words = format!("{state:?}").to_lowercase();
    let picture_file = match &arguments.out {
        Some(path) => path.clone(),
        None => PathBuf::from(format!("{file_name}-{words}.png")),
    };
    let (site, center) = center(config.as_ref(), &board, &names, state);
    let house = house::made_up(state, &center, arguments.file.parent());
    let scene = Scene {
        figures: &center,
        site: &site,
        language: board.language(&site),
        annotations: &[],
        notice: None,
        house: &house,
        held: None,
        now_ms: NOW_MS,
    };
    let frame = picture(board, &scene, assets::build_id()).context("the board shows nothing")?;
    let snapshot = frame.snapshot().clone();
    crate::command::runtime()?.block_on(async {
        let images = Arc::clone(&house.images);
        let server =
            server::Server::start(shell.bytes, file_name, snapshot, images, arguments.size).await?;
        browser::shoot(
            arguments.browser.as_deref(),
            &server.address(),
            arguments.size,
            &picture_file,
        )
        .await
    })?;
    let bytes = fs::metadata(&picture_file).map(|it| it.len()).unwrap_or_default();
    if bytes == 0 {
        bail!("the browser ended well but made no picture {}", picture_file.display());
    }
    writeln!(out, "{}", picture_file.display())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what is wrong with the file.
fn told(problems: &[Problem], out: &mut impl Write) -> anyhow::Result<ExitCode> {
    for problem in problems {
        writeln!(out, "{problem}")?;
    }
    Ok(ExitCode::FAILURE)
}

type Looked = (Result<Board, Vec<Problem>>, Vec<Named>);

/// The file, or the board of that name that ships.
fn look(file: &Path) -> Looked {
    let shipped = || {
        let name = file.to_str()?;
        library::shipped().find(|(id, _)| *id == name)
    };
    match shipped().filter(|_| !file.exists()) {
        Some((id, text)) => Board::look(id, &format!("{id}.toml"), text),
        None => library::look(file),
    }
}

/// The config's names, else made-up ones in the board's language, and those that the board names
/// itself.
fn center(config: Option<&Config>, board: &Board, names: &[Named], state: State) -> (Site, MadeUp) {
    let default = Config::default();
    let mut site = Site::of(config.unwrap_or(&default), |_| None);
    let language = board.language(&site);
    let named = |key: &str, own: Vec<String>, made_up: &[&str]| -> BTreeSet<String> {
        let own =
            if own.is_empty() { made_up.iter().map(|it| (*it).to_owned()).collect() } else { own };
        let more = names.iter().filter(|it| it.key == key && !it.value.is_empty());
        own.into_iter().chain(more.map(|it| it.value.clone())).collect()
    };
    let words = Words::of(language);
    let queues = named("queue", site.queues.named.keys().cloned().collect(), &words.queues);
    let channels = named("channel", site.channels.keys().cloned().collect(), &words.channels);
    let policies = named("policy", site.policies.keys().cloned().collect(), &words.policies);
    for name in &channels {
        let at = words.channels.iter().position(|known| known == name);
        let network = at.and_then(|at| NETWORKS.get(at)).copied().unwrap_or_default().to_owned();
        let facts = ChannelFacts { title: name.clone(), network };
        site.channels.entry(name.clone()).or_insert(facts);
    }
    for name in &policies {
        let facts = PolicyFacts { title: name.clone(), goal: POLICY_GOAL };
        site.policies.entry(name.clone()).or_insert(facts);
    }
    let center = MadeUp {
        state,
        now_ms: NOW_MS,
        time_zone: site.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        queues,
        channels,
        policies,
        rules: site.queues.clone(),
        topics: words.topics.iter().map(|it| (*it).to_owned()).collect(),
        dimensions: DIMENSIONS.map(str::to_owned).into(),
        agents: (0..AGENTS).map(lists::person).collect(),
    };
    (site, center)
}

/// What the made-up promises are measured by.
const POLICY_GOAL: f64 = 0.8;

/// What the made-up customers rate.
const DIMENSIONS: [&str; 4] = ["clear", "correct", "easy", "fast"];

/// So many people have made-up numbers of their own.
const AGENTS: usize = 12;

/// Of the made-up channels, in their order.
const NETWORKS: [&str; 5] = ["asterisk", "telegram", "meta", "email", "webform"];

/// What things of a made-up contact center are called.
struct Words {
    queues: [&'static str; 5],
    channels: [&'static str; 5],
    policies: [&'static str; 4],
    topics: [&'static str; 5],
}

impl Words {
    fn of(language: Language) -> Words {
        match language {
            Language::English => Words {
                queues: ["Sales", "Support", "Billing", "Returns", "Technical"],
                channels: ["Phones", "Telegram", "WhatsApp", "E-mail", "Web form"],
                policies: ["Answer calls", "First reply", "VIP customers", "Complaints"],
                topics: ["delivery", "payment", "return", "account", "warranty"],
            },
            Language::Polish => Words {
                queues: ["Sprzedaż", "Obsługa klienta", "Płatności", "Zwroty", "Serwis"],
                channels: ["Telefony", "Telegram", "WhatsApp", "E-mail", "Formularz"],
                policies: ["Odbiór połączeń", "Pierwsza odpowiedź", "Klienci VIP", "Reklamacje"],
                topics: ["dostawa", "płatność", "zwrot", "konto", "gwarancja"],
            },
            Language::Russian => Words {
                queues: ["Продажи", "Поддержка", "Оплата", "Возвраты", "Техотдел"],
                channels: ["Телефония", "Telegram", "WhatsApp", "Почта", "Форма на сайте"],
                policies: ["Ответ на звонки", "Первый ответ", "VIP-клиенты", "Жалобы"],
                topics: ["доставка", "оплата", "возврат", "аккаунт", "гарантия"],
            },
            Language::Ukrainian => Words {
                queues: ["Продажі", "Підтримка", "Оплата", "Повернення", "Техвідділ"],
                channels: ["Телефонія", "Telegram", "WhatsApp", "Пошта", "Форма на сайті"],
                policies: ["Відповідь на дзвінки", "Перша відповідь", "VIP-клієнти", "Скарги"],
                topics: ["доставка", "оплата", "повернення", "акаунт", "гарантія"],
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_two_sides() {
        assert_eq!(size("1080x1920"), Ok(Size { width: 1080, height: 1920 }));
        assert!(size("1080").is_err() && size("0x1080").is_err() && size("9x9x9").is_err());
    }

    #[test]
    fn a_board_shows_its_own_names_beside_made_up_ones() {
        let text = "[[tile]]\nid = \"a\"\ntype = \"number\"\nx = 0\ny = 0\nw = 4\nh = 4\n\
                    kpi = \"waiting\"\nqueue = \"night shift\"\n";
        let (board, names) = Board::look("b", "b.toml", text);
        let (_, center) = center(None, &board.expect("a good board"), &names, State::Busy);
        assert!(center.queues.contains("night shift") && center.queues.contains("Sales"));
        assert_eq!(center.channels.len(), 5);
    }
}
