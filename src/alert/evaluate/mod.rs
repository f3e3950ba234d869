//! What an expression of an alert rule is, by what is known at a moment. Gives what Prometheus gives.

mod aggregate;
mod buckets;
mod operate;
mod over;

use crate::alert::expression::{Expression, LOOK_BACK_MS, Over, Range, Selection};
use crate::alert::history::{FINE_MS, History, Labels, Ms, Point};

/// Series in an answer at most: more is a mistake in the rule.
const SERIES_MAX: usize = 100_000;

/// A value with its labels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    /// What it is of, without the metric's name.
    pub(crate) labels: Labels,
    /// How much.
    pub(crate) value: f64,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EvaluateError {
    /// The two sides of an operator do not find each other.
    #[error("more than one series of one side has the labels {0}")]
    ManyToMany(String),
    /// There are too many series.
    #[error("the answer has more than {SERIES_MAX} series")]
    TooMany,
}

type Evaluated = Result<Vec<Sample>, EvaluateError>;

/// The expression's values at a moment; a number is one value without labels.
pub(crate) fn evaluate(expression: &Expression, history: &History, at_ms: Ms) -> Evaluated {
    let answer = Evaluator { history, at_ms }.vector(expression)?;
    if answer.len() > SERIES_MAX { Err(EvaluateError::TooMany) } else { Ok(answer) }
}

struct Evaluator<'a> {
    history: &'a History,
    at_ms: Ms,
}

impl Evaluator<'_> {
    fn vector(&self, expression: &Expression) -> Evaluated {
        Ok(match expression {
            Expression::Number(_) | Expression::Now => {
                vec![Sample { labels: Labels::new(), value: self.scalar(expression)? }]
            }
            Expression::Select(selection) => self.select(selection),
            Expression::Over(over, range) => {
                let is_even = matches!(over, Over::Avg | Over::Sum | Over::Count);
                self.each(range, is_even, |points, from_ms, to_ms| {
                    over::of(*over, points, from_ms, to_ms)
                })
            }
            Expression::PredictLinear(range, ahead) => {
                let ahead_s = self.scalar(ahead)?;
                self.each(range, true, |points, _, to_ms| over::predicted(points, to_ms, ahead_s))
            }
            Expression::HistogramQuantile(quantile, buckets) => {
                buckets::quantiles(self.scalar(quantile)?, self.vector(buckets)?)
            }
            Expression::Absent(of, labels) => match self.vector(of)?.is_empty() {
                true => vec![Sample { labels: labels.iter().cloned().collect(), value: 1.0 }],
                false => Vec::new(),
            },
            Expression::Aggregate(aggregate, grouping, of) => {
                aggregate::groups(*aggregate, grouping, self.vector(of)?)
            }
            Expression::TopK(count, grouping, of) => {
                aggregate::largest(self.scalar(count)?, grouping, self.vector(of)?)
            }
            Expression::Negative(of) => {
                let negative = |it: Sample| Sample { value: -it.value, ..it };
                self.vector(of)?.into_iter().map(negative).collect()
            }
            Expression::Binary(operator, matching, left, right) => {
                match (left.is_scalar(), right.is_scalar()) {
                    (true, true) => {
                        vec![Sample { labels: Labels::new(), value: self.scalar(expression)? }]
                    }
                    (true, false) => {
                        operate::number_first(*operator, self.scalar(left)?, self.vector(right)?)
                    }
                    (false, true) => {
                        operate::number_last(*operator, self.vector(left)?, self.scalar(right)?)
                    }
                    (false, false) => operate::series(
                        *operator,
                        matching,
                        self.vector(left)?,
                        self.vector(right)?,
                    )?,
                }
            }
        })
    }

    /// Of an expression without series.
    fn scalar(&self, expression: &Expression) -> Result<f64, EvaluateError> {
        Ok(match expression {
            Expression::Number(number) => *number,
            Expression::Now => self.at_ms as f64 / 1000.0,
            Expression::Negative(of) => -self.scalar(of)?,
            Expression::Binary(operator, _, left, right) => {
                operate::numbers(*operator, self.scalar(left)?, self.scalar(right)?)
            }
            // `Expression::is_scalar` keeps others away from here.
            _ => f64::NAN,
        })
    }

    fn select(&self, selection: &Selection) -> Vec<Sample> {
        let at_ms = self.at_ms - selection.offset_ms;
        let series = self.history.of(&selection.metric);
        let series = series.filter(|series| selection.takes(&series.labels));
        let newest = series.filter_map(|series| {
            let newest = series.points(at_ms - LOOK_BACK_MS + 1, at_ms).next_back()?;
            Some(Sample { labels: series.labels.clone(), value: newest.value? })
        });
        newest.collect()
    }

    /// One value for each series of a range, where there is one. Of a long range evenly spread points, where
    /// each of them has the same weight.
    fn each(
        &self,
        range: &Range,
        is_even: bool,
        of: impl Fn(&[(Ms, f64)], Ms, Ms) -> Option<f64>,
    ) -> Vec<Sample> {
        let to_ms = self.at_ms - range.selection.offset_ms;
        let from_ms = to_ms - range.range_ms;
        let series = self.history.of(&range.selection.metric);
        let series = series.filter(|series| range.selection.takes(&series.labels));
        let mut points = Vec::new();
        let values = series.filter_map(|series| {
            points.clear();
            let known = |Point { at_ms, value }| Some((at_ms, value?));
            if is_even && range.range_ms > FINE_MS {
                points.extend(series.even_points(from_ms, to_ms).filter_map(known));
            } else {
                points.extend(series.points(from_ms, to_ms).filter_map(known));
            }
            Some(Sample { labels: series.labels.clone(), value: of(&points, from_ms, to_ms)? })
        });
        values.collect()
    }
}
