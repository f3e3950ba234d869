//! From a selector to the cells that it covers.

use super::read::{CellCounters, CellView};
use super::rollup::label_of;
use crate::engine::Engine;
use crate::engine::cells::{Asked, Axes};
use crate::scope::Selector;

impl Engine {
    /// The slice that a selector asks for; none when it names what was never seen.
    fn asked(&self, selector: &Selector) -> Option<Asked> {
        /// A name that was never seen covers nothing; so does no number.
        fn number<T>(
            name: Option<&str>,
            find: impl FnOnce(&str) -> Option<T>,
        ) -> Option<Option<T>> {
            match name {
                None => Some(None),
                Some(name) => find(name).map(Some),
            }
        }
        let state = &self.state;
        let asked = Asked::new()
            .channel(number(selector.channel.as_deref(), |name| state.channels.find(name))?)
            .queue(number(selector.queue.as_deref(), |name| state.queues.find(name))?)
            .agent(number(selector.agent.as_deref(), |name| state.people.find(name))?)
            .topic(number(selector.topic.as_deref(), |name| state.topics.find(name))?)
            .label(number(label_of(selector).as_deref(), |name| state.labels.find(name))?)
            .medium(selector.kind)
            .priority(selector.priority)
            .public(selector.public);
        Some(asked)
    }

    /// The cells that a selector covers; none as well when nobody has asked to count by what it
    /// names ([`Engine::watch`]).
    pub fn select(&self, selector: &Selector) -> Vec<CellView<'_>> {
        let view = |cell| CellView { cell, engine: self };
        let Some(Asked(asked)) = self.asked(selector) else { return Vec::new() };
        let cells = &self.state.cells;
        let Some(axes) = cells.answering(asked.axes()) else { return Vec::new() };
        if asked.axes() == axes {
            return cells.find(&asked).map(view).into_iter().collect();
        }
        cells.covered(&asked, axes).into_iter().map(view).collect()
    }

    /// Counts since the beginning by agent, channel and queue, each with the agent's name.
    pub fn agent_counters(&self) -> impl Iterator<Item = (&str, CellCounters<'_>)> {
        let by_agent = Axes::AGENT | Axes::BASE;
        let cells = self.state.cells.cells().iter();
        cells.filter(move |cell| cell.slice.axes() == by_agent).filter_map(|cell| {
            let name = self.state.people.name(cell.slice.agent()?);
            let view = CellView { cell, engine: self };
            (!name.is_empty()).then_some((name, CellCounters { view }))
        })
    }

    /// Figures by what the selector names are counted: at least by quarters of an hour and for
    /// today.
    pub fn is_counted(&self, selector: &Selector) -> bool {
        self.state.cells.answering(axes_of(selector)).is_some()
    }

    /// Figures by what the selector names are counted in the last hour, too: somebody asked for them
    /// ([`Engine::watch`]).
    pub fn is_live(&self, selector: &Selector) -> bool {
        self.state.cells.is_live(axes_of(selector))
    }

    /// Counts by what the selector names from now on, in the last hour, too; and as far back as
    /// contacts are remembered. Of a topic, what it is a share of, too. False when too many
    /// combinations are counted already. Of what belongs to no contact (messages by author,
    /// repeat visits), the last hour is known in whole quarters at first.
    pub fn watch(&mut self, selector: &Selector) -> bool {
        self.wanted(selector).all(|axes| self.watch_axes(axes))
    }

    /// Counts by nothing any longer but by what is always counted and by what these selectors want.
    /// Those that are not watched yet are not by this; the places of the others are free.
    pub fn watch_only<'a>(&mut self, selectors: impl IntoIterator<Item = &'a Selector>) {
        let wanted = selectors.into_iter().flat_map(|selector| self.wanted(selector));
        let wanted: Vec<Axes> = wanted.map(|axes| axes | Axes::BASE).collect();
        if self.state.cells.watch_only(&wanted) {
            self.state.version += 1;
        }
    }

    /// What has to be counted together for a selector.
    fn wanted(&self, selector: &Selector) -> impl Iterator<Item = Axes> + use<> {
        let (asked, whole) = (axes_of(selector), Selector { topic: None, ..selector.clone() });
        let is_promised = !self.rules.policies.is_empty() && !Axes::BASE.answers(asked);
        // Of what is promised to the same contacts.
        let promised = is_promised.then_some(asked | Axes::LABEL);
        [asked, axes_of(&whole)].into_iter().chain(promised)
    }
}

/// What a selector fixes.
fn axes_of(selector: &Selector) -> Axes {
    let fixed = |is_fixed: bool, axes: Axes| if is_fixed { axes } else { Axes::NONE };
    fixed(selector.channel.is_some(), Axes::CHANNEL)
        | fixed(selector.queue.is_some(), Axes::QUEUE)
        | fixed(selector.agent.is_some(), Axes::AGENT)
        | fixed(selector.kind.is_some(), Axes::KIND)
        | fixed(selector.priority.is_some(), Axes::PRIORITY)
        | fixed(selector.public.is_some(), Axes::PUBLIC)
        | fixed(selector.topic.is_some(), Axes::TOPIC)
        | fixed(selector.policy.is_some() || selector.dimension.is_some(), Axes::LABEL)
}
