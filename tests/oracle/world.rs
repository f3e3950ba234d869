//! The contact center that all scenarios take place in: its zone, queues, policies and channels.
//!
//! Every setting stands here once, as plain data. The engine gets it as the text of a config, the
//! recount reads the data itself.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use tablica::config::{self, Environment};
use tablica::engine::Rules;
use tablica::event::{KindName, Medium, Millis, Priority, UnixMs};

pub(super) const SECOND: Millis = 1000;
pub(super) const MINUTE: Millis = 60 * SECOND;
pub(super) const HOUR: Millis = 60 * MINUTE;
pub(super) const DAY: Millis = 24 * HOUR;

/// Tuesday 2026-03-03, 00:00 UTC: the day of most that happens.
pub(super) const TUESDAY: UnixMs = 1_772_496_000_000;

/// An answered conversation of a network that does not tell when a matter is settled is over after
/// so long a silence.
pub(super) const IDLE_GAP: Millis = HOUR;
/// A customer's message and the network's `reopened` so close together are one reopening.
pub(super) const ONE_REOPENING: Millis = MINUTE;
/// A reply not later than so after the settlement is part of it.
pub(super) const ONE_ACT: Millis = 5_000;
/// A customer who comes again so soon comes again for the same reason.
pub(super) const REPEAT_WITHIN: Millis = 7 * DAY;
/// A promised callback is not "never answered" for so long.
pub(super) const CALLBACK_WITHIN: Millis = DAY;
/// Of longer silences before an agent's message only so much is work.
pub(super) const WORK_MAX: Millis = 5 * MINUTE;

/// Where the site is and when its day begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct World {
    pub(super) zone: &'static str,
    /// The hour at which the day begins.
    pub(super) day_start_hour: i8,
}

pub(super) const WORLDS: [World; 2] =
    [World { zone: "Europe/Warsaw", day_start_hour: 0 }, World { zone: "UTC", day_start_hour: 5 }];

/// The shift of every day, by the site's clock.
pub(super) const SHIFT_HOURS: (i8, i8) = (8, 15);

/// What a queue promises.
#[derive(Clone, Copy)]
pub(super) struct QueueRules {
    pub(super) name: &'static str,
    /// T of calls.
    pub(super) answer_ms: Millis,
    /// T of written contacts.
    pub(super) reply_ms: Millis,
    /// s.
    pub(super) short_ms: Millis,
    /// After-work whose end is not told is over after so long.
    pub(super) wrap_up_ms: Millis,
    pub(super) formula: &'static str,
    pub(super) goal_percent: i64,
    /// Open by the office's hours; else always.
    pub(super) office: bool,
}

/// What holds for queues without a section of their own.
const DEFAULT: QueueRules = QueueRules {
    name: "",
    answer_ms: 20 * SECOND,
    reply_ms: 15 * MINUTE,
    short_ms: 5 * SECOND,
    wrap_up_ms: 30 * MINUTE,
    formula: "sl_offered_net",
    goal_percent: 80,
    office: false,
};

const QUEUES: [QueueRules; 3] = [
    QueueRules {
        name: "sales",
        answer_ms: 30 * SECOND,
        reply_ms: 10 * MINUTE,
        wrap_up_ms: 3 * MINUTE,
        formula: "sl_offered",
        goal_percent: 90,
        ..DEFAULT
    },
    QueueRules { name: "care", formula: "sl_ignore", wrap_up_ms: 2 * MINUTE, ..DEFAULT },
    QueueRules { name: "back", formula: "sl_positive", office: true, ..DEFAULT },
];

pub(super) fn queue_rules(name: &str) -> QueueRules {
    QUEUES.into_iter().find(|queue| queue.name == name).unwrap_or(DEFAULT)
}

/// What a policy measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Clock {
    Answer,
    FirstResponse,
    NextResponse,
    Resolution,
}

/// A promise: empty lists cover everything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    pub(super) name: &'static str,
    pub(super) channels: &'static [&'static str],
    pub(super) queues: &'static [&'static str],
    pub(super) kinds: &'static [Medium],
    pub(super) priorities: &'static [Priority],
    pub(super) public: Option<bool>,
    pub(super) complaints: bool,
    pub(super) clock: Clock,
    pub(super) target_ms: Millis,
    /// From the arrival in one of its queues; else from the opening.
    pub(super) from_arrival: bool,
    pub(super) office: bool,
    pub(super) goal_percent: i64,
}

const ANY: Policy = Policy {
    name: "",
    channels: &[],
    queues: &[],
    kinds: &[],
    priorities: &[],
    public: None,
    complaints: false,
    clock: Clock::FirstResponse,
    target_ms: 20 * MINUTE,
    from_arrival: false,
    office: false,
    goal_percent: 80,
};

/// The share of the target after which a promise is at risk: the default, in per cent.
pub(super) const WARN_PERCENT: i64 = 75;

pub(super) const POLICIES: [Policy; 10] = [
    Policy {
        name: "calls",
        kinds: &[Medium::Call],
        clock: Clock::Answer,
        target_ms: 30 * SECOND,
        ..ANY
    },
    Policy { name: "first", ..ANY },
    Policy { name: "hours", channels: &["desk"], target_ms: 30 * MINUTE, office: true, ..ANY },
    Policy { name: "next", clock: Clock::NextResponse, target_ms: 12 * MINUTE, ..ANY },
    Policy {
        name: "solve",
        channels: &["desk", "web"],
        clock: Clock::Resolution,
        target_ms: HOUR,
        goal_percent: 90,
        ..ANY
    },
    Policy {
        name: "upset",
        complaints: true,
        clock: Clock::Resolution,
        target_ms: 40 * MINUTE,
        ..ANY
    },
    Policy {
        name: "urgent",
        priorities: &[Priority::High, Priority::Urgent],
        target_ms: 10 * MINUTE,
        ..ANY
    },
    Policy {
        name: "open",
        public: Some(true),
        clock: Clock::NextResponse,
        target_ms: 10 * MINUTE,
        ..ANY
    },
    Policy {
        name: "care",
        queues: &["care"],
        clock: Clock::Resolution,
        target_ms: 2 * HOUR,
        office: true,
        ..ANY
    },
    Policy {
        name: "back",
        queues: &["back"],
        clock: Clock::Resolution,
        target_ms: 50 * MINUTE,
        from_arrival: true,
        ..ANY
    },
];

/// What a network tells of its contacts, beyond their messages.
#[derive(Clone, Copy)]
pub(super) struct Tells {
    /// That a matter is settled: silence then ends nothing.
    pub(super) resolved: bool,
    /// That a customer gives up waiting.
    pub(super) abandoned: bool,
    /// That after-work is done.
    pub(super) wrapped_up: bool,
}

/// What each channel of the scenarios tells; everything else is told by all of them.
pub(super) fn tells(channel: &str) -> Tells {
    let (resolved, abandoned, wrapped_up) = match channel {
        "pbx" => (false, true, true),
        "gate" => (false, true, false),
        "web" => (true, true, false),
        "desk" => (true, false, false),
        _ => (false, false, false),
    };
    Tells { resolved, abandoned, wrapped_up }
}

/// The same for the config.
fn told_kinds(channel: &str) -> Vec<&'static str> {
    let tells = tells(channel);
    let mut kinds: Vec<_> = KindName::ALL.iter().map(|kind| kind.word()).collect();
    kinds.retain(|kind| match *kind {
        "resolved" | "reopened" => tells.resolved,
        "abandoned" => tells.abandoned,
        "wrapped_up" => tells.wrapped_up,
        _ => true,
    });
    kinds
}

/// What one contact costs, in hundredths.
pub(super) fn cost_cents(channel: &str) -> Option<i64> {
    match channel {
        "pbx" => Some(600),
        "tg" => Some(50),
        _ => None,
    }
}

pub(super) const CHANNELS: [&str; 6] = ["pbx", "gate", "web", "desk", "fb", "tg"];
pub(super) const OFFICE_HOURS: [(i8, i8); 2] = [(9, 12), (13, 17)];
pub(super) const OFFICE_ZONE: &str = "Europe/Warsaw";

impl World {
    /// The config, as an operator would write it.
    fn text(self) -> String {
        let mut text = format!(
            "[site]\ntime_zone = \"{}\"\nday_start = \"{:02}:00\"\n[contacts]\nidle_gap = \"{}m\"\n",
            self.zone,
            self.day_start_hour,
            IDLE_GAP / MINUTE
        );
        let [(a, b), (c, d)] = OFFICE_HOURS;
        let _ = writeln!(
            text,
            "[calendar.office]\ntime_zone = \"{OFFICE_ZONE}\"\n\
             hours = {{ mon-fri = [\"{a:02}:00-{b:02}:00\", \"{c:02}:00-{d:02}:00\"] }}\n\
             [shift.day]\nstart = \"{:02}:00\"\nend = \"{:02}:00\"",
            SHIFT_HOURS.0, SHIFT_HOURS.1
        );
        for queue in QUEUES {
            let _ = writeln!(
                text,
                "[queue.{}]\nanswer_threshold = \"{}s\"\nreply_threshold = \"{}s\"\n\
                 short_abandon = \"{}s\"\nwrap_up_max = \"{}s\"\nservice_level = \"{}\"\ngoal = {}\n{}",
                queue.name,
                queue.answer_ms / SECOND,
                queue.reply_ms / SECOND,
                queue.short_ms / SECOND,
                queue.wrap_up_ms / SECOND,
                queue.formula,
                queue.goal_percent as f64 / 100.0,
                if queue.office { "calendar = \"office\"" } else { "" },
            );
        }
        for channel in CHANNELS {
            let _ = writeln!(
                text,
                "[channel.{channel}]\nplugin = \"telegram\"\nsecret = {{ env = \"S\" }}\ntells = {:?}",
                told_kinds(channel)
            );
            if let Some(cents) = cost_cents(channel) {
                let _ = writeln!(text, "cost_per_contact = {}", cents as f64 / 100.0);
            }
        }
        for policy in POLICIES {
            text.push_str(&policy.text());
        }
        text
    }

    /// The same for the engine.
    pub(super) fn rules(self) -> Rules {
        static RULES: LazyLock<Vec<(World, Rules)>> =
            LazyLock::new(|| WORLDS.map(|world| (world, world.read())).into_iter().collect());
        let rules = RULES.iter().find(|(world, _)| *world == self).map(|(_, rules)| rules.clone());
        rules.unwrap_or_else(|| self.read())
    }

    fn read(self) -> Rules {
        let environment = Environment { skips_secrets: true, ..Environment::default() };
        let config = config::load_text(&self.text(), "world", PathBuf::new(), &environment);
        Rules::from(&config.unwrap_or_else(|problems| panic!("{problems}\n{}", self.text())))
    }
}

impl Policy {
    fn text(self) -> String {
        let list = |words: Vec<&str>| format!("{words:?}");
        let clock = match self.clock {
            Clock::Answer => "answer",
            Clock::FirstResponse => "first_response",
            Clock::NextResponse => "next_response",
            Clock::Resolution => "resolution",
        };
        let mut text = format!(
            "[policy.{}]\nclock = \"{clock}\"\ntarget = \"{}s\"\ngoal = {}\ncomplaints = {}\n\
             channels = {}\nqueues = {}\nkinds = {}\npriorities = {}\n",
            self.name,
            self.target_ms / SECOND,
            self.goal_percent as f64 / 100.0,
            self.complaints,
            list(self.channels.to_vec()),
            list(self.queues.to_vec()),
            list(self.kinds.iter().map(|kind| kind.word()).collect()),
            list(self.priorities.iter().map(|priority| priority.word()).collect()),
        );
        if let Some(public) = self.public {
            let _ = writeln!(text, "public = {public}");
        }
        if self.from_arrival {
            text.push_str("from = \"arrival\"\n");
        }
        if self.office {
            text.push_str("calendar = \"office\"\n");
        }
        text
    }
}
