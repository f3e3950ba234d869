//! The links that a plugin asked for, as the actor holds them.
//!
//! What comes on them is handed in as what waits in the mailbox is: in order, in one call with what
//! came along, and within the same limits by the second. It has its place in the link's order, so
//! nobody brings it again; a link that breaks is the feed's gap, and journaled as such.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle as Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::Actor;
use crate::channel::Fetcher;
use crate::channel::input::{Content, Delivery, Frame, Input, LinkDown, LinkUp};
use crate::channel::link::{
    BackOff, Connect, Handle, Limits, Linker, Outgoing, Pace, Told, What, start,
};
use crate::channel::status::{Limit, LinkState, LinkStatus};
use crate::clock;
use crate::config::model::ChannelLimits;
use crate::event::{Feed, FeedPart, FeedState};

/// What all links have told and the actor has not taken. Frames are bounded by bytes besides.
const TOLD_MAX: usize = 256;
/// Names that are remembered for their back-off, for each link that there may be.
const NAMES_FOR_EACH: usize = 4;
/// How long links may take to say good-bye when the channel stops.
const FAREWELLS: Duration = Duration::from_secs(2);

pub(super) struct Links {
    linker: Option<Arc<dyn Linker>>,
    table: BTreeMap<Arc<str>, Entry>,
    tell: mpsc::Sender<Told>,
    told: mpsc::Receiver<Told>,
    tasks: JoinSet<()>,
    /// Where links run, wherever the actor is: the runtime that it was started on.
    runtime: Runtime,
    last_id: u64,
    /// What the journal was told last.
    feed: Option<FeedState>,
}

struct Entry {
    /// Of the connection; of the last one when there is no handle.
    id: u64,
    handle: Option<Handle>,
    /// When it opened.
    up: Option<Instant>,
    back_off: BackOff,
    /// The plugin wants it to be: it has not closed it.
    is_wanted: bool,
    status: LinkStatus,
}

impl Links {
    pub(super) fn new(fetcher: &Arc<dyn Fetcher>) -> Self {
        let (tell, told) = mpsc::channel(TOLD_MAX);
        Self {
            linker: Arc::clone(fetcher).linker(),
            table: BTreeMap::new(),
            tell,
            told,
            tasks: JoinSet::new(),
            runtime: Runtime::current(),
            last_id: 0,
            feed: None,
        }
    }

    /// What the links have to say.
    pub(super) async fn next(&mut self, told: &mut Vec<Told>, max: usize) -> usize {
        // It never closes: the other end is here, too.
        self.told.recv_many(told, max).await
    }

    /// Goes on with another way out: the operator has changed something, so nothing has to wait.
    pub(super) fn go_on_with(&mut self, fetcher: &Arc<dyn Fetcher>) {
        self.linker = Arc::clone(fetcher).linker();
        self.table.clear();
    }

    /// Opens a link, in the place of the one of its name; or says why not.
    fn connect(&mut self, connect: Connect, limits: &ChannelLimits) -> Result<(), String> {
        let Some(linker) = self.linker.clone() else {
            return Err("there are no links here".to_owned());
        };
        while self.tasks.try_join_next().is_some() {}
        let now = Instant::now();
        let max = limits.links_max;
        let name = Arc::clone(&connect.link);
        if !self.table.contains_key(&name) {
            // Who takes a new name each time does not get around the wait.
            self.table.retain(|_, it| it.handle.is_some() || !it.back_off.is_over(now));
        }
        let open = self.table.iter().filter(|(other, it)| **other != name && it.handle.is_some());
        if open.count() >= max {
            return Err(format!("there are {max} links already (limits.links_max)"));
        }
        if !self.table.contains_key(&name) && self.table.len() >= NAMES_FOR_EACH * max {
            return Err("links of too many other names have failed lately".to_owned());
        }
        let pace = linker.pace();
        let entry = self.table.entry(Arc::clone(&name)).or_insert_with(|| Entry::new(&name, pace));
        entry.end(now);
        let wait = entry.back_off.wait(now);
        self.last_id += 1;
        let limits = Limits {
            frame_bytes_max: limits.frame_bytes_max,
            queue_bytes_max: limits.link_queue_bytes_max,
        };
        let told = (self.last_id, self.tell.clone());
        entry.id = self.last_id;
        entry.is_wanted = true;
        entry.handle =
            Some(start((&mut self.tasks, &self.runtime), told, linker, connect, wait, limits));
        if wait.is_zero() {
            entry.set(LinkState::Connecting);
        } else {
            entry.set(LinkState::Waiting);
            let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            entry.status.opens_ms = Some(clock::now_ms().saturating_add(wait_ms));
        }
        Ok(())
    }

    /// Whether so much could be queued; none when there is no such link.
    fn send(&mut self, outgoing: Outgoing) -> Option<bool> {
        let entry = self.table.get(outgoing.link.as_str())?;
        Some(entry.handle.as_ref()?.send(outgoing))
    }

    /// Closes a link. One that is not open ends at once: then what the plugin is to hear.
    fn close(&mut self, name: &str, code: u16) -> Option<Option<LinkDown>> {
        let entry = self.table.get_mut(name)?;
        entry.is_wanted = false;
        let handle = entry.handle.as_ref()?;
        if entry.up.is_some() {
            handle.close(code);
            return Some(None);
        }
        let reason = "the plugin closed it before it was open".to_owned();
        entry.end(Instant::now());
        entry.set(LinkState::Down);
        entry.status.reason = Some(reason.clone());
        Some(Some(LinkDown { link: name.into(), code: None, reason }))
    }

    /// Ends all of them without a word to the plugin. True when the feed is down by that.
    pub(super) fn end_all(&mut self) -> bool {
        let now = Instant::now();
        let mut broke = false;
        for entry in self.table.values_mut() {
            broke |= entry.handle.is_some();
            entry.end(now);
            entry.is_wanted = false;
            entry.set(LinkState::Down);
        }
        broke && self.feed.replace(FeedState::Down) == Some(FeedState::Up)
    }

    /// Lets those that end say good-bye.
    pub(super) async fn farewell(&mut self) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        // Those that have not by then are dropped.
        let _ = timeout(FAREWELLS, all).await;
    }

    pub(super) fn statuses(&self) -> Vec<LinkStatus> {
        self.table.values().map(|entry| entry.status.clone()).collect()
    }

    /// The link that something was told of; none when that is over.
    fn current(&mut self, id: u64) -> Option<(Arc<str>, &mut Entry)> {
        let mut all = self.table.iter_mut();
        let (name, entry) = all.find(|(_, entry)| entry.id == id && entry.handle.is_some())?;
        Some((Arc::clone(name), entry))
    }

    /// What is to be said of the feed now, if that is news: it is up when all links are that the plugin
    /// wants.
    fn feed_news(&mut self) -> Option<FeedState> {
        let mut wanted = self.table.values().filter(|entry| entry.is_wanted).peekable();
        wanted.peek()?;
        let state = match wanted.all(|entry| entry.up.is_some()) {
            true => FeedState::Up,
            false => FeedState::Down,
        };
        (self.feed.replace(state) != Some(state)).then_some(state)
    }
}

impl Entry {
    fn new(name: &Arc<str>, pace: Pace) -> Self {
        let status = LinkStatus {
            link: name.to_string(),
            state: LinkState::Connecting,
            since_ms: clock::now_ms(),
            opens_ms: None,
            code: None,
            reason: None,
        };
        let back_off = BackOff::new(pace);
        Self { id: 0, handle: None, up: None, back_off, is_wanted: true, status }
    }

    fn set(&mut self, state: LinkState) {
        if self.status.state != state {
            self.status.since_ms = clock::now_ms();
        }
        self.status.state = state;
        self.status.opens_ms = None;
        if state == LinkState::Up {
            (self.status.code, self.status.reason) = (None, None);
        }
    }

    /// The connection is over for us. One that still waits for its turn has not failed once more.
    fn end(&mut self, now: Instant) {
        let up = self.up.take();
        if self.handle.take().is_some() && self.status.state != LinkState::Waiting {
            self.back_off.ended(up.map(|up| now.saturating_duration_since(up)), now);
        }
    }
}

fn of_links(state: FeedState) -> Content {
    Content::Feed(Feed::of(FeedPart::Link, state))
}

impl Actor {
    pub(super) fn connect(&mut self, connect: Connect) -> bool {
        let link = Arc::clone(&connect.link);
        let connected = self.links.connect(connect, &self.settings.limits);
        self.tell_links();
        let Err(reason) = connected else { return true };
        self.limit(Limit::Links, 1);
        self.not_tried(LinkDown { link, code: None, reason });
        false
    }

    /// A plugin that waits for its link must hear of it; one that asks without end need not.
    fn not_tried(&mut self, down: LinkDown) {
        if self.not_tried.len() < NAMES_FOR_EACH * self.settings.limits.links_max {
            self.not_tried.push_back(down);
        }
    }

    pub(super) fn send_on(&mut self, outgoing: Outgoing) -> bool {
        let sent = self.links.send(outgoing);
        if sent == Some(false) {
            self.limit(Limit::LinkQueue, 1);
        }
        sent == Some(true)
    }

    pub(super) fn close_link(&mut self, link: &str, code: u16) -> bool {
        let closed = self.links.close(link, code);
        self.tell_links();
        let is_known = closed.is_some();
        if let Some(Some(down)) = closed {
            self.not_tried(down);
        }
        is_known
    }

    /// Ends all links, and says in the journal that nothing comes.
    pub(super) fn end_links(&mut self) {
        if self.links.end_all() {
            self.journal_feed(FeedPart::Link, FeedState::Down);
        }
        self.tell_links();
    }

    pub(super) fn tell_links(&self) {
        self.meter.set_links(self.links.statuses());
    }

    /// Deals with what the links told. Their places are given back when all of it is dealt with.
    pub(super) async fn take_told(&mut self, told: Vec<Told>) {
        self.woke_itself = true;
        let received_ms = clock::now_ms();
        let deliver = |content| Delivery::of(content, received_ms);
        let mut frames = Vec::new();
        let mut places = Vec::new();
        for Told { id, what } in told {
            if !matches!(what, What::Frame(..)) && !frames.is_empty() {
                self.take(&mut frames).await;
            }
            let Some((link, entry)) = self.links.current(id) else { continue };
            match what {
                What::Frame(content, place) => {
                    places.push(place);
                    frames.push(deliver(Content::Input(Input::Frame(Frame { link, content }))));
                }
                What::Connecting => entry.set(LinkState::Connecting),
                What::Up { protocol, headers } => {
                    entry.up = Some(Instant::now());
                    entry.set(LinkState::Up);
                    tracing::info!(channel = self.settings.channel, %link, "a link is open");
                    let up = Input::Connected(LinkUp { link, protocol, headers });
                    let news = self.links.feed_news().map(of_links);
                    let both = news.into_iter().chain([Content::Input(up)]);
                    self.tell_links();
                    self.take(&mut both.map(deliver).collect()).await;
                }
                What::Down { ended, lived } => {
                    entry.handle = None;
                    entry.up = None;
                    entry.back_off.ended(lived, Instant::now());
                    entry.set(LinkState::Down);
                    entry.status.code = ended.code;
                    entry.status.reason = Some(ended.reason.clone());
                    if let Some(left_out) = self.lines.links.now() {
                        let (channel, reason) = (&self.settings.channel, &ended.reason);
                        let code = ended.code;
                        tracing::warn!(channel, %link, code, reason, left_out, "a link is down");
                    }
                    let reason = match ended.said {
                        Some(said) => format!("{}: {said}", ended.reason),
                        None => ended.reason,
                    };
                    let down = Input::Disconnected(LinkDown { link, code: ended.code, reason });
                    let news = self.links.feed_news().map(of_links);
                    let both = news.into_iter().chain([Content::Input(down)]);
                    if let Some(limit) = ended.limit {
                        self.limit(limit, 1);
                    }
                    self.tell_links();
                    self.take(&mut both.map(deliver).collect()).await;
                }
            }
        }
        self.take(&mut frames).await;
        self.tell_links();
    }
}
