//! What is said of us and to us: mentions, tone, spam.

use tablica::event::Sentiment;
use tablica::scope::Selector;

use super::super::ask::{Answer, Ask, count, share};
use super::super::reading::Point;
use super::Figure;

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("mentions", |ask| {
        let Selector { kind, priority, .. } = ask.selector;
        if kind.is_some() || priority.is_some() {
            return Answer::NotApplicable; // a mention has neither
        }
        counted(ask, |word| word.is_mention && !word.is_spam)
    }),
    ("public_posts", |ask| counted(ask, |word| word.is_public && !word.is_spam)),
    ("public_negative", |ask| {
        counted(ask, |word| word.is_public && !word.is_spam && word.is(Sentiment::Negative))
    }),
    ("spam", |ask| counted(ask, |word| word.is_spam)),
    ("negative_share", |ask| toned(ask, |[bad, neutral, good]| share(bad, bad + neutral + good))),
    ("net_sentiment", |ask| {
        toned(ask, |[bad, _, good]| match share(good, good + bad) {
            Answer::Number(share) => Answer::Number(2.0 * share - 1.0),
            other => other,
        })
    }),
    // Four weeks are not known in these scenarios.
    ("mentions_jump", |_| Answer::NoData),
    ("negative_jump", |_| Answer::NoData),
    ("contacts_jump", |_| Answer::NoData),
];

/// Something said by a customer, to us or of us.
struct Word {
    is_mention: bool,
    is_public: bool,
    is_spam: bool,
    sentiment: Sentiment,
}

impl Word {
    fn is(&self, sentiment: Sentiment) -> bool {
        self.sentiment == sentiment
    }
}

/// Everything selected that was said in the span.
fn words(ask: &Ask<'_>) -> Vec<Word> {
    let Selector { channel, queue, agent, kind, priority, public, topic, .. } = ask.selector;
    let mentions = ask.recount.mentions.iter().filter(|spoken| {
        // They are to nobody, and of no kind and no rank.
        (agent.is_none() && kind.is_none() && priority.is_none())
            && channel.as_ref().is_none_or(|channel| *channel == spoken.channel)
            && queue.as_ref().is_none_or(|queue| *queue == spoken.queue)
            && public.is_none_or(|public| public == spoken.mention.public)
            && topic.as_ref().is_none_or(|topic| {
                !spoken.mention.spam && spoken.mention.topics.contains(topic) // spam has none
            })
            && ask.span.holds(spoken.at_ms)
    });
    let mentions = mentions.map(|spoken| Word {
        is_mention: true,
        is_public: spoken.mention.public,
        is_spam: spoken.mention.spam,
        sentiment: spoken.mention.sentiment,
    });
    let mentions: Vec<_> = mentions.collect();
    let contacts = ask.recount.contacts.iter().filter(|contact| ask.covers(contact));
    let said = contacts.flat_map(|contact| {
        let said = contact.said.iter().filter(|said| {
            let is_about = !ask.reads(Point::TopicOfTheMessage)
                || topic.as_ref().is_none_or(|topic| said.topics.contains(topic));
            (!said.by_peer || ask.reads(Point::PeersAreCustomers))
                && is_about
                && ask.is_here(contact, &said.place)
                && ask.span.holds(said.at_ms)
        });
        said.map(|said| Word {
            is_mention: false,
            is_public: said.public,
            is_spam: said.is_spam,
            sentiment: said.sentiment,
        })
    });
    mentions.into_iter().chain(said).collect()
}

/// Whether anything of the kind was ever seen.
fn is_heard(ask: &Ask<'_>) -> bool {
    let ever = super::super::hours::Span { from_ms: i64::MIN, to_ms: i64::MAX };
    let ever = Ask { span: ever, ..*ask };
    !words(&ever).is_empty() || ask.none_of(super::super::ask::Of::All).is_none()
}

fn counted(ask: &Ask<'_>, is_it: fn(&Word) -> bool) -> Answer {
    if !is_heard(ask) {
        return Answer::Nothing;
    }
    count(words(ask).iter().filter(|word| is_it(word)).count())
}

/// Of what is no spam: negative, neutral, positive.
fn toned(ask: &Ask<'_>, of: fn([usize; 3]) -> Answer) -> Answer {
    let mut words = words(ask);
    words.retain(|word| !word.is_spam);
    let tones = [Sentiment::Negative, Sentiment::Neutral, Sentiment::Positive];
    let counts = tones.map(|tone| words.iter().filter(|word| word.is(tone)).count());
    if !is_heard(ask) { Answer::Nothing } else { of(counts) }
}
