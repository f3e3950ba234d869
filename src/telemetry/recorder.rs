//! What the recorder holds: every series, by its key and in the order of the table.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, SharedString, Unit};
use metrics_util::registry::{Registry, Storage};

use super::form::Form;
use super::names::{self, Buckets, Kind};
use super::series::{Count, Limits, Spread, State};
use super::text;
use crate::clock;

/// A gauge that nobody has set for so long is gone: a queue that was removed, a screen that was
/// switched off.
pub(super) const GAUGE_IDLE: Duration = Duration::from_secs(60);

/// Takes what is recorded through the handles of the table. What is not in the table leads nowhere.
#[derive(Clone, Debug)]
pub struct Recorder {
    held: Arc<Registry<Key, Families>>,
}

/// All metrics, in the order of the table.
#[derive(Debug)]
struct Families {
    all: Vec<Family>,
    by_name: HashMap<&'static str, usize>,
    /// Milliseconds are counted from here.
    begun: Instant,
}

/// One metric with its series, in the order in which they came.
#[derive(Debug)]
struct Family {
    text_head: Box<str>,
    open_metrics_head: Box<str>,
    series: Series,
}

#[derive(Debug)]
enum Series {
    Counts(List<Count>),
    States(List<State>),
    Spreads(List<Spread>, Arc<Limits>),
}

type List<T> = RwLock<Vec<Arc<T>>>;

impl Recorder {
    /// An empty one, with bucket limits in ascending order for each list of them.
    pub(super) fn new(limits: impl Fn(Buckets) -> Vec<f64>) -> Self {
        let family = |metric: &&names::Metric| Family {
            text_head: text::head(metric, Form::Text),
            open_metrics_head: text::head(metric, Form::OpenMetrics),
            series: match metric.kind {
                Kind::Counter => Series::Counts(List::default()),
                Kind::Gauge => Series::States(List::default()),
                Kind::Histogram(buckets) => {
                    Series::Spreads(List::default(), Arc::new(Limits::new(limits(buckets))))
                }
            },
        };
        let families = Families {
            all: names::ALL.iter().map(family).collect(),
            by_name: names::ALL.iter().enumerate().map(|(at, metric)| (metric.name, at)).collect(),
            begun: clock::monotonic(),
        };
        Self { held: Arc::new(Registry::new(families)) }
    }

    /// Writes every series that there is. Gauges that time out do so here.
    pub(super) fn write(&self, text: &mut String, form: Form) {
        self.write_at(text, form, self.held.storage().now_ms());
    }

    /// As [`Recorder::write`], so many milliseconds after it was made.
    pub(super) fn write_at(&self, text: &mut String, form: Form, now_ms: u64) {
        for family in &self.held.storage().all {
            let head = match form {
                Form::Text => &family.text_head,
                Form::OpenMetrics => &family.open_metrics_head,
            };
            match &family.series {
                Series::Counts(list) => each(list, text, head, Count::write),
                Series::States(list) => {
                    self.forget_idle(list, now_ms);
                    each(list, text, head, State::write);
                }
                Series::Spreads(list, _) => {
                    each(list, text, head, |spread, text| spread.write(text, form));
                }
            }
        }
    }

    fn forget_idle(&self, list: &List<State>, now_ms: u64) {
        let is_idle = |state: &Arc<State>| state.idle_for(now_ms) > GAUGE_IDLE;
        // All are asked, as this is also when it is noted that they were set.
        if read(list).iter().filter(|state| is_idle(state)).count() == 0 {
            return;
        }
        let mut gone = Vec::new();
        list.write().unwrap_or_else(PoisonError::into_inner).retain(|state| {
            let keep = !is_idle(state);
            if !keep {
                gone.push(Arc::clone(state));
            }
            keep
        });
        // Not while the list is locked: a gauge that is made locks the registry and then the list.
        // What was taken from the list here is still what the registry has by that key.
        for state in gone {
            self.held.delete_gauge(state.key());
        }
    }
}

/// A metric's head and lines; nothing where it has no series.
fn each<T>(list: &List<T>, text: &mut String, head: &str, write: impl Fn(&T, &mut String)) {
    let list = read(list);
    if list.is_empty() {
        return;
    }
    text.push_str(head);
    for series in list.iter() {
        write(series, text);
    }
}

fn read<T>(list: &List<T>) -> std::sync::RwLockReadGuard<'_, Vec<Arc<T>>> {
    list.read().unwrap_or_else(PoisonError::into_inner)
}

fn added<T>(list: &List<T>, series: T) -> Arc<T> {
    let series = Arc::new(series);
    list.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&series));
    series
}

impl Families {
    fn now_ms(&self) -> u64 {
        u64::try_from((clock::monotonic() - self.begun).as_millis()).unwrap_or(u64::MAX)
    }

    fn series(&self, key: &Key) -> Option<&Series> {
        Some(&self.all.get(*self.by_name.get(key.name())?)?.series)
    }
}

/// Called by the registry once for each key that it does not know, and only for one that
/// [`Families::series`] knows to be of that kind.
impl Storage<Key> for Families {
    type Counter = Arc<Count>;
    type Gauge = Arc<State>;
    type Histogram = Arc<Spread>;

    fn counter(&self, key: &Key) -> Arc<Count> {
        let count = Count::new(key);
        match self.series(key) {
            Some(Series::Counts(list)) => added(list, count),
            _ => Arc::new(count),
        }
    }

    fn gauge(&self, key: &Key) -> Arc<State> {
        let state = State::new(key, self.now_ms());
        match self.series(key) {
            Some(Series::States(list)) => added(list, state),
            _ => Arc::new(state),
        }
    }

    fn histogram(&self, key: &Key) -> Arc<Spread> {
        match self.series(key) {
            Some(Series::Spreads(list, limits)) => added(list, Spread::new(key, limits)),
            _ => Arc::new(Spread::new(key, &Arc::new(Limits::new(Vec::new())))),
        }
    }
}

/// Help texts are in the table; nobody describes anything.
impl metrics::Recorder for Recorder {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        match self.held.storage().series(key) {
            Some(Series::Counts(_)) => {
                self.held.get_or_create_counter(key, |count| Counter::from_arc(Arc::clone(count)))
            }
            _ => Counter::noop(),
        }
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        match self.held.storage().series(key) {
            Some(Series::States(_)) => {
                self.held.get_or_create_gauge(key, |state| Gauge::from_arc(Arc::clone(state)))
            }
            _ => Gauge::noop(),
        }
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        match self.held.storage().series(key) {
            Some(Series::Spreads(..)) => self
                .held
                .get_or_create_histogram(key, |spread| Histogram::from_arc(Arc::clone(spread))),
            _ => Histogram::noop(),
        }
    }
}
