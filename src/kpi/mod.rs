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
