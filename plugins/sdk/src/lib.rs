//! SDK for Tablica channel plugins: one trait and one line.
//!
//! A plugin turns a network's raw bytes into the words of a contact center. It is a pure
//! function in a sandbox: what it may know comes in as an [`Input`], the time included; what it
//! wants done goes out as a [`Command`]. There is no network, file, clock, randomness or secret
//! in here, so a plugin runs in a native test exactly as it runs in the server.
//!
//! ```
//! use tablica_plugin::*;
//!
//! struct Bell;
//!
//! impl Channel for Bell {
//!     fn describe() -> Info {
//!         info("bell", "0.1.0", "Front desk bell")
//!     }
//!     fn new(_setup: &Setup) -> Result<Self, Failure> {
//!         Ok(Bell)
//!     }
//!     fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
//!         let Input::Webhook(call) = input else { return Ok(Output::default()) };
//!         let visitor = String::from_utf8(call.body).map_err(|_| bad_input("not UTF-8"))?;
//!         let opened = Opened {
//!             medium: Medium::Visit,
//!             direction: Direction::Inbound,
//!             public: false,
//!             priority: None,
//!         };
//!         Ok(Event::new(&visitor, now_ms, Kind::Opened(opened)).on(&visitor).into())
//!     }
//! }
//!
//! export_channel!(Bell);
//! ```
//!
//! `plugins/README.md` leads from here to a channel on the wall.

#[doc(hidden)]
pub mod bindings;
pub mod document;
mod event;
mod fingerprint;
#[cfg(feature = "form")]
pub mod form;
#[cfg(feature = "golden")]
pub mod golden;
#[cfg(any(target_arch = "wasm32", test))]
#[doc(hidden)]
pub mod heap;
#[cfg(feature = "id")]
mod id;
pub mod identity;
#[cfg(feature = "json")]
pub mod json;
mod last_words;
mod link;
#[cfg(feature = "mail")]
pub mod mail;
mod pieces;
pub mod poll;
mod rating;
#[cfg(feature = "state")]
pub mod ratings;
#[cfg(feature = "state")]
pub mod recent;
#[cfg(feature = "settings")]
mod settings;
mod slot;
#[cfg(feature = "state")]
pub mod snapshot;
#[cfg(feature = "time")]
pub mod time;
pub mod words;
#[cfg(feature = "state")]
pub mod wrap_up;

pub use bindings::tablica::channel::types::*;
pub use fingerprint::{fingerprint, fingerprint_of, mark};
#[cfg(feature = "id")]
pub use id::Id;
pub use pieces::{basic, escape, secret};
#[cfg(feature = "settings")]
pub use rating::check_rating_scale;
#[cfg(feature = "state")]
pub use recent::Recent;
#[cfg(feature = "settings")]
pub use settings::{pointer, setting_error, settings};
#[doc(hidden)]
pub use slot::{Slot, wipe_stack};

/// The contract this SDK speaks; [`export_channel!`] leaves it in the module for the host, which
/// reads it before anything runs.
pub const API_VERSION: &str = "1.0.0";

/// A channel plugin. Two functions are enough for a webhook without settings or memory.
pub trait Channel: Sized + 'static {
    /// Who the plugin is.
    fn describe() -> Info;

    /// Makes one from what the host tells at the start; the operator's `[channel.NAME.settings]` are
    /// in it as JSON. What makes no sense in them is a [`Failure::Config`] that names the key.
    fn new(setup: &Setup) -> Result<Self, Failure>;

    /// Takes back what [`Channel::snapshot`] gave. Called after `new`, before `start`.
    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        let _ = snapshot;
        Ok(())
    }

    /// First commands: a poll, a login, a timer.
    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        let _ = now_ms;
        Ok(Output::default())
    }

    /// Decodes one input. A failure quarantines the input and changes nothing else: the
    /// commands of an earlier output stay in force.
    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure>;

    /// The state to start from next time; empty when there is none.
    fn snapshot(&self) -> Vec<u8> {
        Vec::new()
    }
}

/// The answer to [`Channel::describe`].
pub fn info(name: &str, version: &str, network: &str) -> Info {
    Info { name: name.into(), version: version.into(), network: network.into() }
}

/// These bytes are not what the network promises.
pub fn bad_input(why: impl Into<String>) -> Failure {
    Failure::BadInput(why.into())
}

/// Well-formed, but of a kind that the plugin does not know.
pub fn unsupported(what: impl Into<String>) -> Failure {
    Failure::Unsupported(what.into())
}

/// The operator's settings make no sense; say which key and what to write instead. Begin with the key as a
/// JSON pointer, `/wrap_up: …`, and the host names file and line of the operator's config.
pub fn config_error(why: impl Into<String>) -> Failure {
    Failure::Config(why.into())
}

/// It cannot be told yet what this means: the host brings it again after so many milliseconds.
pub fn later(after_ms: u32) -> Failure {
    Failure::Later(after_ms)
}

/// Exports a [`Channel`] as the plugin of this crate. Once per crate; does nothing outside of
/// WebAssembly, so that the same crate is a library for native tests.
#[macro_export]
macro_rules! export_channel {
    ($channel:ty) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the component ABI is exported by symbol and section names")]
        const _: () = {
            #[used]
            #[unsafe(link_section = "tablica:api")]
            static API: [u8; $crate::API_VERSION.len()] = {
                let mut bytes = [0; $crate::API_VERSION.len()];
                bytes.copy_from_slice($crate::API_VERSION.as_bytes());
                bytes
            };

            // Of what a customer said nothing stays in the plugin's memory.
            #[global_allocator]
            static ALLOCATOR: $crate::heap::Heap = $crate::heap::Heap::new();

            ::std::thread_local! {
                static SLOT: $crate::Slot<$channel> =
                    const { $crate::Slot::new() };
            }

            struct Component;

            impl $crate::bindings::exports::tablica::channel::plugin::Guest for Component {
                fn describe() -> $crate::Info {
                    <$channel as $crate::Channel>::describe()
                }

                fn init(
                    setup: $crate::Setup,
                ) -> ::std::result::Result<$crate::Output, $crate::Failure> {
                    SLOT.with(|slot| slot.init(&setup))
                }

                fn handle(
                    now_ms: u64,
                    inputs: ::std::vec::Vec<$crate::Input>,
                ) -> ::std::vec::Vec<::std::result::Result<$crate::Output, $crate::Failure>>
                {
                    let results = SLOT.with(|slot| slot.handle(now_ms, inputs));
                    $crate::wipe_stack();
                    results
                }

                fn snapshot() -> ::std::option::Option<::std::vec::Vec<u8>> {
                    SLOT.with(|slot| slot.snapshot())
                }
            }

            $crate::bindings::export_component!(
                Component with_types_in $crate::bindings
            );
        };
    };
}
