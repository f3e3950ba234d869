//! Which feed is asked when. Beside each request its timer runs on, so that a lost answer or a failure is not
//! the last one.

use tablica_plugin::poll::Answered;
use tablica_plugin::{Command, Failure, LogLevel, Output, Request, Response, bad_input, pieces};

use crate::address::{host, resolve};
use crate::charset;
use crate::decode;
use crate::settings::{Content, Settings};
use crate::source::{News, Source};

/// Feeds of comments of our own posts that are asked, beside those that the operator names; the newest posts'.
const COMMENT_FEEDS_MAX: usize = 40;
/// Pages with older entries that are asked for after a gap, and redirections that are followed.
const STEPS_MAX: u32 = 5;
/// A longer address is none.
const URL_BYTES_MAX: usize = 2048;

/// All feeds: those of the settings first, then those of comments.
#[derive(Debug)]
pub(crate) struct Polling {
    sources: Vec<Source>,
    named: usize,
}

/// What a request was for: `KEY:p2` is the second page of a feed, `KEY:r1` its first redirection.
struct Tag {
    key: u64,
    page: u32,
    hops: u32,
}

impl Tag {
    fn write(&self) -> String {
        format!("{:016x}:{}:{}", self.key, self.page, self.hops)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let key = u64::from_str_radix(parts.next()?, 16).ok()?;
        Some(Self { key, page: parts.next()?.parse().ok()?, hops: parts.next()?.parse().ok()? })
    }
}

impl Polling {
    pub(crate) fn new(settings: &Settings) -> Self {
        let sources = settings.feeds.iter().map(|it| Source {
            url: it.url.clone(),
            queue: it.queue.clone(),
            ..Source::default()
        });
        Self { sources: sources.collect(), named: settings.feeds.len() }
    }

    pub(crate) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// What was known of feeds that are still named, and of those of comments.
    pub(crate) fn restore(&mut self, known: Vec<Source>) {
        for old in known {
            match self.sources.iter_mut().find(|it| it.url == old.url && it.post == old.post) {
                Some(source) => (source.feed, source.records) = (old.feed, old.records),
                None if old.post.is_some() => self.sources.push(old),
                None => {}
            }
        }
    }

    pub(crate) fn start(&self, settings: &Settings) -> Output {
        let commands = self.sources.iter().flat_map(|it| ask(it, settings));
        Output { commands: commands.collect(), ..Output::default() }
    }

    pub(crate) fn timer(&self, tag: &str, settings: &Settings) -> Output {
        let source = self.sources.iter().find(|it| timer_tag(it.key()) == tag);
        let commands = source.map(|it| ask(it, settings)).unwrap_or_default();
        Output { commands, ..Output::default() }
    }

    pub(crate) fn answer(
        &mut self,
        answer: &Response,
        settings: &Settings,
        now_ms: u64,
    ) -> Result<Output, Failure> {
        let tag = Tag::read(&answer.tag).ok_or_else(|| bad_input("an answer to no request"))?;
        let Some(place) = self.sources.iter().position(|it| it.key() == tag.key) else {
            // A feed of comments that is not asked any more.
            return Ok(Output::default());
        };
        let is_named = place < self.named;
        let content = match settings.feeds.get(place) {
            Some(named) if is_named => named.content,
            _ => Content::Comments,
        };
        let Some(source) = self.sources.get_mut(place) else { return Ok(Output::default()) };
        if matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(redirected(answer, source, &tag));
        }
        let version = match source.feed.answer(answer, now_ms) {
            Answered::Nothing => return Ok(Output::default()),
            Answered::Wait(ms) => {
                let mut output = refused(answer, source, ms.max(settings.every_ms()));
                if tag.page > 1 {
                    // Older entries were to be there.
                    output.events.push(decode::gap(&source.url, &now_ms.to_string()));
                }
                return Ok(output);
            }
            Answered::Fresh(version) => version,
        };
        let content_type =
            answer.headers.iter().find(|it| it.name.eq_ignore_ascii_case("content-type"));
        let text = charset::text(&answer.body, content_type.map(|it| it.value.as_str()));
        let is_first = tag.page == 1;
        let mut news = source.read(&text, content, is_first, settings, now_ms)?;
        // What was cut off is asked for again, whole.
        if is_first && news.is_whole {
            source.feed.taken(version);
        }
        let mut commands = Vec::new();
        match news.gap.take() {
            Some(Some(next)) if tag.page < STEPS_MAX && same_host(&next, &source.url) => {
                let tag = Tag { page: tag.page.saturating_add(1), hops: 0, ..tag };
                commands.push(Command::Fetch(Request::get(pieces![next], &tag.write())));
            }
            Some(_) => news.give_up(),
            None => {}
        }
        let queue = source.queue.clone();
        if content == Content::OwnPosts && is_first {
            commands.extend(self.comments(&news, queue.as_deref(), settings));
        }
        Ok(Output { events: news.events, commands, reply: None })
    }

    /// Asks feeds of comments that are new, and forgets the oldest beyond their number.
    fn comments(&mut self, news: &News, queue: Option<&str>, settings: &Settings) -> Vec<Command> {
        let mut commands = Vec::new();
        // Oldest first, so that the newest stay.
        for (url, post, is_news) in &news.comments {
            let is_known = self.sources.iter().any(|it| it.url == *url);
            let is_address = host(url).is_some() && url.len() <= URL_BYTES_MAX;
            if is_known || !is_address || !url.starts_with("http") {
                continue;
            }
            let mut source = Source {
                url: url.clone(),
                post: Some(post.clone()),
                queue: queue.map(str::to_owned),
                ..Source::default()
            };
            if *is_news {
                source.begin();
            }
            commands.extend(ask(&source, settings));
            self.sources.push(source);
        }
        while self.sources.len() > self.named.saturating_add(COMMENT_FEEDS_MAX) {
            let gone = self.sources.remove(self.named);
            let timer = timer_tag(gone.key());
            let of_it = |it: &Command| match it {
                Command::Fetch(request) => {
                    Tag::read(&request.tag).is_some_and(|it| it.key == gone.key())
                }
                Command::Timer(it) => it.tag == timer,
                _ => false,
            };
            commands.retain(|it| !of_it(it));
            commands.push(Command::cancel_timer(timer));
        }
        commands
    }
}

fn timer_tag(key: u64) -> String {
    format!("{key:016x}")
}

fn ask(source: &Source, settings: &Settings) -> Vec<Command> {
    let tag = Tag { key: source.key(), page: 1, hops: 0 };
    let request = Request::get(pieces![source.url.as_str()], &tag.write());
    vec![
        Command::Fetch(source.feed.ask(request)),
        Command::timer(timer_tag(source.key()), settings.every_ms()),
    ]
}

fn redirected(answer: &Response, source: &Source, tag: &Tag) -> Output {
    let to = answer.headers.iter().find(|it| it.name.eq_ignore_ascii_case("location"));
    let to = to.map(|it| resolve(&source.url, &it.value)).filter(|it| it.len() <= URL_BYTES_MAX);
    let command = match to {
        Some(to) if tag.hops < STEPS_MAX && to.starts_with("http") => {
            let tag = Tag { hops: tag.hops.saturating_add(1), ..*tag };
            Command::Fetch(source.feed.ask(Request::get(pieces![to], &tag.write())))
        }
        _ => Command::log(LogLevel::Warn, "a feed leads on without an end"),
    };
    Output { commands: vec![command], ..Output::default() }
}

fn refused(answer: &Response, source: &Source, after_ms: u32) -> Output {
    let why = match answer.status {
        0 => "a feed did not answer".to_owned(),
        status => format!("a feed answered with status {status}"),
    };
    let commands =
        vec![Command::timer(timer_tag(source.key()), after_ms), Command::log(LogLevel::Warn, why)];
    Output { commands, ..Output::default() }
}

fn same_host(one: &str, other: &str) -> bool {
    host(one).is_some() && host(one) == host(other)
}
