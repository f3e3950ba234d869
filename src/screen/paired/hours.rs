//! When a screen is to be on: a television that is switched off at night is missed by nobody then.

use super::{PairError, Paired, locked};

impl Paired {
    /// It is to be on while that calendar is open; always without one. It is on disk when this returns.
    pub fn expect(&self, name: &str, calendar: Option<&str>) -> Result<(), PairError> {
        let mut store = locked(&self.store);
        if let Some(calendar) = calendar
            && self.program.is_open(calendar).is_none()
        {
            return Err(PairError::UnknownCalendar(calendar.chars().take(40).collect()));
        }
        let (_, screen) = self.by_name(name)?;
        let mut record = locked(&screen.record).clone();
        record.calendar = calendar.map(str::to_owned);
        store.update(&record)?;
        *locked(&screen.record) = record;
        tracing::info!(screen = name, calendar, "a paired screen's hours were changed");
        Ok(())
    }

    /// Whether a screen of that name is to be on now: those that nobody has paired always are.
    pub fn is_expected(&self, name: &str) -> bool {
        match self.by_name(name) {
            Ok((_, screen)) => {
                let calendar = locked(&screen.record).calendar.clone();
                self.is_in_hours(&calendar)
            }
            Err(_) => true,
        }
    }

    /// Calendars that a screen can be on by.
    pub fn calendars(&self) -> Vec<String> {
        self.program.calendars()
    }

    /// A calendar that the config has no more is no reason not to be missed.
    pub(super) fn is_in_hours(&self, calendar: &Option<String>) -> bool {
        let open = calendar.as_ref().and_then(|calendar| self.program.is_open(calendar));
        open.unwrap_or(true)
    }
}
