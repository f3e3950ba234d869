//! Quality: what customers say when they are asked how it was. Always with how many were asked.

use super::reading::share;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, COMMON, Kpi, OWN, Outcome, Reading, text};
use crate::engine::{Field, Sum};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "csat",
        title: "CSAT",
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: "positive ratings (4 or 5 of 5) / ratings",
        source: COMMON,
        doc: "Customer satisfaction: share of the overall ratings that are positive, which is at \
              least four fifths of the best one on any scale. The last rating of a contact counts. \
              Select a dimension (clear, easy, correct, fast) to see the ratings of that one.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            let (positive, ratings) =
                (reading.get(Field::RatingsPositive), reading.get(Field::Ratings));
            let sentence = format!(
                "{} of {} {} {} were positive (at least 4 of 5)",
                text::count(positive),
                text::count(ratings),
                ratings_of(reading),
                reading.when(),
            );
            rated(kpi, reading, share(positive, ratings), sentence).count("positive", positive)
        },
    },
    Kpi {
        id: "rating",
        title: "Rating",
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: "Σ (rating / best rating) / ratings",
        source: OWN,
        doc: "Mean rating as a share of the best possible one: 4 of 5 is 80 %. The last rating of \
              a contact counts. These are the overall ratings, or those of the dimension that is \
              selected.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            let (sum, ratings) = (reading.sum_ms(Sum::Rating), reading.get(Field::Ratings));
            let figure = match ratings {
                1.. => Figure::Number(sum as f64 / ratings as f64 / 1000.0),
                _ => Figure::NoData,
            };
            let sentence = format!(
                "{} {} {}: {} of the best possible on average",
                text::count(ratings),
                ratings_of(reading),
                reading.when(),
                text::figure(figure, Unit::Ratio),
            );
            rated(kpi, reading, figure, sentence).count("rating_thousandths", sum)
        },
    },
    Kpi {
        id: "nps",
        title: "NPS",
        unit: Unit::Points,
        better: Better::Higher,
        is_state: false,
        expression: "(ratings 9–10 − ratings 0–6) / ratings on 0..10 × 100",
        source: "F. F. Reichheld, \"The One Number You Need to Grow\", Harvard Business Review, \
                 December 2003",
        doc: "Net promoter score: the share of promoters (9 and 10) less the share of detractors \
              (0 to 6), from −100 to 100, of the overall ratings on a scale to 10. Ratings on \
              other scales are not counted.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            let ratings = reading.get(Field::NpsRatings);
            let promoters = reading.get(Field::NpsPromoters);
            let detractors = reading.get(Field::NpsDetractors);
            let figure = match share(promoters - detractors, ratings) {
                Figure::Number(net) => Figure::Number(net * 100.0),
                other => other,
            };
            let sentence = format!(
                "Of {} ratings to ten {}, {} were 9 or 10 and {} at most 6",
                text::count(ratings),
                reading.when(),
                text::count(promoters),
                text::count(detractors),
            );
            rated(kpi, reading, figure, sentence)
                .count("ratings_to_ten", ratings)
                .count("promoters", promoters)
                .count("detractors", detractors)
        },
    },
    Kpi {
        id: "csi",
        title: "CSI",
        unit: Unit::Number,
        better: Better::Higher,
        is_state: false,
        expression: "ratings 8–10 / ratings 1–3 of 10",
        source: "Tablica's own definition; other indices of this name are computed differently",
        doc: "Customer satisfaction index: good ratings (8 to 10) for each bad one (1 to 3) on a \
              scale from 1 to 10; other scales are converted to it. A 0 on a scale to 10 is \
              invalid and is counted as such. Without a bad rating there is no data, and the \
              receipt says ∞ and how many good ones there are.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            let [good, bad, invalid] =
                [Field::CsiGood, Field::CsiBad, Field::CsiInvalid].map(|field| reading.get(field));
            let when = reading.when();
            let goods = format!("{} (8 to 10 of 10)", text::counted(good, "good ratings"));
            let sentence = match (good, bad) {
                (_, 1..) => format!("{goods} and {} bad (1 to 3) {when}", text::count(bad)),
                (1.., _) => format!("∞ ({good}): {goods} and none bad {when}"),
                _ => format!("None of the ratings {when} was good (8 to 10 of 10) or bad (1 to 3)"),
            };
            let sentence = match invalid {
                0 => sentence,
                _ => format!("{sentence}; {} of 0 are left out", text::counted(invalid, "ratings")),
            };
            rated(kpi, reading, share(good, bad), sentence)
                .count("good", good)
                .count("bad", bad)
                .count("invalid", invalid)
        },
    },
    Kpi {
        id: "rating_response_rate",
        title: "Rating response rate",
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: "customers asked who gave an overall rating / customers asked",
        source: COMMON,
        doc: "Share of the customers asked for a rating who gave one. Ratings that nobody asked \
              for are left out. No data where the network does not tell that customers were asked.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let (answered, requests) =
                (reading.get(Field::RatingsOfAsked), reading.get(Field::RatingRequests));
            let sentence = format!("Ratings {}: {}.", reading.when(), answer_rate(reading));
            Outcome::new(kpi, share(answered, requests), sentence)
                .count("ratings_of_asked", answered)
                .count("ratings", reading.get(Field::Ratings))
                .count("requests", requests)
        },
    },
];

/// A figure of ratings: `sentence` has no full stop yet, the answer rate follows.
fn rated(kpi: &Kpi, reading: &Reading<'_>, figure: Figure, sentence: String) -> Outcome {
    if reading.is_empty() {
        return nothing_seen(kpi);
    }
    let ratings = reading.get(Field::Ratings);
    let sentence = match ratings {
        1.. => sentence,
        _ => format!("No {} were given {}", ratings_of(reading), reading.when()),
    };
    Outcome::new(kpi, figure, format!("{sentence}; {}.", answer_rate(reading)))
        .count("ratings", ratings)
        .count("requests", reading.get(Field::RatingRequests))
}

/// "ratings", "ratings of \"clear\"".
fn ratings_of(reading: &Reading<'_>) -> String {
    match &reading.selector.dimension {
        Some(dimension) => format!("ratings of \"{dimension}\""),
        None => "ratings".to_owned(),
    }
}

fn answer_rate(reading: &Reading<'_>) -> String {
    let (answered, requests) =
        (reading.get(Field::RatingsOfAsked), reading.get(Field::RatingRequests));
    match share(answered, requests) {
        Figure::Number(rate) => format!(
            "{} of {} customers who were asked answered ({})",
            text::count(answered),
            text::count(requests),
            text::figure(Figure::Number(rate), Unit::Ratio),
        ),
        _ => "how many customers were asked is not known".to_owned(),
    }
}
