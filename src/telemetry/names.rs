//! The one table of metrics. A name that is not in here does not exist; a test reads the table
//! and holds it to Prometheus' rules.

use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata};

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// A state at this moment.
    Gauge,
    /// A distribution of durations, with these bucket limits.
    Histogram(Buckets),
}

/// Which bucket limits a histogram has; each list is in the exporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buckets {
    /// Waits in line: around every `answer_threshold`.
    Answer,
    /// First replies: around every `reply_threshold`.
    Reply,
    /// Work inside the server: microseconds to a second.
    Work,
}

/// One line of the table.
#[derive(Debug)]
pub struct Metric {
    /// Full name as Prometheus sees it.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Its labels, in the order in which values are given.
    pub labels: &'static [&'static str],
    /// One sentence for a person who sees it for the first time.
    pub help: &'static str,
}

const METADATA: Metadata<'static> = Metadata::new("tablica", Level::INFO, None);

impl Metric {
    fn key(&self, values: &[&str]) -> Key {
        debug_assert_eq!(values.len(), self.labels.len(), "labels of {}", self.name);
        let labels = self.labels.iter().zip(values);
        let labels = labels.map(|(name, value)| Label::new(*name, (*value).to_owned()));
        Key::from_parts(self.name, labels.collect::<Vec<_>>())
    }

    /// A handle to keep, where the path is hot: finding it costs twenty times its use.
    pub fn counter(&self, values: &[&str]) -> Counter {
        debug_assert_eq!(self.kind, Kind::Counter, "{}", self.name);
        metrics::with_recorder(|recorder| recorder.register_counter(&self.key(values), &METADATA))
    }

    /// A handle to use and drop: one that is kept outlives a gauge that timed out.
    pub fn gauge(&self, values: &[&str]) -> Gauge {
        debug_assert_eq!(self.kind, Kind::Gauge, "{}", self.name);
        metrics::with_recorder(|recorder| recorder.register_gauge(&self.key(values), &METADATA))
    }

    /// Sets a gauge to what is so at this moment. A figure that there is not is NaN, which no
    /// comparison in an alert ever matches.
    pub fn set(&self, values: &[&str], figure: impl Into<Option<f64>>) {
        self.gauge(values).set(figure.into().unwrap_or(f64::NAN));
    }

    /// Brings a counter up to the total of whoever counts. It never goes down, whatever they say.
    pub fn reach(&self, values: &[&str], total: u64) {
        self.counter(values).absolute(total);
    }

    /// A handle to keep.
    pub fn histogram(&self, values: &[&str]) -> Histogram {
        debug_assert!(matches!(self.kind, Kind::Histogram(_)), "{}", self.name);
        metrics::with_recorder(|recorder| recorder.register_histogram(&self.key(values), &METADATA))
    }
}

macro_rules! table {
    ($($id:ident: $kind:expr, $name:literal, [$($label:literal),*], $help:literal;)*) => {
        $(
            #[doc = $help]
            pub static $id: Metric = Metric {
                name: $name, kind: $kind, labels: &[$($label),*], help: $help,
            };
        )*
        /// Every metric, in the order of the table.
        pub static ALL: &[&Metric] = &[$(&$id),*];
    };
}

table! {
    // The contact center: live state.
    SERVICE_LEVEL: Kind::Gauge, "tablica_service_level_ratio", ["queue", "window", "formula"],
        "Share of contacts in time, by the queue's formula; NaN without contacts.";
    GOAL: Kind::Gauge, "tablica_queue_goal_ratio", ["queue"],
        "Share of contacts that must be in time.";
    RECOVERY: Kind::Gauge, "tablica_queue_recovery_contacts", ["queue"],
        "Contacts in a row that must be in time to be back at the goal today; NaN without contacts.";
    BUDGET: Kind::Gauge, "tablica_queue_budget_misses", ["queue"],
        "Contacts that may yet be late today without falling below the goal; NaN without contacts.";
    POLICY_GOAL: Kind::Gauge, "tablica_policy_goal_ratio", ["policy"],
        "Share of a policy's promises that must be kept.";
    POLICY_CLOCKS: Kind::Gauge, "tablica_policy_clocks", ["policy", "channel", "queue", "state"],
        "Open promises of a policy by how they stand: running, at_risk, breached, paused.";
    POLICY_RECOVERY: Kind::Gauge, "tablica_policy_recovery_promises", ["policy"],
        "Promises in a row that must be kept to be back at the goal today; NaN without any.";
    POLICY_BUDGET: Kind::Gauge, "tablica_policy_budget_misses", ["policy"],
        "Promises that may yet be broken today without falling below the goal; NaN without any.";
    WAITING: Kind::Gauge, "tablica_waiting", ["queue"],
        "Contacts waiting in the queue now.";
    LONGEST_WAIT: Kind::Gauge, "tablica_longest_wait_seconds", ["queue"],
        "How long the contact that waits longest has waited.";
    LONGEST_CALLER: Kind::Gauge, "tablica_longest_caller_seconds", ["queue"],
        "How long the caller in line who waits longest has waited, in hours in which the queue is open; 0 without one.";
    OLDEST_MESSAGE: Kind::Gauge, "tablica_oldest_message_seconds", ["queue"],
        "How long the customer in writing who waits longest for a reply has waited, in hours in which the queue is open; 0 without one.";
    ANSWER_THRESHOLD: Kind::Gauge, "tablica_answer_threshold_seconds", ["queue"],
        "Within which a caller should be answered (answer_threshold).";
    REPLY_THRESHOLD: Kind::Gauge, "tablica_reply_threshold_seconds", ["queue"],
        "Within which a customer in writing should have a reply (reply_threshold).";
    QUEUE_OPEN: Kind::Gauge, "tablica_queue_open", ["queue"],
        "Whether the queue is open now, by its calendar; only of queues that have one.";
    UNANSWERED: Kind::Gauge, "tablica_unanswered", ["channel", "queue"],
        "Open contacts that have no human answer yet.";
    PUBLIC_OVERDUE: Kind::Gauge, "tablica_public_overdue", ["channel", "queue"],
        "Customers who asked in public and have waited for a reply for longer than promised: by a policy, else by reply_threshold in hours in which the queue is open.";
    CONTACTS_48H: Kind::Gauge, "tablica_contacts_48h", ["channel", "fate"],
        "What became of the contacts that came in within the last 48 h: reached a human; never_answered, over without; open.";
    JUMP: Kind::Gauge, "tablica_jump_deviations", ["channel", "of"],
        "How far the last hour's contacts, mentions or negative messages are from what is usual at this time of the week, in standard deviations; NaN while that is not known.";
    AGENTS: Kind::Gauge, "tablica_agents", ["state"],
        "Agents by state.";
    AGENTS_REQUIRED: Kind::Gauge, "tablica_agents_required", ["queue"],
        "Agents that the queue needs in this quarter of an hour, by what came at this time of the last weeks; NaN while that is not known.";
    AGENTS_PRESENT: Kind::Gauge, "tablica_agents_present", ["queue"],
        "Agents who serve the queue and are neither logged off nor on a break; NaN where none is known.";
    CHANNEL_LAST_EVENT: Kind::Gauge, "tablica_channel_last_event_timestamp_seconds", ["channel"],
        "When the channel's last event arrived.";
    CHANNEL_FEED: Kind::Gauge, "tablica_channel_feed", ["channel", "health"],
        "1 for the health that the channel's feed is in: live, late, silent, no_data. Silence while it \
         is closed is live.";
    NETWORK_REPORTED: Kind::Gauge, "tablica_network_reported", ["channel", "queue", "name"],
        "What the network counts itself, in its words; part of no other figure.";
    CHANNEL_SILENT_AFTER: Kind::Gauge, "tablica_channel_silent_after_seconds", ["channel"],
        "Without an event for so long while it is open, and for longer than is usual at this hour of \
         the week, the channel's feed is silent.";

    // The contact center: flow.
    OFFERED: Kind::Counter, "tablica_offered_total", ["channel", "queue"],
        "Contacts offered.";
    ANSWERED: Kind::Counter, "tablica_answered_total", ["channel", "queue"],
        "Contacts answered by a human.";
    ANSWERED_IN_THRESHOLD: Kind::Counter, "tablica_answered_in_threshold_total",
        ["channel", "queue"], "Contacts answered by a human within the queue's threshold.";
    ABANDONED: Kind::Counter, "tablica_abandoned_total", ["channel", "queue"],
        "Contacts that the customer gave up.";
    ABANDONED_SHORT: Kind::Counter, "tablica_abandoned_short_total", ["channel", "queue"],
        "Contacts that the customer gave up within the short-abandon limit.";
    FLOWED_OUT: Kind::Counter, "tablica_flowed_out_total", ["channel", "queue"],
        "Contacts that left the queue neither answered nor given up.";
    SL_DECIDED: Kind::Counter, "tablica_sl_decided_total", ["queue"],
        "Contacts whose service level is decided: answered, given up, or past the threshold.";
    SL_IN_TIME: Kind::Counter, "tablica_sl_in_time_total", ["queue"],
        "Decided contacts that were in time by the queue's formula.";
    POLICY_MET: Kind::Counter, "tablica_policy_met_total", ["policy", "channel", "queue"],
        "Promises of a policy that were kept.";
    POLICY_BREACHED: Kind::Counter, "tablica_policy_breached_total",
        ["policy", "channel", "queue"], "Promises of a policy whose time ran out.";
    AGENT_HANDLED: Kind::Counter, "tablica_agent_handled_total", ["agent", "work"],
        "Contacts that an agent has done with, calls or written, from the fifth on; only with telemetry.agent_labels.";
    ANSWER_WAIT: Kind::Histogram(Buckets::Answer), "tablica_answer_wait_seconds", ["queue"],
        "Wait of answered calls.";
    FIRST_RESPONSE: Kind::Histogram(Buckets::Reply), "tablica_first_response_seconds", ["queue"],
        "Time to the first human reply of written contacts.";

    // The engine.
    ENGINE_LIMITED: Kind::Counter, "tablica_engine_limited_total", ["limit"],
        "What the engine had to leave out or forget early because a limit was hit; `GET /api/v1/limits` says what each means.";
    ENGINE_KEPT: Kind::Gauge, "tablica_engine_kept", ["what"],
        "How many contacts and ids of events are in memory.";
    ENGINE_KEPT_MAX: Kind::Gauge, "tablica_engine_kept_max", ["what"],
        "How many may be: contacts.contacts_max, contacts.duplicate_ids_max.";

    // Channels and their plugins.
    EVENTS: Kind::Counter, "tablica_events_total", ["channel"],
        "Events taken in.";
    DUPLICATES: Kind::Counter, "tablica_events_duplicate_total", ["channel"],
        "Events that had been seen before.";
    CLAMPED: Kind::Counter, "tablica_events_clamped_total", ["channel"],
        "Events whose time lay in the future and was set to the host's.";
    SIGNATURE_FAILURES: Kind::Counter, "tablica_signature_failures_total", ["channel"],
        "Requests whose signature was wrong or missing.";
    WEBHOOKS: Kind::Counter, "tablica_webhooks_total", [],
        "Webhook requests that came, whatever became of them.";
    BODY_TOO_LARGE: Kind::Counter, "tablica_body_too_large_total", [],
        "Webhook requests refused for their size.";
    CONNECTIONS_REFUSED: Kind::Counter, "tablica_connections_refused_total", [],
        "Connections closed because server.connections_max were open.";
    REFUSED: Kind::Counter, "tablica_refused_total", ["limit"],
        "Connections and requests refused by a limit of the doors, by the key of the section server that sets it; newcomers: made room for newer ones; not_counted: questions by what no board has counted; instances_max: a board of a file with a parameter.";
    LOGINS: Kind::Counter, "tablica_logins_total", ["result"],
        "Attempts to log in, where the config has a section access: ok, failed, limited.";
    OIDC_LOGINS: Kind::Counter, "tablica_oidc_logins_total", ["result"],
        "Logins by OpenID Connect, where the config has a section access.oidc: ok; refused: no role, no name or no room here; stale: begun elsewhere, too long ago, or come back twice; denied: the provider let them not in; forged: its ID token does not hold; provider: it does not answer, or not as expected; busy: too many at once.";
    ACCESS_LIMITED: Kind::Counter, "tablica_access_limited_total", ["limit"],
        "What a limit of the section access has refused or ended early, by its key; audit_lost: acts that could not be recorded.";
    BODY_TOO_SLOW: Kind::Counter, "tablica_body_too_slow_total", [],
        "Webhook requests whose body did not arrive in time.";
    TURNED_AWAY: Kind::Counter, "tablica_webhooks_turned_away_total", [],
        "Webhook requests answered with 503, to be sent again.";
    MAILBOX_BUSY: Kind::Counter, "tablica_mailbox_busy_total", ["channel"],
        "Inputs turned away because the plugin had too many waiting.";
    QUARANTINED: Kind::Counter, "tablica_quarantined_total", ["channel", "reason"],
        "Inputs set aside because they could not be decoded.";
    PLUGIN_UNAVAILABLE: Kind::Counter, "tablica_plugin_unavailable_total", ["channel"],
        "Inputs turned away because the plugin rests.";
    PLUGIN_CALLS: Kind::Counter, "tablica_plugin_calls_total", ["channel"],
        "Calls into the plugin.";
    PLUGIN_LOST: Kind::Counter, "tablica_plugin_instances_lost_total", ["channel"],
        "Plugin instances lost to a trap or a limit.";
    PLUGIN_NOT_COMPILED: Kind::Counter, "tablica_plugin_compile_refused_total", ["reason"],
        "Plugins that were not compiled: for memory (server.compile_memory_bytes_max), for time of a processor (server.compile_processor_max) or by the clock (server.compile_wall_timeout), for an error.";
    PLUGIN_MEMORY: Kind::Gauge, "tablica_plugin_memory_bytes", ["channel"],
        "Memory of the plugin's instance.";
    COMMANDS_REFUSED: Kind::Counter, "tablica_plugin_commands_refused_total", ["channel"],
        "Commands of the plugin that were not carried out.";
    CHANNEL_LIMITED: Kind::Counter, "tablica_channel_limited_total", ["channel", "limit"],
        "Times that a limit of the channel made its plugin wait, or commands that it refused.";
    CHANNEL_LINKS: Kind::Gauge, "tablica_channel_links", ["channel", "state"],
        "Connections that the plugin asked for, by where they stand: `waiting`, `connecting`, `up`, `down`.";
    REPLIES_CHANGED: Kind::Counter, "tablica_replies_changed_total", ["channel"],
        "Answers of the plugin to webhooks that were changed: their type or headers are not allowed.";
    TEXTS_CUT: Kind::Counter, "tablica_texts_cut_total", ["channel"],
        "Messages longer than topics.text_bytes_max, looked at only so far for topics.";
    TAGS_LEFT_OUT: Kind::Counter, "tablica_topic_tags_left_out_total", ["channel"],
        "Topics that messages had beyond topics.tags_max.";
    TOPIC_RULES: Kind::Gauge, "tablica_topic_rules", [],
        "Topics in force.";
    TOPICS_FILE_OK: Kind::Gauge, "tablica_topics_file_ok", [],
        "0 while the rules file is bad and older rules are in force, else 1.";
    APPENDS_FAILED: Kind::Counter, "tablica_channel_appends_failed_total", ["channel"],
        "Appends that the journal did not take or could not write.";
    QUARANTINE_ENTRIES: Kind::Gauge, "tablica_quarantine_entries", [],
        "Inputs in quarantine.";
    QUARANTINE_DROPPED: Kind::Counter, "tablica_quarantine_dropped_total", [],
        "Inputs that left the quarantine undecoded because it was full.";
    BREAKER_OPENED: Kind::Counter, "tablica_plugin_breaker_opened_total", ["channel"],
        "Times that the plugin failed so often that it was given a rest.";
    PLUGIN_CALL: Kind::Histogram(Buckets::Work), "tablica_plugin_call_seconds", ["channel"],
        "Duration of plugin calls.";

    // The journal.
    JOURNAL_WRITABLE: Kind::Gauge, "tablica_journal_writable", [],
        "1 while the journal can write, 0 while the disk refuses.";
    JOURNAL_EVENTS: Kind::Counter, "tablica_journal_events_total", [],
        "Events made durable.";
    JOURNAL_BYTES: Kind::Counter, "tablica_journal_bytes_total", [],
        "Compressed bytes of events made durable.";
    JOURNAL_OUTAGES: Kind::Counter, "tablica_journal_outages_total", [],
        "Times that the disk began to refuse.";
    JOURNAL_BAD_ROWS: Kind::Counter, "tablica_journal_bad_rows_total", [],
        "Journaled rows or events that could not be read back.";
    JOURNAL_MISSING: Kind::Counter, "tablica_journal_events_missing_total", [],
        "Events that were journaled and are not there any more, or cannot be read; see `tablica journal check`.";
    DOCUMENTS_PASSED_OVER: Kind::Counter, "tablica_documents_passed_over_total", [],
        "Files with an old time that were put into a channel's folder while the server was stopped, and were not given.";
    FILES_SET_ASIDE: Kind::Counter, "tablica_files_set_aside_total", ["file"],
        "Damaged files that were renamed, and without which the server goes on.";
    FILES_WRITTEN_AGAIN: Kind::Counter, "tablica_files_written_again_total", [],
        "Files of the state folder that were deleted or replaced while the server ran, and were written again.";
    SNAPSHOTS_FAILED: Kind::Counter, "tablica_snapshots_failed_total", [],
        "Times that the engine's state could not be kept; a start takes longer then.";
    ENGINE_BEHIND_SECONDS: Kind::Gauge, "tablica_engine_behind_seconds", [],
        "How long ago the oldest event was made durable that is not in the figures yet; 0 when all are.";
    ENGINE_BEHIND_EVENTS: Kind::Gauge, "tablica_engine_behind_events", [],
        "Events that are durable and not in the figures yet.";
    FIGURES_STALE: Kind::Counter, "tablica_figures_stale_seconds_total", [],
        "Time during which an event that was made durable more than 1 s ago was not in the figures.";
    STATE_FREE_BYTES: Kind::Gauge, "tablica_state_free_bytes", [],
        "Room left for the server on the disk of its state folder.";
    STATE_FREE_FILES: Kind::Gauge, "tablica_state_free_files", [],
        "Files (inodes) that can still be made on the disk of the state folder; NaN where there is no limit.";
    JOURNAL_COMMIT: Kind::Histogram(Buckets::Work), "tablica_journal_commit_seconds", [],
        "Duration of commits, the disk's part included.";

    // Screens.
    SCREENS: Kind::Gauge, "tablica_screens", ["board"],
        "Screens connected.";
    PICTURE_AGE: Kind::Gauge, "tablica_screen_picture_age_seconds", ["board", "screen"],
        "Age of the picture that the screen, by name or number, says it has painted.";
    SCREEN_UP: Kind::Gauge, "tablica_screen_up", ["board", "screen"],
        "1 while a screen with a name is connected; 0 after it left, until an operator removes it.";
    SCREEN_EXPECTED: Kind::Gauge, "tablica_screen_expected", ["board", "screen"],
        "1 while a screen with a name is to be on, 0 outside the hours that it was given.";
    SCREEN_CONNECTS: Kind::Counter, "tablica_screen_connects_total", [],
        "Connections made by screens.";
    IMAGES_LEFT_OUT: Kind::Gauge, "tablica_board_images_left_out", ["reason"],
        "Pictures in the boards' folder that no board can show, by the limit of `[boards]` that they are over, or unreadable.";
    BOARD_VERSIONS_DROPPED: Kind::Counter, "tablica_board_versions_dropped_total", ["limit"],
        "Earlier texts of boards that were dropped, the oldest first, for a limit of `[boards]`.";
    SCREENS_REFUSED: Kind::Counter, "tablica_screens_refused_total", [],
        "Connections refused because server.screens_max screens are open.";
    SCREENS_CLOSED: Kind::Counter, "tablica_screens_closed_total", ["reason"],
        "Connections that the server ended: the screen was slow, silent or noisy (said too much), or its pairing was revoked.";
    SCREEN_LAGGED: Kind::Counter, "tablica_screen_lagged_total", [],
        "Times that a screen was too slow and was sent the newest state instead of a delta.";
    SCREEN_FRAMES: Kind::Counter, "tablica_screen_frames_total", ["kind"],
        "Frames sent to screens: snapshots and deltas.";
    SCREENS_PAIRED: Kind::Gauge, "tablica_screens_paired", [],
        "Screens that an operator has paired, connected or not.";
    PAIRING_REFUSED: Kind::Counter, "tablica_pairing_refused_total", ["limit"],
        "Codes and pairings refused by a limit of `[pairing]`.";
    SCREEN_TURNS_RESTARTED: Kind::Counter, "tablica_screen_turns_restarted_total", [],
        "Times that a screen's page found its playlist stuck and began the turn again.";
    REPORT_MAILS: Kind::Counter, "tablica_report_mails_total", ["report", "result"],
        "Mails with a report, one for each recipient: sent, retried (put off), given_up (refused, or tried often enough), missed (the server was down for longer than mail.catch_up).";
    REPORT_UNDELIVERED: Kind::Gauge, "tablica_report_undelivered", ["report"],
        "Recipients who have not got the last report that was due, after a first try.";
    REPORT_MAILS_REFUSED: Kind::Counter, "tablica_report_mails_refused_total", [],
        "Mails that somebody wanted to send by hand, refused by mail.by_hand_per_hour_max.";
    ALERTS: Kind::Gauge, "tablica_alerts", ["alert"],
        "Alerts that hold, as Tablica watches them itself; muted ones are counted, too.";
    ALERT_SERIES_LEFT_OUT: Kind::Gauge, "tablica_alert_series_left_out", [],
        "Series that alerts do not see, beyond alerts.series_max.";
    ALERT_MESSAGES: Kind::Counter, "tablica_alert_messages_total", ["receiver", "result"],
        "Messages about alerts: sent, or failed, which is tried again.";

    // The server.
    CLOCK_JUMPS: Kind::Counter, "tablica_clock_jumps_total", ["direction"],
        "Times that the machine's clock jumped by more than 10 s, ahead or back.";
    CLOCK_HELD: Kind::Gauge, "tablica_clock_held_seconds", [],
        "How far the machine's clock is from the time that counts, ahead or, negative, behind, while a jump is not followed; else 0.";
    CLOCK_FOLLOWED: Kind::Counter, "tablica_clock_followed_total", [],
        "Jumps of the machine's clock that lasted for server.clock_hold and are followed.";
    RELOADS: Kind::Counter, "tablica_reloads_total", ["result"],
        "Reloads of the config: ok; partly, a channel goes on as before; refused, everything does.";
    RELOAD_OK: Kind::Gauge, "tablica_reload_ok", [],
        "0 while the config that was read last is not in force as a whole, else 1.";
    RELOAD_LAST_SUCCESS: Kind::Gauge, "tablica_reload_last_success_timestamp_seconds", [],
        "When the config was last read and taken up as a whole, at a start or by a reload.";
    ANNOTATIONS_REFUSED: Kind::Counter, "tablica_annotations_refused_total", [],
        "Annotations refused because annotations.entries_max are kept.";
    BUILD_INFO: Kind::Gauge, "tablica_build_info", ["version"],
        "Always 1; the label says what runs.";
}
