//! Where the one instance of a plugin lives between the host's calls.

use std::cell::RefCell;

use crate::{Channel, Failure, Input, Output, Setup, last_words};

/// Holds the channel from `init` on. The host calls from one thread, one call at a time.
pub struct Slot<C>(RefCell<Place<C>>);

struct Place<C> {
    channel: Option<C>,
    /// What the host was last given, to tell whether there is something new.
    given: Option<Vec<u8>>,
}

impl<C: Channel> Slot<C> {
    /// Nothing in it yet.
    pub const fn new() -> Self {
        Self(RefCell::new(Place { channel: None, given: None }))
    }

    /// Makes the channel, restored from its snapshot where there is one. A failed one leaves the
    /// slot empty.
    pub fn init(&self, setup: &Setup) -> Result<Output, Failure> {
        last_words::keep();
        let mut place = self.0.borrow_mut();
        *place = Place { channel: None, given: None };
        let mut channel = C::new(setup)?;
        if let Some(snapshot) = setup.snapshot.as_ref().filter(|bytes| !bytes.is_empty()) {
            channel.restore(snapshot)?;
        }
        let output = channel.start(setup.now_ms)?;
        place.channel = Some(channel);
        Ok(output)
    }

    /// One result for each input, in order.
    pub fn handle(&self, now_ms: u64, inputs: Vec<Input>) -> Vec<Result<Output, Failure>> {
        let mut place = self.0.borrow_mut();
        let Some(channel) = place.channel.as_mut() else {
            let failure = Failure::Config("the plugin was not initialised".into());
            return inputs.iter().map(|_| Err(failure.clone())).collect();
        };
        inputs.into_iter().map(|input| channel.handle(now_ms, input)).collect()
    }

    /// The channel's state, empty before `init`; none when it is what it was when last asked.
    pub fn snapshot(&self) -> Option<Vec<u8>> {
        let mut place = self.0.borrow_mut();
        let now = place.channel.as_ref().map(C::snapshot).unwrap_or_default();
        if place.given.as_ref() == Some(&now) {
            return None;
        }
        place.given = Some(now.clone());
        Some(now)
    }
}

/// More than a call leaves: parsers of text go some kilobytes deep.
const STACK_BYTES: usize = 16 << 10;

/// Writes over what earlier calls have left on the stack: numbers and words of customers.
#[inline(never)]
pub fn wipe_stack() {
    std::hint::black_box(&mut [0u8; STACK_BYTES]);
}

impl<C: Channel> Default for Slot<C> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LinkUp, bad_input, config_error, info};

    /// Counts its inputs; the config is where to start.
    struct Counter(u32);

    impl Channel for Counter {
        fn describe() -> crate::Info {
            info("counter", "1", "test")
        }
        fn new(setup: &Setup) -> Result<Self, Failure> {
            setup.settings.parse().map(Counter).map_err(|_| config_error("not a number"))
        }
        fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
            let bytes = snapshot.try_into().map_err(|_| config_error("snapshot"))?;
            self.0 = u32::from_le_bytes(bytes);
            Ok(())
        }
        fn handle(&mut self, _: u64, input: Input) -> Result<Output, Failure> {
            self.0 += 1;
            match input {
                Input::Connected(_) => Ok(Output::default()),
                _ => Err(bad_input("only connected")),
            }
        }
        fn snapshot(&self) -> Vec<u8> {
            self.0.to_le_bytes().to_vec()
        }
    }

    fn opened() -> Input {
        Input::Connected(LinkUp { link: "file".into(), protocol: None, headers: Vec::new() })
    }

    #[test]
    fn an_input_before_init_fails_without_a_trap() {
        let slot = Slot::<Counter>::new();
        assert!(matches!(slot.handle(0, vec![opened()])[..], [Err(Failure::Config(_))]));
        assert_eq!(slot.snapshot(), Some(Vec::new()));
    }

    #[test]
    fn a_bad_config_leaves_nothing_behind() {
        let slot = Slot::<Counter>::new();
        assert!(slot.init(&Setup::new("7")).is_ok());
        assert_eq!(slot.init(&Setup::new("seven")), Err(config_error("not a number")));
        assert_eq!(slot.snapshot(), Some(Vec::new()));
    }

    #[test]
    fn each_input_has_its_own_result_and_the_state_survives_a_restart() {
        let slot = Slot::<Counter>::new();
        assert!(slot.init(&Setup::new("0")).is_ok());
        let results = slot.handle(0, vec![opened(), Input::Timer("x".into())]);
        assert_eq!(results, [Ok(Output::default()), Err(bad_input("only connected"))]);

        let next = Slot::<Counter>::new();
        let setup = Setup { snapshot: slot.snapshot(), ..Setup::new("0") };
        assert!(next.init(&setup).is_ok());
        assert_eq!(next.snapshot(), Some(2u32.to_le_bytes().to_vec()));
        assert_eq!(next.snapshot(), None, "nothing new");
        next.handle(0, vec![opened()]);
        assert_eq!(next.snapshot(), Some(3u32.to_le_bytes().to_vec()));
    }
}
