//! Ratings that a customer gives a contact. The last one of each dimension counts.

use super::fact::{Fact, Rating};
use super::mark::Mark;
use super::state::ContactState;
use crate::engine::counting::Field;

/// A rating of four of five, in thousandths: positive, by the definition of CSAT.
const POSITIVE: u16 = 800;
/// 9 and 10 of 10 promote; up to 6 of 10 detract (NPS).
const PROMOTES: u16 = 900;
const DETRACTS: u16 = 600;
/// 8 to 10 of 10 are good, 1 to 3 bad (CSI).
const CSI_GOOD: u16 = 800;
const CSI_BAD: u16 = 300;

/// Everything that a rating can count as.
const RATED: [Field; 9] = [
    Field::Ratings,
    Field::RatingsPositive,
    Field::RatingsOfAsked,
    Field::NpsRatings,
    Field::NpsPromoters,
    Field::NpsDetractors,
    Field::CsiGood,
    Field::CsiBad,
    Field::CsiInvalid,
];

impl ContactState {
    /// A customer who is asked again is asked once.
    pub(super) fn rating_requested(&mut self, fact: &Fact) {
        if !self.progress.once.asked_to_rate {
            self.progress.once.asked_to_rate = true;
            self.mark(Field::RatingRequests, fact);
            let has_rated = |field| {
                let number = self.episode_number();
                self.marks.iter().any(|it| it.episode == number && it.field == field)
            };
            if has_rated(Field::Ratings) {
                self.mark(Field::RatingsOfAsked, fact);
            }
        }
    }

    pub(super) fn rated(&mut self, fact: &Fact, rating: Rating) {
        self.forget_rating(rating);
        let given = rating.thousandths;
        let all = self.marked(Field::Ratings, fact).took(i64::from(given));
        let positive = (given >= POSITIVE).then(|| self.marked(Field::RatingsPositive, fact));
        self.marks.push(all.labelled(rating.label));
        self.marks.extend(positive.map(|mark| mark.labelled(rating.label)));
        if !rating.overall {
            return;
        }
        self.marks.push(all);
        self.marks.extend(positive);
        if self.progress.once.asked_to_rate {
            self.mark(Field::RatingsOfAsked, fact);
        }
        if given >= CSI_GOOD {
            self.mark(Field::CsiGood, fact);
        } else if given == 0 {
            self.mark(Field::CsiInvalid, fact);
        } else if given <= CSI_BAD {
            self.mark(Field::CsiBad, fact);
        }
        if rating.of_ten {
            self.mark(Field::NpsRatings, fact);
            if given >= PROMOTES {
                self.mark(Field::NpsPromoters, fact);
            } else if given <= DETRACTS {
                self.mark(Field::NpsDetractors, fact);
            }
        }
    }

    /// The customer rates the same thing once more: what they said before no longer counts.
    fn forget_rating(&mut self, rating: Rating) {
        let number = self.episode_number();
        self.marks.retain(|mark| {
            let is_same = match mark.label {
                Some(label) => label == rating.label,
                None => rating.overall,
            };
            mark.episode != number || !is_same || !is_rating(mark)
        });
    }
}

/// It counts what a customer has rated.
pub(super) fn is_rating(mark: &Mark) -> bool {
    RATED.contains(&mark.field)
}
