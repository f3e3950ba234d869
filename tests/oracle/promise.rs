//! What policies promise: each promise with the time that its clock ran, its end and its verdict.

use tablica::event::{Author, Millis, UnixMs};

use super::contact::{Contact, Outcome, Place, Stay, WaitEnd};
use super::hours;
use super::reading::{Point, Reading};
use super::world::{Clock, DAY, Policy, WARN_PERCENT};

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Standing {
    Running,
    AtRisk,
    Breached,
    Paused,
    /// Not open any more.
    Closed,
}

/// How a promise ended.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Kept,
    /// It counts neither as kept nor as broken, unless it was broken before.
    Left,
}

/// One promise to one contact.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    pub(super) policy: Policy,
    pub(super) place: Place,
    pub(super) standing: Standing,
    /// When it was kept or broken, and whether it was kept.
    pub(super) verdict: Option<(UnixMs, bool)>,
    /// When it breaks if nobody acts; only of one whose clock runs.
    pub(super) breaks_ms: Option<UnixMs>,
}

/// Before it is judged: when its clock runs, and how it ends.
#[derive(Clone)]
struct Draft {
    start_ms: UnixMs,
    /// The stretches in which it is our turn; without an end, it still is.
    turns: Vec<(UnixMs, Option<UnixMs>)>,
    end: Option<(UnixMs, End)>,
    /// The network's own measure of the time that it took.
    told_ms: Option<Millis>,
}

/// All promises of a policy to a contact.
pub(super) fn promises(
    policy: Policy,
    contact: &Contact,
    now_ms: UnixMs,
    reading: Reading,
) -> Vec<Promise> {
    if !contact.counts() || !covers_traits(policy, contact, reading) {
        return Vec::new();
    }
    let drafts = match policy.clock {
        Clock::Answer if contact.is_voice => answer(contact, reading),
        Clock::FirstResponse if !contact.is_voice => first_response(contact, reading),
        Clock::NextResponse if !contact.is_voice => next_response(contact, reading),
        Clock::Resolution if contact.is_voice => call_resolution(contact),
        Clock::Resolution => resolution(policy, contact, reading),
        _ => Vec::new(),
    };
    let drafts = drafts.into_iter();
    let judged = drafts.filter_map(|draft| {
        let here = judge(policy, contact, draft.clone(), now_ms, reading);
        let Some(broken) = broken_before(policy, contact, &draft, now_ms, reading) else {
            return here;
        };
        let is_open = |it: &Promise| it.standing != Standing::Closed;
        Some(match here {
            Some(here) if is_open(&here) => {
                let standing = match here.standing {
                    Standing::Paused if reading.has(Point::BreachedPauses) => Standing::Paused,
                    _ => Standing::Breached,
                };
                Promise { standing, verdict: broken.verdict, breaks_ms: None, ..here }
            }
            Some(here) => Promise { verdict: broken.verdict, ..here },
            None => broken,
        })
    });
    judged.collect()
}

/// What a team had broken before the contact left it stays broken, of that time, though the contact
/// comes back to the team. From one of a policy's queues to another it does not leave.
fn broken_before(
    policy: Policy,
    contact: &Contact,
    draft: &Draft,
    now_ms: UnixMs,
    reading: Reading,
) -> Option<Promise> {
    let ended_ms = draft.end.map_or(UnixMs::MAX, |(at_ms, _)| at_ms);
    let is_in = |queue: &str| policy.queues.is_empty() || policy.queues.contains(&queue);
    let moves = contact.queues.iter().skip(1).filter(|(_, queue)| !is_in(queue));
    let moves = moves.map(|(at_ms, _)| *at_ms);
    let moves = moves.filter(|at_ms| draft.start_ms <= *at_ms && *at_ms < ended_ms);
    let mut left = moves.filter_map(|at_ms| {
        let draft = Draft { end: Some((at_ms, End::Left)), ..draft.clone() };
        judge(policy, contact, draft, now_ms, reading).filter(|promise| promise.verdict.is_some())
    });
    left.next()
}

/// Whether the policy is for contacts of this make, wherever they are.
pub(super) fn covers_traits(policy: Policy, contact: &Contact, reading: Reading) -> bool {
    let priorities = policy.priorities;
    let is_ranked = if reading.has(Point::PromiseToWhoWasRanked) {
        contact.ranks.iter().any(|(_, priority)| priorities.contains(priority))
    } else {
        priorities.contains(&contact.priority)
    };
    (policy.channels.is_empty() || policy.channels.contains(&contact.channel.as_str()))
        && (policy.kinds.is_empty() || policy.kinds.contains(&contact.kind))
        && policy.public.is_none_or(|public| public == contact.public)
        && (priorities.is_empty() || is_ranked)
        && (!policy.complaints || contact.complaint.is_some())
}

/// From when the caller came to the answer, through however many queues: policies count from the opening.
/// One who was answered and comes to another queue waits anew.
fn answer(contact: &Contact, reading: Reading) -> Vec<Draft> {
    let goes_on = |stay: &Stay, _: &Stay| matches!(stay.outcome, Outcome::FlowedOut(_));
    let waits = contact.stays.chunk_by(goes_on).filter_map(|stays| {
        let (first, last) = (stays.first()?, stays.last()?);
        let end = match last.outcome {
            Outcome::Waiting => None,
            Outcome::Answered(at_ms) => Some((at_ms, End::Kept)),
            Outcome::Abandoned(at_ms) => Some((at_ms, End::Left)),
            Outcome::FlowedOut(_) if reading.has(Point::FlowOutBreaksAtDeadline) => None,
            Outcome::FlowedOut(at_ms) => Some((at_ms, End::Left)),
        };
        let start_ms = first.offered_ms;
        let told_ms = last.told_wait_ms.filter(|_| stays.len() == 1);
        Some(Draft { start_ms, turns: vec![(start_ms, None)], end, told_ms })
    });
    waits.collect()
}

/// A human of ours had replied by then.
fn is_helped_by(contact: &Contact, at_ms: UnixMs) -> bool {
    let help = contact.first_replies.iter().map(|reply| reply.at_ms);
    help.min().is_some_and(|first_ms| first_ms <= at_ms)
}

/// How a contact that nobody replied to ended, by whoever settled it.
fn unreplied(contact: &Contact, at_ms: UnixMs, how: WaitEnd, reading: Reading) -> (UnixMs, End) {
    let is_response = match how {
        WaitEnd::Reply => true,
        WaitEnd::Settled(Author::Bot) => is_helped_by(contact, at_ms),
        WaitEnd::Settled(Author::Customer) => reading.has(Point::SettledByCustomerIsResponse),
        WaitEnd::Settled(_) => reading.has(Point::SettledIsResponse),
        WaitEnd::GaveUp | WaitEnd::TookAway => false,
    };
    (at_ms, if is_response { End::Kept } else { End::Left })
}

/// From the opening, or a reopening before any human's reply, to the first human reply.
fn first_response(contact: &Contact, reading: Reading) -> Vec<Draft> {
    let starts =
        std::iter::once(contact.came_ms).chain(contact.came_again.iter().map(|(ms, _)| *ms));
    let drafts = starts.map(|start_ms| {
        let reply = contact.first_replies.iter().find(|reply| reply.from_ms == start_ms);
        let ended = contact.waits.iter().filter_map(|wait| wait.end);
        let ended = ended.filter(|(at_ms, _)| *at_ms >= start_ms).min_by_key(|(at_ms, _)| *at_ms);
        let end = reply.map(|reply| (reply.at_ms, End::Kept));
        let end = end.or_else(|| ended.map(|(at_ms, how)| unreplied(contact, at_ms, how, reading)));
        Draft { start_ms, turns: vec![(start_ms, None)], end, told_ms: None }
    });
    drafts.collect()
}

/// Each wait for a reply.
fn next_response(contact: &Contact, reading: Reading) -> Vec<Draft> {
    let is_question = |asked: bool| asked || !reading.has(Point::SilentReopeningIsNoQuestion);
    let waits = contact.waits.iter().filter(|wait| is_question(wait.is_asked));
    let drafts = waits.map(|wait| Draft {
        start_ms: wait.since_ms,
        turns: vec![(wait.since_ms, None)],
        end: wait.end.map(|(at_ms, how)| unreplied(contact, at_ms, how, reading)),
        told_ms: None,
    });
    drafts.collect()
}

/// From the opening, and from each reopening, to the settlement; while the customer has a reply and
/// says no more, it is the customer's turn.
fn resolution(policy: Policy, contact: &Contact, reading: Reading) -> Vec<Draft> {
    let reopened = contact.reopened.iter().map(|reopened| reopened.at_ms);
    // Each life of the contact ends with the settlement of its number.
    let lives = std::iter::once(contact.came_ms).chain(reopened).enumerate();
    let mut starts: Vec<(usize, UnixMs)> = lives.collect();
    if let Some(complaint) = contact.complaint.as_ref().filter(|_| policy.complaints) {
        // From the complaint on; of the lives of the contact before it, nothing is promised.
        let (before, later): (Vec<_>, Vec<_>) =
            starts.into_iter().partition(|(_, at_ms)| *at_ms <= complaint.at_ms);
        starts = before.last().map(|(life, _)| (*life, complaint.at_ms)).into_iter().collect();
        if !reading.has(Point::ComplaintEndsAtResolution) {
            starts.extend(later);
        }
    }
    let drafts = starts.into_iter().map(|(life, start_ms)| {
        let settled = contact.settled.get(life);
        let given_up = contact.waits.iter().filter_map(|wait| wait.end);
        let given_up = given_up.filter(|(at_ms, how)| {
            *at_ms >= start_ms && matches!(how, WaitEnd::GaveUp | WaitEnd::TookAway)
        });
        let ends = settled.map(|(at_ms, by, _)| {
            let replied = is_helped_by(contact, *at_ms);
            let leaves = match by {
                Author::Bot => !replied,
                Author::Agent => false,
                _ => !replied && reading.has(Point::SelfSettledLeaves),
            };
            (*at_ms, if leaves { End::Left } else { End::Kept })
        });
        let silent = contact.over.filter(|_| settled.is_none()).map(|(at_ms, _)| {
            let keeps = reading.has(Point::SilenceKeepsResolution);
            (at_ms, if keeps { End::Kept } else { End::Left })
        });
        let end = ends.or(given_up.map(|(at_ms, _)| (at_ms, End::Left)).next()).or(silent);
        let turns = contact.waits.iter().filter_map(|wait| {
            let until_ms = wait.end.map(|(at_ms, _)| at_ms);
            let from_ms = wait.since_ms.max(start_ms);
            until_ms.is_none_or(|until_ms| until_ms > from_ms).then_some((from_ms, until_ms))
        });
        let ended_ms = end.map_or(UnixMs::MAX, |(at_ms, _)| at_ms);
        let turns = turns.filter(|(from_ms, _)| *from_ms < ended_ms).collect();
        Draft { start_ms, turns, end, told_ms: None }
    });
    drafts.collect()
}

/// A caller's matter is settled when the network says so: by the end of the talk alone it is not.
/// Who left without having been answered is promised nothing any more.
fn call_resolution(contact: &Contact) -> Vec<Draft> {
    let start_ms = contact.came_ms;
    let last = contact.stays.last();
    let end = last.and_then(|stay| match stay.outcome {
        Outcome::Waiting | Outcome::Answered(_) => None,
        Outcome::Abandoned(at_ms) | Outcome::FlowedOut(at_ms) => Some((at_ms, End::Left)),
    });
    vec![Draft { start_ms, turns: vec![(start_ms, None)], end, told_ms: None }]
}

/// Where the contact was then; a move at that very moment comes after.
fn queue_at(contact: &Contact, at_ms: UnixMs) -> &str {
    let queue = contact.queues.iter().rfind(|(from_ms, _)| *from_ms < at_ms);
    queue.map_or(contact.first_queue(), |(_, queue)| queue)
}

/// A promise is that of the queue where it ends, or where the contact is now. Since when it had been
/// in the policy's queues then.
fn arrived_ms(policy: Policy, contact: &Contact, seen_ms: UnixMs) -> Option<UnixMs> {
    let is_in = |queue: &str| policy.queues.is_empty() || policy.queues.contains(&queue);
    if !is_in(queue_at(contact, seen_ms)) {
        return None;
    }
    let before = contact.queues.iter().filter(|(from_ms, _)| *from_ms < seen_ms);
    let before: Vec<_> = before.collect();
    match before.iter().rposition(|(_, queue)| !is_in(queue)) {
        None => Some(UnixMs::MIN),
        Some(elsewhere) => before.get(elsewhere + 1).map(|(from_ms, _)| *from_ms),
    }
}

fn judge(
    policy: Policy,
    contact: &Contact,
    mut draft: Draft,
    now_ms: UnixMs,
    reading: Reading,
) -> Option<Promise> {
    let seen_ms = draft.end.map_or(now_ms + 1, |(at_ms, _)| at_ms);
    let came_ms = arrived_ms(policy, contact, seen_ms)?;
    if reading.has(Point::PromiseFromRanking) && !policy.priorities.is_empty() {
        let ranked = contact.ranks.iter().rev();
        let ranked = ranked.take_while(|(_, priority)| policy.priorities.contains(priority)).last();
        let (ranked_ms, _) = ranked?;
        if draft.start_ms < *ranked_ms {
            draft.start_ms = *ranked_ms;
            draft.turns = vec![(*ranked_ms, None)];
        }
    }
    if policy.from_arrival && draft.start_ms < came_ms {
        draft.start_ms = came_ms;
        for (from_ms, _) in &mut draft.turns {
            *from_ms = came_ms.max(*from_ms);
        }
        draft.turns.retain(|(from_ms, to_ms)| to_ms.is_none_or(|to_ms| to_ms > *from_ms));
    }
    let ended_ms = draft.end.map(|(at_ms, _)| at_ms);
    if ended_ms.is_some_and(|at_ms| at_ms < came_ms || at_ms < draft.start_ms) {
        return None;
    }
    let deadline_ms = reached(policy, &draft, policy.target_ms, now_ms);
    let is_told = draft.told_ms.is_some_and(|_| !reading.has(Point::ServiceLevelBySeenWait));
    let in_time = |at_ms: UnixMs| match draft.told_ms.filter(|_| is_told) {
        Some(told_ms) => told_ms <= policy.target_ms,
        None => deadline_ms.is_none_or(|deadline_ms| at_ms <= deadline_ms),
    };
    let broken_ms = deadline_ms.map(|deadline_ms| deadline_ms.max(came_ms));
    let verdict = match draft.end {
        Some((at_ms, End::Kept)) if in_time(at_ms) => Some((at_ms, true)),
        Some((at_ms, End::Left)) if in_time(at_ms) => None,
        _ => broken_ms.filter(|_| deadline_ms.is_some_and(|ms| ms < now_ms)).map(|ms| (ms, false)),
    };
    let our_turn = draft.turns.last().is_some_and(|(_, until_ms)| until_ms.is_none());
    let runs = our_turn && hours::is_open(policy.office, now_ms);
    let elapsed_ms = elapsed(policy, &draft, now_ms);
    let standing = if draft.end.is_some() {
        Standing::Closed
    } else if verdict.is_some() {
        if !runs && reading.has(Point::BreachedPauses) {
            Standing::Paused
        } else {
            Standing::Breached
        }
    } else if !runs {
        Standing::Paused
    } else if elapsed_ms * 100 >= policy.target_ms * WARN_PERCENT {
        Standing::AtRisk
    } else {
        Standing::Running
    };
    let is_clocked = matches!(standing, Standing::Running | Standing::AtRisk);
    let queue = queue_at(contact, seen_ms).to_owned();
    // Theirs who had the contact when it ended, or has it now; what was kept before anybody is named
    // is theirs who had it first after that.
    let had = contact.agent_by(seen_ms);
    let after = || contact.agents.first().map(String::as_str);
    let is_kept = matches!(draft.end, Some((_, End::Kept)));
    let agent = if is_kept { had.or_else(after) } else { had };
    Some(Promise {
        policy,
        place: Place { queue, agent: agent.map(str::to_owned) },
        standing,
        verdict,
        breaks_ms: deadline_ms.filter(|_| is_clocked),
    })
}

/// The stretches in which the clock runs, up to two weeks ahead of now.
fn stretches(policy: Policy, draft: &Draft, now_ms: UnixMs) -> Vec<(UnixMs, UnixMs)> {
    let far_ms = now_ms + 14 * DAY;
    let turns = draft.turns.iter();
    turns.flat_map(|(from, to)| hours::open(policy.office, *from, to.unwrap_or(far_ms))).collect()
}

/// When the clock reaches so much.
fn reached(policy: Policy, draft: &Draft, target_ms: Millis, now_ms: UnixMs) -> Option<UnixMs> {
    let mut left_ms = target_ms;
    for (from_ms, to_ms) in stretches(policy, draft, now_ms) {
        if to_ms - from_ms >= left_ms {
            return Some(from_ms + left_ms);
        }
        left_ms -= to_ms - from_ms;
    }
    None
}

/// How long the clock has run by now.
fn elapsed(policy: Policy, draft: &Draft, now_ms: UnixMs) -> Millis {
    let stretches = stretches(policy, draft, now_ms).into_iter();
    stretches.map(|(from_ms, to_ms)| (to_ms.min(now_ms) - from_ms).max(0)).sum()
}
