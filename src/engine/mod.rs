//! stub
use crate::event::*;
use crate::board::figures::*;
use crate::kpi::{Kpi, value::*};
#[derive(Default)]
pub struct Engine { v: u64 }
impl Engine {
 pub fn apply(&mut self, _e: &Event, _n: UnixMs) { self.v += 1; }
 pub fn tick(&mut self, _n: UnixMs) {}
 pub fn version(&self) -> u64 { self.v }
 pub fn snapshot(&self) -> Vec<u8> { vec![] }
}
impl Figures for Engine {
 fn value(&self, kpi: &'static Kpi, selector: &Selector, window: Window, now_ms: UnixMs) -> Value {
  Value { kpi: kpi.id, unit: kpi.unit, selector: selector.clone(), figure: Figure::Number(self.v as f64), receipt: Receipt { sentence: String::new(), formula: "", expression: "", source: "", counts: vec![], thresholds_ms: vec![], window: WindowSpan { window, from_ms: 0, to_ms: now_ms, time_zone: String::new() }, variants: vec![] }, coverage: Coverage::default() }
 }
 fn series(&self, _k: &'static Kpi, _s: &Selector, _n: UnixMs) -> Series { Series::default() }
 fn queues(&self) -> Vec<String> { vec![] }
 fn channels(&self) -> Vec<String> { vec![] }
}
