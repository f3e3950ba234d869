//! The words that lists on a wall are made of, in its languages.

use crate::board::annotations::Kind;
use crate::board::format::Language;
use crate::event::AgentStatus;

/// A head of a list, or what stands in its place.
#[derive(Clone, Copy)]
pub(super) enum Word {
    Contact,
    Channel,
    Queue,
    Policy,
    Waits,
    Due,
    Late,
    DueNow,
    Paused,
    NobodyWaits,
    NothingAtRisk,
    AlreadyMissed,
    NobodyHere,
    NothingAnnounced,
    ThanYesterday,
    ThanLastWeek,
    Points,
}

impl Language {
    pub(super) fn word(self, word: Word) -> String {
        self.choose(match word {
            Word::Contact => ["Contact", "Kontakt", "Обращение", "Звернення"],
            Word::Channel => ["Channel", "Kanał", "Канал", "Канал"],
            Word::Queue => ["Queue", "Kolejka", "Очередь", "Черга"],
            Word::Policy => ["Promise", "Obietnica", "Обещание", "Обіцянка"],
            Word::Waits => ["Waits", "Czeka", "Ждёт", "Чекає"],
            Word::Due => ["Answer due", "Termin", "Срок ответа", "Строк відповіді"],
            Word::Late => ["late", "po terminie", "просрочено", "прострочено"],
            Word::DueNow => ["now", "teraz", "сейчас", "зараз"],
            Word::Paused => ["outside hours", "poza godzinami", "нерабочее время", "неробочий час"],
            Word::NobodyWaits => {
                ["nobody waits", "nikt nie czeka", "никто не ждёт", "ніхто не чекає"]
            }
            Word::NothingAtRisk => [
                "no promise is open",
                "brak otwartych obietnic",
                "открытых обещаний нет",
                "відкритих обіцянок немає",
            ],
            Word::AlreadyMissed => {
                ["Already missed", "Już po terminie", "Уже просрочено", "Уже прострочено"]
            }
            Word::NobodyHere => ["nobody is here", "nikogo nie ma", "никого нет", "нікого немає"],
            Word::NothingAnnounced => {
                ["no message", "brak wiadomości", "сообщений нет", "повідомлень немає"]
            }
            Word::ThanYesterday => ["than yesterday", "niż wczoraj", "чем вчера", "ніж учора"],
            Word::ThanLastWeek => {
                ["than last week", "niż tydzień temu", "чем неделю назад", "ніж тиждень тому"]
            }
            Word::Points => ["pts", "p.p.", "п.п.", "в.п."],
        })
    }

    /// "4 min left".
    pub(super) fn left(self, length: &str) -> String {
        match self {
            Language::English => format!("{length} left"),
            Language::Polish => format!("jeszcze {length}"),
            Language::Russian => format!("ещё {length}"),
            Language::Ukrainian => format!("ще {length}"),
        }
    }

    /// "18 min late".
    pub(super) fn late_by(self, length: &str) -> String {
        match self {
            Language::English => format!("{length} late"),
            Language::Polish => format!("{length} po terminie"),
            Language::Russian => format!("просрочено {length}"),
            Language::Ukrainian => format!("прострочено {length}"),
        }
    }

    /// After a number: seconds, minutes, hours, days.
    pub(super) fn length_units(self) -> [&'static str; 4] {
        match self {
            Language::English => ["s", "min", "h", "d"],
            Language::Polish => ["s", "min", "godz.", "d"],
            Language::Russian => ["с", "мин", "ч", "д"],
            Language::Ukrainian => ["с", "хв", "год", "д"],
        }
    }

    /// Monday first.
    pub(super) fn weekdays_short(self) -> [&'static str; 7] {
        match self {
            Language::English => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            Language::Polish => ["pon", "wt", "śr", "czw", "pt", "sob", "ndz"],
            Language::Russian => ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"],
            Language::Ukrainian => ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Нд"],
        }
    }

    /// "last 4 weeks".
    pub(super) fn last_weeks(self, weeks: usize) -> String {
        match (self, weeks) {
            (Language::English, 1) => "last week".to_owned(),
            (Language::English, _) => format!("last {weeks} weeks"),
            (Language::Polish, 1) => "ostatni tydzień".to_owned(),
            (Language::Polish, 5..) => format!("ostatnie {weeks} tygodni"),
            (Language::Polish, _) => format!("ostatnie {weeks} tygodnie"),
            (Language::Russian, 1) => "за неделю".to_owned(),
            (Language::Russian, 5..) => format!("за {weeks} недель"),
            (Language::Russian, _) => format!("за {weeks} недели"),
            (Language::Ukrainian, 1) => "за тиждень".to_owned(),
            (Language::Ukrainian, 5..) => format!("за {weeks} тижнів"),
            (Language::Ukrainian, _) => format!("за {weeks} тижні"),
        }
    }

    /// What an agent does.
    pub(super) fn agent_status(self, status: AgentStatus) -> String {
        self.choose(match status {
            AgentStatus::Available => ["available", "wolny", "свободен", "вільний"],
            AgentStatus::Ringing => ["ringing", "dzwoni", "звонок", "дзвінок"],
            AgentStatus::Talking => ["talking", "rozmawia", "разговор", "розмова"],
            AgentStatus::Hold => ["on hold", "zawieszone", "удержание", "утримання"],
            AgentStatus::AfterWork => ["wrap-up", "po rozmowie", "обработка", "обробка"],
            AgentStatus::Paused => ["paused", "przerwa", "пауза", "пауза"],
            AgentStatus::Offline => ["offline", "wylogowany", "не в сети", "не в мережі"],
        })
    }

    /// What an annotation is about; nothing where that says nothing.
    pub(super) fn annotation_kind(self, kind: Kind) -> Option<String> {
        Some(self.choose(match kind {
            Kind::Campaign => ["Campaign", "Kampania", "Кампания", "Кампанія"],
            Kind::Release => ["Release", "Wydanie", "Релиз", "Реліз"],
            Kind::Outage => ["Outage", "Awaria", "Сбой", "Збій"],
            Kind::Other => return None,
        }))
    }
}
