//! The telephone number that somebody shared of themselves. Other people's contacts say nothing of
//! who writes.

use serde_json::Value;
use tablica_plugin::identity;

use crate::settings::Settings;

/// Much longer cards are not looked through.
const CARD_BYTES_MAX: usize = 8 * 1024;

pub(crate) fn own_phone(attachments: &Value, user: i64, settings: &Settings) -> Option<String> {
    let own = attachments.as_array()?.iter().find(|it| {
        it["type"] == "contact" && it["payload"]["max_info"]["user_id"].as_i64() == Some(user)
    })?;
    let card = own["payload"]["vcf_info"].as_str().filter(|card| card.len() <= CARD_BYTES_MAX)?;
    let raw = card.lines().find_map(telephone)?;
    // MAX writes international numbers without `+`; what begins with 8 or 0 is dialled so.
    let is_international =
        raw.bytes().all(|byte| byte.is_ascii_digit()) && !raw.starts_with(['0', '8']);
    match is_international {
        true => identity::phone(&format!("+{raw}"), None),
        false => identity::phone(raw, settings.country_code.as_deref()),
    }
}

/// `TEL;TYPE=cell:79001234567`
fn telephone(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(':')?;
    let name = name.split(';').next()?;
    let name = name.rsplit('.').next()?;
    name.eq_ignore_ascii_case("tel").then(|| value.trim().trim_start_matches("tel:"))
}
