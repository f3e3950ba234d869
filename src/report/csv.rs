//! A report as CSV: one line for each figure, so that every spreadsheet can pivot it.

use super::{Cell, Report};

/// All figures: what the line is of, its name, the KPI, the number and how it is written.
pub(super) fn lines(report: &Report) -> String {
    let mut text = String::from("dates,of,name,kpi,value,display,ratings,provisional\n");
    let mut line = |of: &str, name: &str, kpi: &str, cell: &Cell| {
        let value = cell.value.map(|value| value.to_string()).unwrap_or_default();
        let ratings = cell.ratings.map(|ratings| ratings.to_string()).unwrap_or_default();
        let provisional = if report.is_provisional { "yes" } else { "" };
        let dates = report.dates.as_str();
        let fields = [dates, of, name, kpi, &value, &cell.display, &ratings, provisional];
        text.push_str(&fields.map(field).join(","));
        text.push('\n');
    };
    for headline in &report.headline {
        line("all", "", headline.kpi, &headline.now);
    }
    for policy in &report.policies {
        line("policy", &policy.policy, "sla_met", &policy.met);
    }
    for table in &report.tables {
        for row in &table.rows {
            for (kpi, cell) in table.kpis.iter().zip(&row.cells) {
                line(&table.of.to_lowercase(), &row.name, kpi, cell);
            }
        }
    }
    text
}

/// Quoted where it must be; a leading sign that a spreadsheet would take for a formula is not
/// let through.
fn field(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let text = if !is_number && text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_are_quoted_and_harmless() {
        assert_eq!(field("Sales, north"), "\"Sales, north\"");
        assert_eq!(field("a \"b\""), "a \"b\"".replace('"', "\"\"").replacen("a", "\"a", 1) + "\"");
        assert_eq!(field("=1+1"), "'=1+1");
        assert_eq!(field("-3.5"), "-3.5");
    }
}
