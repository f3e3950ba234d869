//! What changes of a ticket mean, however they are told.

use tablica_plugin::{
    Awaits, Kind, Moment, Pending, Priority, Rating as Rated, Resolution, Transfer, TransferWay,
};

use crate::words::{Rating, Status};

/// A new state. One that went from solved to pending was opened again on its way.
pub(crate) fn status(
    before: Option<Status>,
    now: Status,
    by: tablica_plugin::Author,
) -> Vec<(&'static str, Kind)> {
    let was_settled = before == Some(Status::Settled);
    let reopened = ("reopened", Kind::Reopened);
    let waits = |awaits| ("pending", Kind::Pending(Pending { awaits, until: Moment::None }));
    let awaits = match now {
        Status::Settled if was_settled => return Vec::new(),
        Status::Settled => {
            return vec![("resolved", Kind::Resolved(Resolution { by, note: None }))];
        }
        // The first agent took it: that is an assignment, told apart.
        Status::New | Status::Open if matches!(before, Some(Status::New | Status::Open)) => {
            return Vec::new();
        }
        Status::New | Status::Open => return vec![reopened],
        Status::Pending => Awaits::Customer,
        Status::Hold => Awaits::ThirdParty,
    };
    if was_settled { vec![reopened, waits(awaits)] } else { vec![waits(awaits)] }
}

/// Into another group. The first group of a ticket that nobody has touched is its queue; later ones are
/// transfers.
pub(crate) fn group(before: Option<&str>, to: String, status: Option<Status>) -> Kind {
    if before.is_none() && status == Some(Status::New) {
        return Kind::Queued;
    }
    let way = TransferWay::Unknown;
    Kind::Transferred(Transfer { to_queue: Some(to), to_agent: None, way })
}

pub(crate) fn priority(priority: Priority) -> Kind {
    Kind::Prioritized(priority)
}

/// Zendesk's customers say good or bad, on no scale.
pub(crate) fn rating(rating: Rating) -> Kind {
    let overall = |score| Kind::Rated(Rated { dimension: "overall".into(), score, scale: 1.0 });
    match rating {
        Rating::Offered => Kind::RatingRequested,
        Rating::Good => overall(1.0),
        Rating::Bad => overall(0.0),
    }
}
