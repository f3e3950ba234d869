//! A contact center that is made up: its numbers, lists and health, so that a board can be looked at
//! before there is anything to show, and on a bad day before there was one.
//!
//! `tablica board preview` and the editor of boards show it. The same board in the same state is the
//! same picture each time: no clock, no chance. Names are the site's own, else made up in the
//! board's language, and those that the board itself names.

mod counts;
mod figures;
mod house;
mod lists;
mod numbers;
mod parts;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::figures::{ChannelFacts, PolicyFacts, Scene, Site};
use super::file::{Board, Named};
use super::frame::Frame;
use super::house::House;
use super::images::Images;
use super::parameter::Kind;
use super::picture;
use crate::language::Language;
use figures::MadeUp;

pub use numbers::State;

/// The moment of every picture: Wednesday, 4 March 2026, 12:02 in UTC.
pub const NOW_MS: i64 = 1_772_625_720_000;

/// A made-up contact center.
pub struct Center {
    site: Site,
    figures: MadeUp,
    house: House,
}

impl Center {
    /// One with the site's names, for a board that names these things; with these pictures.
    pub fn new(
        mut site: Site,
        board: &Board,
        names: &[Named],
        state: State,
        images: Arc<Images>,
    ) -> Center {
        let figures = figures_of(&mut site, board, names, state);
        let house = house::made_up(state, &figures, images);
        Center { site, figures, house }
    }

    /// What a screen would show of the board; of one with a parameter, that of the first name.
    pub fn picture(&self, board: Board, build: &'static str) -> Option<Frame> {
        let board = self.of_one(board);
        let id = board.id.clone();
        let scene = Scene {
            figures: &self.figures,
            site: &self.site,
            board: &id,
            language: board.language(&self.site),
            annotations: &[],
            notice: None,
            house: &self.house,
            held: None,
            now_ms: NOW_MS,
        };
        picture(board, &scene, build)
    }

    fn of_one(&self, board: Board) -> Board {
        let Some(template) = &board.template else { return board };
        let kind = template.parameter.kind;
        let made = self
            .first(kind)
            .and_then(|name| template.with(&board.id, &name, &self.title_of(kind, &name)).ok());
        let language = board.language;
        made.map_or(board, |made| Board { language, ..made })
    }

    /// The name for which a board of one queue, channel or the like is shown, unless another is wanted.
    pub fn first(&self, kind: Kind) -> Option<String> {
        self.figures.first(kind)
    }

    /// What people call it.
    pub fn title_of(&self, kind: Kind, name: &str) -> String {
        self.site.title_of(kind, name).to_owned()
    }

    /// The pictures that it shows.
    pub fn images(&self) -> Arc<Images> {
        Arc::clone(&self.house.images)
    }
}

/// The site's names, else made-up ones in the board's language, and those that the board names
/// itself.
fn figures_of(site: &mut Site, board: &Board, names: &[Named], state: State) -> MadeUp {
    let language = board.language(site);
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
    MadeUp {
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
    }
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
    use crate::config::model::Config;

    #[test]
    fn a_board_shows_its_own_names_beside_made_up_ones() {
        let text = "[[tile]]\nid = \"a\"\ntype = \"number\"\nx = 0\ny = 0\nw = 4\nh = 4\n\
                    kpi = \"waiting\"\nqueue = \"night shift\"\n";
        let (board, names) = Board::look("b", "b.toml", text);
        let mut site = Site::of(&Config::default(), |_| None);
        let board = board.expect("a good board");
        let figures = figures_of(&mut site, &board, &names, State::Busy);
        assert!(figures.queues.contains("night shift") && figures.queues.contains("Sales"));
        assert_eq!(figures.channels.len(), 5);
    }
}
