//! Ratings by buttons: `[DIMENSION:]SCORE[/SCALE]` in what a button carries for us.

use crate::Rating;

impl Rating {
    /// A rating of so many of so many; none where there are not so many.
    pub fn new(dimension: impl Into<String>, score: f64, scale: f64) -> Option<Self> {
        let is_sound = is_scale(scale) && (0.0..=scale).contains(&score);
        is_sound.then(|| Self { dimension: dimension.into(), score, scale })
    }

    /// What a button carries that rates: behind the operator's prefix `4`, `4/5` or `speed:4/5`. The scale is the
    /// operator's where it says none; without a dimension it is `overall`. None when it is no rating.
    ///
    /// ```
    /// # use tablica_plugin::Rating;
    /// let rating = Rating::by_button("rate:speed:4/10", "rate:", 5.0).unwrap();
    /// assert_eq!((rating.dimension.as_str(), rating.score, rating.scale), ("speed", 4.0, 10.0));
    /// ```
    pub fn by_button(data: &str, prefix: &str, scale: f64) -> Option<Self> {
        let data = data.strip_prefix(prefix)?;
        let (dimension, figures) = data.rsplit_once(':').unwrap_or(("overall", data));
        match figures.split_once('/') {
            Some((score, scale)) => Self::new(dimension, score.parse().ok()?, scale.parse().ok()?),
            None => Self::new(dimension, figures.parse().ok()?, scale),
        }
    }
}

/// Checks the operator's `rating_scale`: the best rating where what comes does not say.
#[cfg(feature = "settings")]
pub fn check_rating_scale(scale: f64) -> Result<(), crate::Failure> {
    match is_scale(scale) {
        true => Ok(()),
        false => Err(crate::setting_error("/rating_scale", "must be above 0, such as 5")),
    }
}

fn is_scale(scale: f64) -> bool {
    scale > 0.0 && scale.is_finite()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_score_scale_and_dimension_or_less() {
        for (data, dimension, score, scale) in [
            ("rate:4", "overall", 4.0, 5.0),
            ("rate:0", "overall", 0.0, 5.0),
            ("rate:7.5/10", "overall", 7.5, 10.0),
            ("rate:speed:4", "speed", 4.0, 5.0),
            ("rate:a:b:4/5", "a:b", 4.0, 5.0),
            ("rate::4", "", 4.0, 5.0),
        ] {
            let expected = Rating { dimension: dimension.into(), score, scale };
            assert_eq!(Rating::by_button(data, "rate:", 5.0), Some(expected), "{data}");
        }
    }

    #[test]
    fn what_is_out_of_its_scale_or_no_number_is_no_rating() {
        for data in [
            "",
            "4",
            "rate:",
            "rate:6",
            "rate:-1",
            "rate:4/0",
            "rate:4/inf",
            "rate:nan",
            "rate:4/",
            "rate:4/5/6",
            "rate: 4",
            "rate:many",
        ] {
            assert_eq!(Rating::by_button(data, "rate:", 5.0), None, "{data}");
        }
        assert_eq!(Rating::by_button("4", "", f64::NAN), None);
    }

    #[test]
    #[cfg(feature = "settings")]
    fn a_scale_is_above_0() {
        assert_eq!(check_rating_scale(5.0), Ok(()));
        for scale in [0.0, -5.0, f64::INFINITY, f64::NAN] {
            let why = "/rating_scale: must be above 0, such as 5".to_owned();
            assert_eq!(check_rating_scale(scale), Err(crate::Failure::Config(why)), "{scale}");
        }
    }
}
