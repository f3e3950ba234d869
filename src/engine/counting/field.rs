//! What is counted and what is summed up: one list for buckets, windows, days, roll-ups and all
//! time.

use serde::{Deserialize, Serialize};

use crate::engine::ids::Flow;

/// Names each variant once: the enum, all of them in order, and the names that roll-ups are
/// kept under.
macro_rules! named {
    ($(#[$enum_doc:meta])* $Enum:ident { $($(#[$doc:meta])+ $Case:ident = $name:literal,)+ }) => {
        $(#[$enum_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum $Enum { $($(#[$doc])+ $Case,)+ }

        impl $Enum {
            /// All of them, in order.
            pub const ALL: &'static [$Enum] = &[$($Enum::$Case),+];

            /// Its name in receipts and roll-ups.
            pub fn name(self) -> &'static str {
                match self { $($Enum::$Case => $name),+ }
            }

            /// The one of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some($Enum::$Case),)+ _ => None }
            }
        }
    };
}

named! {
    /// One count. What happens to a contact is counted in the bucket in which it was *offered*;
    /// what service level needs, in the bucket in which it was *decided* (`Decided…`); everything
    /// else when it happened.
    Field {
        /// Stays in a queue that began.
        Offered = "offered",
        /// Of the offered: calls. The others are in writing.
        OfferedCalls = "offered_calls",
        /// Contacts that came in: the first of their stays.
        Contacts = "contacts",
        /// Contacts that asked for a first human answer, each once: when they came in, or when they
        /// were opened again without having had one.
        Asking = "asking",
        /// Of the offered: answered since.
        Answered = "answered",
        /// Of the answered: by an agent who had answered the same contact before.
        AnsweredAgain = "answered_again",
        /// Answers given, counted when they were: the waits of these make the speed of answer.
        Answers = "answers",
        /// Of the answers: by an agent who had answered the same contact before.
        AnswersAgain = "answers_again",
        /// Of the offered: abandoned since.
        Abandoned = "abandoned",
        /// Of the abandoned: within s.
        AbandonedShort = "abandoned_short",
        /// Of the offered: left the queue otherwise.
        FlowedOut = "flowed_out",
        /// Of the offered: still waiting.
        Waiting = "waiting",
        /// Flowed out by transfer; the twelve that follow are the other ways, in [`FLOWS`]' order.
        FlowTransferred = "transferred",
        /// Moved by rule.
        FlowOverflow = "overflow",
        /// Waited as long as the queue allows.
        FlowTimeout = "timeout",
        /// Pressed the exit key.
        FlowExitKey = "exit_key",
        /// Asked to be called back.
        FlowCallback = "callback",
        /// The queue was full.
        FlowQueueFull = "queue_full",
        /// Nobody was logged in.
        FlowQueueEmpty = "queue_empty",
        /// The end was never seen.
        FlowLost = "lost",
        /// The customer blocked us.
        FlowBlocked = "blocked",
        /// Settled without an answer.
        FlowResolved = "resolved_unanswered",
        /// The customer took back what they had written.
        FlowWithdrawn = "withdrawn",
        /// Goes on in another interaction.
        FlowMerged = "merged",
        /// The network does not say.
        FlowUnknown = "unknown",
        /// Service level: answered, abandoned, left, or T passed.
        Decided = "decided",
        /// Of the decided: answered.
        DecidedAnswered = "decided_answered",
        /// Of those: within T.
        DecidedInTime = "decided_in_time",
        /// Of the decided: abandoned.
        DecidedAbandoned = "decided_abandoned",
        /// Of those: within T.
        DecidedAbandonedInTime = "decided_abandoned_in_time",
        /// Of those: within s.
        DecidedAbandonedShort = "decided_abandoned_short",
        /// Of the decided: left the queue otherwise.
        DecidedFlowedOut = "decided_flowed_out",
        /// Of the asking: ever got a human answer. Counted when they asked.
        Reached = "reached",
        /// Of the asking: over without a human answer. Counted when they asked.
        NeverAnswered = "never_answered",
        /// First public human replies given.
        Responses = "responses",
        /// First answers of bots.
        BotResponses = "bot_responses",
        /// Human replies to customers who waited for one, the first and every further one.
        Replies = "replies",
        /// Contacts that another customer answered before us.
        PeerAnswers = "peer_answers",
        /// Contacts that got their first answer, of an agent or of another customer.
        FirstAnswers = "first_answers",
        /// Written contacts that an agent was told to take care of, each once.
        Assignments = "assignments",
        /// Calls that an agent has finished, after-work included.
        Handled = "handled",
        /// Of those: the agent had finished another part of the same call before.
        HandledAgain = "handled_again",
        /// Written contacts that are over after an agent worked on them.
        HandledWritten = "handled_written",
        /// Of the handled: the network told how long after-work took.
        WrapUps = "wrap_ups",
        /// Hand-overs to another queue or agent.
        Transfers = "transfers",
        /// Rings that the agent did not take.
        RingsMissed = "rings_missed",
        /// Matters settled for the first time.
        Resolved = "resolved",
        /// Matters settled for good, as far as is known.
        ResolvedFinally = "resolved_finally",
        /// Of the settled: by a bot.
        ResolvedByBot = "resolved_by_bot",
        /// Of the settled: by the customer themselves.
        ResolvedByCustomer = "resolved_by_customer",
        /// Settled matters that were opened again.
        Reopened = "reopened",
        /// Contacts of customers that can be recognised.
        Visits = "visits",
        /// Of those: the customer had been in contact within W before.
        RepeatVisits = "repeat_visits",
        /// Customers asked for a rating.
        RatingRequests = "rating_requests",
        /// Of those asked: gave an overall rating.
        RatingsOfAsked = "ratings_of_asked",
        /// Overall ratings given; the last one of each contact.
        Ratings = "ratings",
        /// Of those: four or five of five.
        RatingsPositive = "ratings_positive",
        /// Ratings on a scale to ten, for NPS.
        NpsRatings = "nps_ratings",
        /// Of those: 9 and 10.
        NpsPromoters = "nps_promoters",
        /// Of those: 0 to 6.
        NpsDetractors = "nps_detractors",
        /// Ratings that are 8 to 10 of 10.
        CsiGood = "csi_good",
        /// Ratings that are 1 to 3 of 10.
        CsiBad = "csi_bad",
        /// Ratings of 0 on that scale, which has none: neither good nor bad.
        CsiInvalid = "csi_invalid",
        /// Contacts that complain.
        Complaints = "complaints",
        /// Of those: settled for the first time since.
        ComplaintsResolved = "complaints_resolved",
        /// Clocks of the policies for complaints: stopped in time.
        ComplaintsInTime = "complaints_in_time",
        /// Clocks of the policies for complaints: ran out.
        ComplaintsLate = "complaints_late",
        /// Customers' public posts that our side removed.
        RemovedPosts = "removed_posts",
        /// The company was spoken of without being addressed.
        Mentions = "mentions",
        /// Mentions, and customers' messages, that praise.
        Positive = "positive",
        /// Mentions, and customers' messages, that criticise.
        Negative = "negative",
        /// Mentions, and customers' messages, that do neither.
        Neutral = "neutral",
        /// Mentions and customers' messages that strangers can read.
        PublicPosts = "public_posts",
        /// Of those: that criticise.
        PublicNegative = "public_negative",
        /// Spam: counts as nothing else.
        Spam = "spam",
        /// Of a policy's clocks: stopped in time.
        PolicyMet = "policy_met",
        /// Of a policy's clocks: ran out.
        PolicyBreached = "policy_breached",
        /// Of both: another clock of the same kind and contact was the same agent's before.
        PolicyAgain = "policy_again",
        /// Messages of customers.
        MessagesCustomer = "messages_customer",
        /// Messages of agents.
        MessagesAgent = "messages_agent",
        /// Messages of bots.
        MessagesBot = "messages_bot",
        /// Messages of other customers.
        MessagesPeer = "messages_peer",
        /// Messages of the network or help desk itself.
        MessagesSystem = "messages_system",
        /// Messages of ours that never got there.
        Undelivered = "undelivered",
        /// Of the [`Field::Replies`]: by an agent who had replied to the same contact before.
        RepliesAgain = "replies_again",
        /// Of a policy's clocks: neither stopped in time nor ran out, because nothing was to be waited
        /// for any more. The customer gave up, or a machine settled it.
        PolicyLeft = "policy_left",
        /// Of a policy's clocks that ran out: elsewhere, before the contact came to its queues.
        PolicyBrokenBefore = "policy_broken_before",
    }
}

impl Field {
    /// How many there are.
    pub(in crate::engine) const COUNT: usize = Field::ALL.len();
}

impl Sum {
    /// How many there are.
    pub(in crate::engine) const COUNT: usize = Sum::ALL.len();
}

/// The ways to leave a queue otherwise, with their names in receipts.
pub const FLOWS: [(Field, &str); 13] = [
    (Field::FlowTransferred, "transferred"),
    (Field::FlowOverflow, "overflow"),
    (Field::FlowTimeout, "timeout"),
    (Field::FlowExitKey, "exit_key"),
    (Field::FlowCallback, "callback"),
    (Field::FlowQueueFull, "queue_full"),
    (Field::FlowQueueEmpty, "queue_empty"),
    (Field::FlowLost, "lost"),
    (Field::FlowBlocked, "blocked"),
    (Field::FlowResolved, "resolved"),
    (Field::FlowWithdrawn, "withdrawn"),
    (Field::FlowMerged, "merged"),
    (Field::FlowUnknown, "unknown"),
];

impl Flow {
    pub(in crate::engine) fn field(self) -> Field {
        match self {
            Flow::Transferred => Field::FlowTransferred,
            Flow::Overflow => Field::FlowOverflow,
            Flow::Timeout => Field::FlowTimeout,
            Flow::ExitKey => Field::FlowExitKey,
            Flow::Callback => Field::FlowCallback,
            Flow::QueueFull => Field::FlowQueueFull,
            Flow::QueueEmpty => Field::FlowQueueEmpty,
            Flow::Lost => Field::FlowLost,
            Flow::Blocked => Field::FlowBlocked,
            Flow::Resolved => Field::FlowResolved,
            Flow::Withdrawn => Field::FlowWithdrawn,
            Flow::Merged => Field::FlowMerged,
            Flow::Unknown => Field::FlowUnknown,
        }
    }
}

named! {
    /// A sum of lengths, in milliseconds; of [`Sum::Rating`] in thousandths of the best rating.
    Sum {
        /// Waits of the [`Field::Answers`].
        WaitAnswered = "wait_answered_ms",
        /// First response times of the [`Field::Responses`].
        Response = "response_ms",
        /// First response times of the [`Field::Responses`], by the queue's business hours.
        ResponseBusiness = "response_business_ms",
        /// First response times of the [`Field::BotResponses`].
        BotResponse = "bot_response_ms",
        /// Waits that the [`Field::Replies`] ended.
        Reply = "reply_ms",
        /// From the opening to the assignment, of the [`Field::Assignments`].
        Assignment = "assignment_ms",
        /// Talk of the [`Field::Handled`].
        Talk = "talk_ms",
        /// Hold of the [`Field::Handled`].
        Hold = "hold_ms",
        /// After-work of the [`Field::WrapUps`].
        AfterWork = "after_work_ms",
        /// Agents' work on the [`Field::HandledWritten`].
        Active = "active_ms",
        /// From the opening to the end of the [`Field::HandledWritten`].
        Elapsed = "elapsed_ms",
        /// From the opening to the [`Field::Resolved`].
        Resolution = "resolution_ms",
        /// From the opening to the [`Field::ResolvedFinally`].
        ResolutionFinal = "resolution_final_ms",
        /// From the complaint to its settlement, of the [`Field::ComplaintsResolved`].
        ComplaintResolution = "complaint_resolution_ms",
        /// Overall ratings.
        Rating = "rating_thousandths",
    }
}

named! {
    /// Lengths whose distribution is kept, for medians and other quantiles.
    Length {
        /// Waits of the [`Field::Answers`].
        Wait = "wait",
        /// First response times.
        Response = "response",
        /// First response times by the queue's business hours.
        ResponseBusiness = "response_business",
        /// Waits that replies ended.
        Reply = "reply",
        /// From the opening to the first settlement.
        Resolution = "resolution",
        /// From the opening to the last settlement.
        ResolutionFinal = "resolution_final",
        /// From the opening to the assignment.
        Assignment = "assignment",
        /// Talk and hold of a call, without after-work.
        Handle = "handle",
    }
}
