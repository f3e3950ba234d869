//! What the commands say of a state that a server was killed in: the same numbers, and a journal
//! that is whole.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use super::Run;
use crate::support::server::get;

/// Every number of today that the API gives, against `tablica replay` of that moment. Once, over all
/// channels: it folds every day that there was.
pub(super) async fn compare(run: &Run) -> Result<usize, String> {
    let answer = get(run.place.url("/api/v1/kpis?window=today")).await;
    let answer = answer.map_err(|error| error.to_string())?;
    let said = parsed(&answer.text().await.map_err(|error| error.to_string())?)?;
    let at_ms = said["at_ms"].as_i64().ok_or("no time in the answer")?;
    let at = jiff::Timestamp::from_millisecond(at_ms).map_err(|error| error.to_string())?;
    let arguments = ["replay", "--at", &at.to_string(), "--json"];
    let again = parsed(&output(&mut run.place.tablica(&arguments))?)?;
    let (said, again) = (numbers(&said["kpis"])?, numbers(&again["kpis"])?);
    for (name, said) in &said {
        if again.get(name) != Some(said) {
            let again = again.get(name);
            return Err(format!("{name} at {at}: the API says {said}, a replay {again:?}"));
        }
    }
    Ok(said.len())
}

/// The journal is whole, as `tablica journal check` sees it.
pub(super) fn check_journal(run: &Run) -> Result<(), String> {
    output(&mut run.place.tablica(&["journal", "check"])).map(|_| ())
}

/// What a command printed that must end well.
pub(super) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{command:?}: {}: {said}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

fn parsed(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("{error} in {text}"))
}

/// Figures and receipts, by KPI.
fn numbers(kpis: &Value) -> Result<BTreeMap<String, String>, String> {
    let kpis = kpis.as_array().ok_or("no list of KPIs")?.iter();
    let name = |kpi: &Value| format!("{} {}", kpi["kpi"], kpi["selector"]);
    Ok(kpis.map(|kpi| (name(kpi), format!("{} {}", kpi["figure"], kpi["receipt"]))).collect())
}
