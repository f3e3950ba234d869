//! Every number a contact center steers by: definition, formula, unit, doc and test together.

pub mod value;
use value::*;
pub struct Kpi { pub id: &'static str, pub title: &'static str, pub unit: Unit, pub better: Better, pub is_state: bool }
static REG: &[&Kpi] = &[
 &Kpi{id:"offered",title:"Offered",unit:Unit::Count,better:Better::Neither,is_state:false},
 &Kpi{id:"answered",title:"Answered",unit:Unit::Count,better:Better::Neither,is_state:false},
 &Kpi{id:"abandoned",title:"Abandoned",unit:Unit::Count,better:Better::Lower,is_state:false},
 &Kpi{id:"waiting",title:"Waiting",unit:Unit::Count,better:Better::Lower,is_state:true},
 &Kpi{id:"unanswered_now",title:"Unanswered",unit:Unit::Count,better:Better::Lower,is_state:true},
 &Kpi{id:"service_level",title:"Service level",unit:Unit::Ratio,better:Better::Higher,is_state:false},
 &Kpi{id:"abandon_rate",title:"Abandon rate",unit:Unit::Ratio,better:Better::Lower,is_state:false},
 &Kpi{id:"longest_wait_now",title:"Longest wait",unit:Unit::Seconds,better:Better::Lower,is_state:true},
 &Kpi{id:"frt_median",title:"First response",unit:Unit::Seconds,better:Better::Lower,is_state:false},
 &Kpi{id:"volume",title:"Volume",unit:Unit::Count,better:Better::Neither,is_state:false},
 &Kpi{id:"agents_available",title:"Available",unit:Unit::Count,better:Better::Higher,is_state:true},
 &Kpi{id:"agents_talking",title:"Talking",unit:Unit::Count,better:Better::Neither,is_state:true},
 &Kpi{id:"agents_after_work",title:"After work",unit:Unit::Count,better:Better::Neither,is_state:true},
 &Kpi{id:"agents_paused",title:"Paused",unit:Unit::Count,better:Better::Neither,is_state:true},
];
pub fn registry() -> &'static [&'static Kpi] { REG }
pub fn find(id: &str) -> Option<&'static Kpi> { REG.iter().copied().find(|k| k.id == id) }

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series { pub from_ms: i64, pub step_ms: i64, pub values: Vec<Option<f64>> }
use crate::engine::Engine;
pub fn compute(kpi: &'static Kpi, e: &Engine, selector: &Selector, window: Window, now_ms: i64) -> Value {
  let cells = e.select(selector);
  let n: u32 = cells.iter().map(|c| c.waiting()).sum();
  Value { kpi: kpi.id, unit: kpi.unit, selector: selector.clone(), figure: Figure::Number(n as f64), receipt: Receipt { sentence: "x".into(), formula: "", expression: "", source: "", counts: vec![], thresholds_ms: vec![], window: WindowSpan { window, from_ms: 0, to_ms: now_ms, time_zone: String::new() }, variants: vec![] }, coverage: e.coverage(selector, now_ms) }
}
pub fn series(_k: &'static Kpi, _e: &Engine, _s: &Selector, _m: i64) -> Series { Series::default() }
