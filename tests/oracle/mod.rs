//! An oracle: every figure of the registry recounted from the definitions, to hold the engine to.
//!
//! # The model
//!
//! A scenario is a list of events in the order in which they became known, and a moment. Nothing is
//! kept between two moments: for each one everything is recounted from the list.
//!
//! 1. `recount`: the events known by then, each once, by the time at which they happened; events of
//!    one moment as they were told. They fall into threads, one for each (channel, interaction).
//! 2. `call`, `written`: a thread becomes contacts. A call is one contact; a written thread has a
//!    new contact for each message that finds none open. A contact (`contact`) is lists: stays in
//!    queues with what became of them, talks, waits for a reply, replies, settlements, reopenings,
//!    ratings, messages, each with its time, queue and agent.
//! 3. `promise`: what each policy promised the contact: when the clock ran, when and how it ended.
//!    `crew`: what each agent did when. `customers`: whose contacts are one customer's.
//! 4. `figures`: one function for each KPI, which looks through those lists for what the selector
//!    and the span cover (`ask`), counts, adds and divides. `hours` knows days and open hours.
//!
//! # What the definitions leave open
//!
//! `reading` names every open point. The recount reads each in one way; a figure that comes out
//! differently when one point is read in the other way is left out of the comparison under that
//! point's name. What no reading changes is demanded to the last digit (percentiles: to half a per
//! cent). Where even that cannot be said, `figures` answers "undecided" with a reason. How much was
//! left out for which reason is printed with each run. No tolerance is wider than the definitions'.
//!
//! # What is compared
//!
//! `draw` makes scenarios of six channels: two telephone systems, of which one tells when wrap-up is
//! done (`pbx`, `gate`); a chat that tells who gives up and what is settled (`web`); a help desk that
//! tells what is settled (`desk`); public comments (`fb`) and a messenger (`tg`) that tell neither.
//! `questions` are all KPIs by everything that contacts can be selected by, alone and in pairs, over
//! all windows. `compare` accepts the recount's answer, or "not applicable" with a sentence where the
//! figure cannot follow the selector (`refusals`); never 0 or "no data" where the recount has another
//! number.
//! `table` walks the whole table, `orders` tells long contacts in any order and late, `weeks` looks at
//! figures that need weeks, `examples` holds the oracle itself to published and agreed examples.
//!
//! # What is not recounted
//!
//! `agents_required` and `agents_missing` (of which span their AHT is, is not defined); people with
//! several names (`agents.people`); calls longer than `contacts.call_max`; which queue an agent is of;
//! whose a contact of several agents is. A promise is theirs who had the contact when it ended.
//!
//! `report` groups what differs by KPI, with the smallest scenario (`smallest`) as a list of events.
//! Other days: `ORACLE_SEED=99 ORACLE_DAYS=20 cargo test --test scenarios oracle::table`; of some KPIs
//! only: `ORACLE_KPI=offered,frt*`.

mod ask;
mod call;
mod compare;
mod contact;
mod crew;
mod customers;
mod dice;
mod draw;
mod draw_calls;
mod draw_written;
mod examples;
mod figures;
mod hours;
mod orders;
mod pen;
mod promise;
mod questions;
mod reading;
mod recount;
mod refusals;
mod reply;
mod report;
mod smallest;
mod table;
mod weeks;
mod world;
mod written;
