//! Ratings that a customer gives a contact.

use super::fact::{Fact, Rating};
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

impl ContactState {
    pub(super) fn rated(&mut self, fact: &Fact, rating: Rating) {
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
        if given >= CSI_GOOD {
            self.mark(Field::CsiGood, fact);
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
}
