//! One series each: its value, which is recorded without a lock, and the bytes that its lines begin
//! with, which are made once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use metrics::{CounterFn, GaugeFn, HistogramFn, Key};

use super::form::Form;
use super::text;

/// A total.
#[derive(Debug)]
pub(super) struct Count {
    /// `name{label="value"} `.
    start: Box<str>,
    total: AtomicU64,
}

impl Count {
    pub(super) fn new(key: &Key) -> Self {
        Self { start: text::start(key, ""), total: AtomicU64::new(0) }
    }

    pub(super) fn write(&self, text: &mut String) {
        text.push_str(&self.start);
        text::whole(text, self.total.load(Ordering::Relaxed));
        text.push('\n');
    }
}

impl CounterFn for Count {
    fn increment(&self, value: u64) {
        self.total.fetch_add(value, Ordering::Relaxed);
    }

    fn absolute(&self, value: u64) {
        self.total.fetch_max(value, Ordering::Relaxed);
    }
}

/// A state of this moment.
#[derive(Debug)]
pub(super) struct State {
    key: Key,
    start: Box<str>,
    /// The bits of an `f64`.
    figure: AtomicU64,
    /// Set since the last rendering.
    set: AtomicBool,
    /// Milliseconds of the recorder's life when a rendering last saw that it had been set.
    seen_ms: AtomicU64,
}

impl State {
    pub(super) fn new(key: &Key, now_ms: u64) -> Self {
        Self {
            key: key.clone(),
            start: text::start(key, ""),
            figure: AtomicU64::new(0.0_f64.to_bits()),
            set: AtomicBool::new(true),
            seen_ms: AtomicU64::new(now_ms),
        }
    }

    pub(super) fn key(&self) -> &Key {
        &self.key
    }

    /// For how long renderings have seen that nobody sets it.
    pub(super) fn idle_for(&self, now_ms: u64) -> Duration {
        if self.set.swap(false, Ordering::Acquire) {
            self.seen_ms.store(now_ms, Ordering::Relaxed);
        }
        Duration::from_millis(now_ms.saturating_sub(self.seen_ms.load(Ordering::Relaxed)))
    }

    pub(super) fn write(&self, text: &mut String) {
        text.push_str(&self.start);
        text::figure(text, f64::from_bits(self.figure.load(Ordering::Relaxed)));
        text.push('\n');
    }
}

impl GaugeFn for State {
    fn increment(&self, value: f64) {
        add(&self.figure, value);
        self.set.store(true, Ordering::Release);
    }

    fn decrement(&self, value: f64) {
        self.increment(-value);
    }

    fn set(&self, value: f64) {
        self.figure.store(value.to_bits(), Ordering::Relaxed);
        self.set.store(true, Ordering::Release);
    }
}

/// Where a histogram's buckets end, and how that is written.
#[derive(Debug)]
pub(super) struct Limits {
    at: Box<[f64]>,
    /// `17.5"} `, the last `+Inf"} `; one list for each form.
    text: Box<[Box<str>]>,
    open_metrics: Box<[Box<str>]>,
}

impl Limits {
    /// Of limits in ascending order.
    pub(super) fn new(limits: Vec<f64>) -> Self {
        let with_infinity = || limits.iter().copied().chain([f64::INFINITY]);
        let written = |form| with_infinity().map(|limit| text::limit(limit, form)).collect();
        Self {
            text: written(Form::Text),
            open_metrics: written(Form::OpenMetrics),
            at: limits.into(),
        }
    }

    fn written(&self, form: Form) -> &[Box<str>] {
        match form {
            Form::Text => &self.text,
            Form::OpenMetrics => &self.open_metrics,
        }
    }
}

/// How durations are spread. No sample is kept: it costs the same however much is recorded.
#[derive(Debug)]
pub(super) struct Spread {
    limits: Arc<Limits>,
    /// `name_bucket{label="value",le="`.
    bucket: Box<str>,
    sum_start: Box<str>,
    count_start: Box<str>,
    /// Of each bucket alone, the last without a limit.
    counts: Box<[AtomicU64]>,
    /// The bits of an `f64`.
    sum: AtomicU64,
}

impl Spread {
    pub(super) fn new(key: &Key, limits: &Arc<Limits>) -> Self {
        Self {
            bucket: text::bucket_start(key),
            sum_start: text::start(key, "_sum"),
            count_start: text::start(key, "_count"),
            counts: limits.text.iter().map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0.0_f64.to_bits()),
            limits: Arc::clone(limits),
        }
    }

    /// The count is what the buckets add up to, so that the two always agree; the sum may be one
    /// sample ahead or behind, while one is being recorded.
    pub(super) fn write(&self, text: &mut String, form: Form) {
        let mut count = 0;
        for (own, limit) in self.counts.iter().zip(self.limits.written(form)) {
            count += own.load(Ordering::Relaxed);
            text.push_str(&self.bucket);
            text.push_str(limit);
            text::whole(text, count);
            text.push('\n');
        }
        text.push_str(&self.sum_start);
        text::figure(text, f64::from_bits(self.sum.load(Ordering::Relaxed)));
        text.push('\n');
        text.push_str(&self.count_start);
        text::whole(text, count);
        text.push('\n');
    }
}

impl HistogramFn for Spread {
    fn record(&self, value: f64) {
        self.record_many(value, 1);
    }

    fn record_many(&self, value: f64, count: usize) {
        // NaN is below no limit: it is counted in the last bucket alone.
        let bucket = self.limits.at.iter().position(|limit| value <= *limit);
        if let Some(own) = self.counts.get(bucket.unwrap_or(self.limits.at.len())) {
            own.fetch_add(count as u64, Ordering::Relaxed);
        }
        add(&self.sum, value * count as f64);
    }
}

/// Adds to the number whose bits these are. What others add at the same time is not lost.
fn add(bits: &AtomicU64, value: f64) {
    let mut before = bits.load(Ordering::Relaxed);
    loop {
        let after = (f64::from_bits(before) + value).to_bits();
        let taken = bits.compare_exchange_weak(before, after, Ordering::Relaxed, Ordering::Relaxed);
        match taken {
            Ok(_) => return,
            Err(now) => before = now,
        }
    }
}
