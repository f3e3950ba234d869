//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use tablica_plugin::{Failure, Setup, identity, pointer, setting_error, settings};

#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// Where the manager listens: `tls://HOST:PORT` or `tcp://HOST:PORT`.
    pub(crate) url: String,
    pub(crate) username: String,
    pub(crate) login: LogIn,
    /// Ask for what happens in the dialplan, too.
    pub(crate) dialplan: bool,
    queues: BTreeSet<String>,
    wrap_up_ms: u64,
    wrap_up_ms_by_queue: BTreeMap<String, u64>,
    pub(crate) country_code: Option<String>,
}

/// How the secret is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogIn {
    /// By what is computed of it and of a word of Asterisk's.
    #[default]
    Challenge,
    /// As it is.
    Plain,
}

/// The settings as written.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    address: Option<String>,
    username: String,
    tls: Option<bool>,
    login: LogIn,
    dialplan: Option<bool>,
    queues: BTreeSet<String>,
    wrap_up: Option<Value>,
    wrap_up_by_queue: BTreeMap<String, Value>,
    country_code: Option<String>,
}

/// Longer after-work is a mistyped unit.
const WRAP_UP_MS_MAX: u64 = 3_600_000;

impl Settings {
    pub(crate) fn parse(setup: &Setup) -> Result<Self, Failure> {
        let written: Written = settings(&setup.settings)?;
        let url = url(written.address, written.tls, &setup.hosts)?;
        let username = written.username;
        if username.is_empty() || username.contains(char::is_control) {
            let why = "the name in brackets in manager.conf, such as \"tablica\"";
            return Err(setting_error("/username", why));
        }
        let country_code = written.country_code.or_else(|| setup.country_code.clone());
        if let Some(code) = country_code.as_ref().filter(|code| !identity::is_country_code(code)) {
            let why = format!("found {code:?}; digits only, such as \"48\"");
            return Err(setting_error("/country_code", why));
        }
        let mut wrap_up_ms_by_queue = BTreeMap::new();
        for (queue, value) in written.wrap_up_by_queue {
            let ms = duration_ms(&pointer(["wrap_up_by_queue", &queue]), &value)?;
            wrap_up_ms_by_queue.insert(queue, ms);
        }
        let wrap_up = written.wrap_up.map(|value| duration_ms("/wrap_up", &value)).transpose()?;
        Ok(Self {
            url,
            username,
            login: written.login,
            dialplan: written.dialplan.unwrap_or(true),
            queues: written.queues,
            wrap_up_ms: wrap_up.unwrap_or(0),
            wrap_up_ms_by_queue,
            country_code,
        })
    }

    /// The queue is one of those that the operator wants.
    pub(crate) fn counts(&self, queue: &str) -> bool {
        self.queues.is_empty() || self.queues.contains(queue)
    }

    /// How long an agent of the queue works on after a call. Asterisk does not tell it.
    pub(crate) fn wrap_up_ms(&self, queue: &str) -> u64 {
        self.wrap_up_ms_by_queue.get(queue).copied().unwrap_or(self.wrap_up_ms)
    }
}

/// With TLS, unless the manager is on this machine: the host sends no secret in the clear.
fn url(address: Option<String>, tls: Option<bool>, granted: &[String]) -> Result<String, Failure> {
    let address = match (address, granted) {
        (Some(address), _) => address,
        (None, [only]) => only.clone(),
        _ => {
            let why = "the host and port of manager.conf, such as \"pbx.example.com:5039\"";
            return Err(setting_error("/address", why));
        }
    };
    let (host, port) = match address.rsplit_once(':').filter(|(host, _)| !host.ends_with(':')) {
        Some((host, port)) if address.ends_with(']') => (format!("{host}:{port}"), None),
        Some((host, port)) => (host.to_owned(), Some(port)),
        None => (address.clone(), None),
    };
    let port = port.map(str::parse::<u16>).transpose();
    let is_name = |c: char| c.is_alphanumeric() || "-_.:[]".contains(c);
    let Some(port) = port.ok().filter(|_| !host.is_empty() && host.chars().all(is_name)) else {
        let why = format!("found {address:?}; a host and a port, such as \"pbx.example.com:5039\"");
        return Err(setting_error("/address", why));
    };
    let is_here = host.starts_with("127.") || host == "[::1]";
    match tls.unwrap_or(!is_here) {
        true => Ok(format!("tls://{host}:{}", port.unwrap_or(5039))),
        false if is_here => Ok(format!("tcp://{host}:{}", port.unwrap_or(5038))),
        false => Err(setting_error(
            "/tls",
            "without TLS only a manager on this machine, such as 127.0.0.1:5038, is asked: no secret goes over \
             a network in the clear; set tlsenable = yes in manager.conf, or use a tunnel",
        )),
    }
}

/// `"15s"`, `"2m"`, or a number of seconds.
fn duration_ms(pointer: &str, value: &Value) -> Result<u64, Failure> {
    let ms = match value {
        Value::Number(seconds) => seconds.as_u64().and_then(|seconds| seconds.checked_mul(1_000)),
        Value::String(text) => read_duration_ms(text),
        _ => None,
    };
    ms.filter(|ms| *ms <= WRAP_UP_MS_MAX).ok_or_else(|| {
        let why = format!("found {value}; a time up to an hour, such as \"15s\" or \"2m\"");
        setting_error(pointer, why)
    })
}

fn read_duration_ms(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit_ms)
}
