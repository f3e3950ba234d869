//! The result: one row for each claim, with what it was measured against.

/// One measured claim.
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: String,
    /// The median, with its unit.
    pub(crate) ours: String,
    /// What it is held against, measured in the same run.
    pub(crate) against: String,
    /// The figure that counts: a ratio, or an absolute where there is nothing to compare with.
    pub(crate) figure: f64,
    /// How the figure is written.
    pub(crate) figure_text: String,
    /// What we promise; none where the row only informs.
    pub(crate) limit: Option<f64>,
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Prints all rows, the lost ones too.
pub(crate) fn print(machine: &str, rows: &[Row]) {
    println!("\nMachine: {machine}\n");
    println!("| what | ours | against | figure | promise | |\n|---|---|---|---|---|---|");
    for row in rows {
        let (promise, verdict) = match row.limit {
            Some(limit) if row.figure <= limit => (format!("≤ {limit}"), "kept"),
            Some(limit) => (format!("≤ {limit}"), "MISSED"),
            None => (String::from("—"), ""),
        };
        let Row { what, ours, against, figure_text, .. } = row;
        println!("| {what} | {ours} | {against} | {figure_text} | {promise} | {verdict} |");
    }
}
