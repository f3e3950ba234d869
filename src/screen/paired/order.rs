//! What a command beside the server asks it to do with screens: put into the file, carried out by the
//! server, and answered there.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::store::Store;
use super::{PairError, Paired, PairedScreen, Shows, locked};
use crate::journal::SideFileError;

/// Orders that are carried out in one go.
const ORDERS_AT_ONCE: usize = 64;

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// Say which there are.
    List,
    /// Let a screen in.
    Approve {
        /// What it shows.
        code: String,
        /// What it is to be called.
        name: String,
        /// Where it hangs.
        place: String,
        /// What it is to show.
        shows: Shows,
    },
    /// Make a token worthless.
    Revoke {
        /// Whose.
        name: String,
    },
    /// Have it show something else.
    Move {
        /// Which.
        name: String,
        /// What.
        shows: Shows,
    },
    /// Call it otherwise.
    Rename {
        /// Which.
        name: String,
        /// What.
        to: String,
        /// Where it hangs; as before where nothing is said.
        place: Option<String>,
    },
    /// Say when it is to be on.
    Expect {
        /// Which.
        name: String,
        /// By which calendar; always without one.
        calendar: Option<String>,
    },
    /// Have its page load again.
    Reload {
        /// Which.
        name: String,
    },
    /// Have it show its name.
    Identify {
        /// Which.
        name: String,
    },
}

/// What came of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Done,
    /// Those that there are.
    Screens(Vec<PairedScreen>),
    /// Not done, and why.
    Refused(String),
}

/// Orders to a server that has this state folder.
pub struct Orders(Store);

impl Orders {
    /// None where no server of this version ever ran.
    pub fn beside(state_dir: &Path) -> Result<Option<Orders>, SideFileError> {
        Ok(Store::beside(state_dir)?.map(Orders))
    }

    /// Asks the server, and looks what came of it until it has answered; `pause` is the wait between
    /// looks. None when nobody has after so many.
    pub fn ask(
        &mut self,
        order: &Order,
        looks_max: u32,
        mut pause: impl FnMut(),
    ) -> Result<Option<Outcome>, SideFileError> {
        let wanted = serde_json::to_string(order).unwrap_or_default();
        let id = self.0.request(&wanted)?;
        for look in 1..=looks_max {
            pause();
            if let Some(outcome) = self.0.take_outcome(id, look == looks_max)? {
                return Ok(serde_json::from_str(&outcome).ok());
            }
        }
        Ok(None)
    }

    /// Paired screens as they are on disk, whether a server runs or not.
    pub fn on_disk(&self) -> Result<Vec<PairedScreen>, SideFileError> {
        let all = self.0.load()?.into_iter().map(|(_, record)| PairedScreen {
            name: record.name,
            place: record.place,
            shows: record.shows,
            paired_ms: record.paired_ms,
            seen_ms: 0,
            address: None,
            browser: String::new(),
            build: String::new(),
            board: String::new(),
            calendar: record.calendar,
            expected: true,
        });
        Ok(all.collect())
    }
}

impl Paired {
    /// Does what commands have asked for since the last call; answers the names that nobody has any
    /// more. Blocks on the disk.
    pub fn carry_out_orders(&self) -> Result<Vec<String>, SideFileError> {
        let mut gone = Vec::new();
        let requested = locked(&self.store).requested(ORDERS_AT_ONCE)?;
        for (id, wanted) in requested {
            let outcome = match serde_json::from_str(&wanted) {
                Ok(order) => {
                    let outcome = self.carry_out(&order);
                    if let (Outcome::Done, Order::Revoke { name } | Order::Rename { name, .. }) =
                        (&outcome, &order)
                    {
                        gone.push(name.clone());
                    }
                    outcome
                }
                Err(error) => Outcome::Refused(format!("the server does not know this: {error}")),
            };
            let outcome = serde_json::to_string(&outcome).unwrap_or_default();
            locked(&self.store).answer(id, &outcome)?;
        }
        Ok(gone)
    }

    fn carry_out(&self, order: &Order) -> Outcome {
        let done = match order {
            Order::List => return Outcome::Screens(self.list()),
            Order::Approve { code, name, place, shows } => {
                self.approve(code, name, place, shows, None)
            }
            Order::Revoke { name } => self.revoke(name),
            Order::Move { name, shows } => self.show(name, shows),
            Order::Rename { name, to, place } => self.rename(name, to, place.as_deref()),
            Order::Expect { name, calendar } => self.expect(name, calendar.as_deref()),
            Order::Reload { name } => self.reload(name),
            Order::Identify { name } => self.identify(name),
        };
        done.map_or_else(|error: PairError| Outcome::Refused(error.to_string()), |()| Outcome::Done)
    }
}
