//! The numbers of one moment, each worked out once: the boards of a house show many of the same.

use std::cell::RefCell;
use std::collections::HashMap;

use super::figures::{Figures, Site};
use super::lists::{Breaking, Colleague, Lists, Missed, Person, Waiting};
use crate::event::{AgentStatus, UnixMs};
use crate::kpi::compared::Compared;
use crate::kpi::forecast::Quarter;
use crate::kpi::value::Value;
use crate::kpi::{Earlier, Kpi, Past, Series};
use crate::scope::{Selector, Window};

/// Remembers the numbers that tiles ask for most. To be let go before anything is counted or time
/// passes: every question is taken to be of the same moment.
pub(super) struct AskedOnce<'a, F> {
    figures: &'a F,
    values: RefCell<HashMap<(&'static str, Selector, Window), Value>>,
    series: RefCell<HashMap<(&'static str, Selector), Series>>,
}

impl<'a, F> AskedOnce<'a, F> {
    pub(super) fn new(figures: &'a F) -> Self {
        AskedOnce { figures, values: RefCell::default(), series: RefCell::default() }
    }
}

impl<F: Figures> Figures for AskedOnce<'_, F> {
    fn value(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        window: Window,
        now_ms: UnixMs,
    ) -> Value {
        let mut values = self.values.borrow_mut();
        let value = values.entry((kpi.id, selector.clone(), window));
        value.or_insert_with(|| self.figures.value(kpi, selector, window, now_ms)).clone()
    }

    fn series(&self, kpi: &'static Kpi, selector: &Selector) -> Series {
        let mut series = self.series.borrow_mut();
        let one = series.entry((kpi.id, selector.clone()));
        one.or_insert_with(|| self.figures.series(kpi, selector)).clone()
    }

    fn queues(&self) -> Vec<String> {
        self.figures.queues()
    }

    fn channels(&self) -> Vec<String> {
        self.figures.channels()
    }

    fn topics(&self) -> Vec<String> {
        self.figures.topics()
    }

    fn dimensions(&self) -> Vec<String> {
        self.figures.dimensions()
    }
}

impl<F: Figures> Lists for AskedOnce<'_, F> {
    fn waiting(
        &self,
        selector: &Selector,
        in_writing: Option<bool>,
        max: usize,
    ) -> (Vec<Waiting>, usize) {
        self.figures.waiting(selector, in_writing, max)
    }

    fn breaking(&self, selector: &Selector, max: usize) -> Vec<Breaking> {
        self.figures.breaking(selector, max)
    }

    fn missed(&self, selector: &Selector) -> Vec<Missed> {
        self.figures.missed(selector)
    }

    fn people(&self, selector: &Selector, states: &[AgentStatus], site: &Site) -> Vec<Person> {
        self.figures.people(selector, states, site)
    }

    fn colleagues(&self, site: &Site) -> Vec<Colleague> {
        self.figures.colleagues(site)
    }

    fn present(&self, selector: &Selector) -> Option<u32> {
        self.figures.present(selector)
    }

    fn staffing(&self, selector: &Selector, span_ms: (UnixMs, UnixMs)) -> Vec<Quarter> {
        self.figures.staffing(selector, span_ms)
    }

    fn compared(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        window: Window,
        by: Earlier,
    ) -> Option<Compared> {
        self.figures.compared(kpi, selector, window, by)
    }

    fn quarter(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        from_ms: UnixMs,
        by: Earlier,
    ) -> Option<f64> {
        self.figures.quarter(kpi, selector, from_ms, by)
    }

    fn hour(&self, kpi: &'static Kpi, selector: &Selector, from_ms: UnixMs) -> Option<Past> {
        self.figures.hour(kpi, selector, from_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, Rules};
    use crate::kpi;

    #[test]
    fn a_number_is_the_one_that_the_engine_gives_the_first_and_the_second_time() {
        let engine = Engine::new(Rules::default());
        let once = AskedOnce::new(&engine);
        let offered = kpi::find("offered").expect("a KPI");
        let sales = Selector::queue("sales");
        for selector in [&Selector::default(), &sales, &sales] {
            for window in [Window::Today, Window::Min60, Window::Today] {
                let asked = once.value(offered, selector, window, 0);
                assert_eq!(asked, engine.value(offered, selector, window, 0));
            }
            assert_eq!(once.series(offered, selector), engine.series(offered, selector));
        }
        assert_eq!(once.values.borrow().len(), 4);
        assert_eq!(once.series.borrow().len(), 2);
    }
}
