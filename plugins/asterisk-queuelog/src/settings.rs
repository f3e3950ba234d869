//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use tablica_plugin::{Failure, identity, pointer, setting_error, settings};

/// The settings; all have defaults.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    wrap_up_ms: u64,
    wrap_up_ms_by_queue: BTreeMap<String, u64>,
    /// Put before national telephone numbers, such as `48`.
    pub(crate) country_code: Option<String>,
    /// Whose telephone an interface is, by the word in the log.
    pub(crate) members: BTreeMap<String, String>,
}

/// The settings as written.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    wrap_up: Option<Value>,
    wrap_up_by_queue: BTreeMap<String, Value>,
    country_code: Option<String>,
    members: BTreeMap<String, String>,
}

/// Longer after-work is a mistyped unit.
const WRAP_UP_MS_MAX: u64 = 3_600_000;

impl Settings {
    pub(crate) fn parse(config: &str, site: Option<&str>) -> Result<Self, Failure> {
        let written: Written = settings(config)?;
        let country_code = identity::country_code(written.country_code, site)?;
        let mut wrap_up_ms_by_queue = BTreeMap::new();
        for (queue, value) in written.wrap_up_by_queue {
            let ms = duration_ms(&pointer(["wrap_up_by_queue", &queue]), &value)?;
            wrap_up_ms_by_queue.insert(queue, ms);
        }
        for (interface, name) in &written.members {
            if interface.is_empty() || name.is_empty() {
                let why = "an interface and a name, such as \"PJSIP/101\" = \"Anna\"";
                return Err(setting_error(&pointer(["members", interface]), why));
            }
        }
        let members = written.members;
        let wrap_up = written.wrap_up.map(|value| duration_ms("/wrap_up", &value)).transpose()?;
        Ok(Self { wrap_up_ms: wrap_up.unwrap_or(0), wrap_up_ms_by_queue, country_code, members })
    }

    /// How long an agent of the queue works on after a call. Asterisk knows it (`wrapuptime`) but
    /// does not log it.
    pub(crate) fn wrap_up_ms(&self, queue: &str) -> u64 {
        self.wrap_up_ms_by_queue.get(queue).copied().unwrap_or(self.wrap_up_ms)
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
        setting_error(
            pointer,
            format!("found {value}; a time up to an hour, such as \"15s\" or \"2m\""),
        )
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
