//! Webhooks of a site's own, as JSON, forms or XML: contact forms, home-grown chats, help desks, kiosks.
//!
//! Whatever a body is written in becomes one tree of values (`body`). The operator maps the site's fields to
//! ours with JSON pointers into it; a site that uses our names
//! needs no mapping. The host has verified the signature before a body gets here. A body is all
//! or nothing: one item that cannot be read refuses the whole, so that a corrected mapping can
//! retry it without counting anything twice. Nothing is remembered between calls.

mod body;
mod decode;
mod item;
mod settings;
mod time;
mod words;
mod xml;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Setup, bad_input, export_channel, info,
};

use crate::settings::Settings;

/// One site.
pub struct WebForm {
    settings: Settings,
}

impl Channel for WebForm {
    fn describe() -> Info {
        info("webform", env!("CARGO_PKG_VERSION"), "Web form")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self { settings: Settings::parse(&setup.settings, setup.country_code.as_deref())? })
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                let mut headers = call.headers.iter();
                let header = headers.find(|it| it.name.eq_ignore_ascii_case("content-type"));
                let content_type = header.map(|it| it.value.as_str());
                decode::body(&call.body, content_type, &self.settings).map(Output::from)
            }
            Input::Response(_) | Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("a web form delivers by webhook only"))
            }
            Input::Connected(_) | Input::Disconnected(_) | Input::Timer(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }
}

export_channel!(WebForm);

#[cfg(test)]
mod tests;
