//! Where the definitions leave a choice: each open point has a name here.
//!
//! The recount reads every open point in one way, and can be asked to read it in the other. A figure
//! that differs by how an open point is read is left out of the comparison, under the point's name;
//! everything that all readings agree on is demanded.

/// Each point is written once, with the sentence that says the other way of reading it: the enum and
/// the list of all points are made of the same lines, so a new point cannot be missing in the list.
macro_rules! points {
    ($($(#[$other:meta])+ $Point:ident,)+) => {
        /// An open point. The sentence says the other way of reading it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Point { $($(#[$other])+ $Point,)+ }

        impl Point {
            pub(super) const ALL: &'static [Point] = &[$(Point::$Point),+];
        }
    };
}

points! {
    /// Who left the queue before T without an answer counts as late from T on. (Else: in no service
    /// level. "Options: flow-outs in or out of the denominator.")
    FlowOutsAreLate,
    /// Who left the queue before T without an answer counts as late at the moment of leaving.
    FlowOutsAreLateAtOnce,
    /// Who left the queue after T counts in no service level.
    LateFlowOutsAreLeftOut,
    /// Who still waits after T counts in the formulas that look at the answered only.
    LateCountsAsAnswered,
    /// A flow-out is counted in the denominator of the formulas by answered and abandoned, too.
    FlowOutsCountAsGivenUp,
    /// The service level goes by the events' times where the network has its own measure of the wait.
    ServiceLevelBySeenWait,
    /// T runs only while the queue's calendar is open.
    ThresholdInOpenTime,
    /// What comes back after a transfer or overflow waits from `queued` on, not from `transferred`.
    WaitsFromQueued,
    /// An answered written contact that moves to another queue is offered there, and waits.
    MovedIsOfferedAgain,
    /// An answered written contact that moves to another queue is offered and answered there at once.
    MovedIsAnsweredThere,
    /// A written contact that moves unanswered stays one offer, of the queue where it began.
    MovedStaysOffered,
    /// A written contact that moves unanswered is one offer, of the queue where it is.
    MovedIsOfferedOnlyThere,
    /// A contact reopened before any human answered waits in its first stay again.
    ReopenedWaitsOn,
    /// A contact reopened before any human answered comes in again in every way.
    ReopenedComesInAgain,
    /// A contact reopened before any human answered does not come in again at all.
    ReopenedNeverComesIn,
    /// A reopening by message and word is at the later of the two.
    ReopenedAtTheLater,
    /// Reopened without a message, the customer waits for nothing yet.
    ReopenedInSilence,
    /// What happened in a contact belongs to the queue in which it began.
    QueueOfOpening,
    /// What happened in a contact belongs to the queue in which it is now.
    QueueOfNow,
    /// What happened in a contact belongs to the agent who has it now.
    AgentOfNow,
    /// What happened in a contact belongs to the agent who had it first.
    AgentOfFirst,
    /// Silence is broken by anything that happens in a conversation, not by messages only.
    AnyFactBreaksSilence,
    /// Private words to a public question, and notes, are no work on it.
    WhispersAreNoWork,
    /// Work begins at whatever happened before, not at the message before.
    WorkSinceAnyFact,
    /// Work in hours of silence is that of messages to the customer only where one waits.
    WorkOnRepliesOnly,
    /// Calls that we began do not count as handled.
    OutboundIsNotHandled,
    /// A leg told twice, as handed on and as ended, ends at the later of the two.
    LegEndsAtTheLater,
    /// A call that we never saw opened is of no known kind.
    UnopenedIsUnknown,
    /// A message is about its own topics, not about its contact's.
    TopicOfTheMessage,
    /// Of those asked for a rating in a span, the answers in that span count.
    RatingsInTheSpan,
    /// A matter settled twice counts as settled by whoever settled it last.
    SettledByTheLast,
    /// Whom a human had answered is not settled by a bot or alone.
    HumanHelpIsNoAutomation,
    /// Each reopening of a matter counts.
    EveryReopening,
    /// What a customer asked after the first answer counts for the longest wait of today, too.
    LaterWaitsCount,
    /// A hand-over belongs to the queue that it goes to.
    HandOverOfTarget,
    /// A move by rule, told as `left` and `queued`, is a hand-over, too.
    OverflowIsHandOver,
    /// Another customer's messages count as customers' messages.
    PeersAreCustomers,
    /// Calls are no contacts "answered first" by anybody.
    PeersInWritingOnly,
    /// A removed post is given up by its customer.
    RemovedIsAbandoned,
    /// Contacts that share a customer known only later are of one customer from then on.
    MergedFromThenOn,
    /// What flows out before its deadline has broken the promise of an answer at the deadline.
    FlowOutBreaksAtDeadline,
    /// A contact settled without a reply by somebody of ours, or the network, has got its response.
    SettledIsResponse,
    /// A contact settled by its customer has got its response.
    SettledByCustomerIsResponse,
    /// A contact of a certain rank is promised something from its ranking on.
    PromiseFromRanking,
    /// The clock of a complaint begins with each complaint after a reopening only.
    ComplaintEndsAtResolution,
    /// Overdue while the office is closed is paused.
    BreachedPauses,
    /// The mere word that a contact is open again is no question that waits for a reply.
    SilentReopeningIsNoQuestion,
    /// What its customer or the network settled, without a human of ours, leaves a resolution's policy.
    SelfSettledLeaves,
    /// A conversation that ends by silence has kept the promise of a resolution.
    SilenceKeepsResolution,
    /// A policy is for contacts that ever had its rank.
    PromiseToWhoWasRanked,
    /// A queue on two channels has its goal on each.
    GoalsByChannelToo,
    /// Ratings in the span of whoever was ever asked, by the requests in the span.
    RatingsOfWhoeverWasAsked,
    /// A rating of any dimension is an answer to the request.
    AnyDimensionAnswers,
    /// A matter settled twice counts as two.
    EverySettlement,
}

/// How the open points are read: all in the first way, or one of them in the other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Reading(pub(super) Option<Point>);

impl Reading {
    pub(super) fn has(self, point: Point) -> bool {
        self.0 == Some(point)
    }
}
