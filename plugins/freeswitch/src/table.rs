//! The lists that `callcenter_config` prints: names of columns, rows with `|`, `+OK`.
//!
//! Values are not escaped. A caller's name and an agent's dial string may hold `|`, so a row is
//! read from both ends.

/// One list.
pub(crate) struct Table<'a> {
    columns: Vec<&'a str>,
    rows: Vec<&'a str>,
    /// The column whose values may hold `|`.
    loose: Option<usize>,
}

/// One row of it.
pub(crate) struct Row<'a, 'b> {
    table: &'b Table<'a>,
    fields: Vec<&'a str>,
}

impl<'a> Table<'a> {
    /// None when it is no list but a refusal. An empty list is `+OK` alone.
    pub(crate) fn parse(body: &'a str, loose: &str) -> Option<Self> {
        let mut lines = body.lines().map(str::trim_end).filter(|line| !line.is_empty());
        let head = lines.next()?;
        if head.starts_with('-') {
            return None;
        }
        if head == "+OK" {
            return Some(Self { columns: Vec::new(), rows: Vec::new(), loose: None });
        }
        let columns: Vec<&str> = head.split('|').collect();
        let loose = columns.iter().position(|column| *column == loose);
        let rows = lines.filter(|line| *line != "+OK").collect();
        Some(Self { columns, rows, loose })
    }

    /// Rows that have all columns.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'a, '_>> {
        self.rows.iter().filter_map(|row| {
            let fields: Vec<&str> = row.split('|').collect();
            (fields.len() >= self.columns.len()).then_some(Row { table: self, fields })
        })
    }
}

impl<'a> Row<'a, '_> {
    /// The value in a column; none where it is empty or there is no such column.
    pub(crate) fn get(&self, column: &str) -> Option<&'a str> {
        let place = self.table.columns.iter().position(|it| *it == column)?;
        let more = self.fields.len().saturating_sub(self.table.columns.len());
        let is_after = self.table.loose.is_some_and(|loose| place > loose);
        let place = if is_after { place.saturating_add(more) } else { place };
        self.fields.get(place).copied().filter(|value| !value.is_empty())
    }

    /// Seconds in a column as milliseconds; 0 is none.
    pub(crate) fn ms(&self, column: &str) -> Option<u64> {
        let seconds: u64 = self.get(column)?.parse().ok()?;
        (seconds > 0).then(|| seconds.saturating_mul(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_the_separator_in_it_moves_no_other_column() {
        let body = "queue|cid_number|cid_name|joined_epoch|state\nsales|600|A|B|1700000000|Waiting\nshort|1\n\n+OK\n";
        let table = Table::parse(body, "cid_name").unwrap();
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].get("queue"), rows[0].get("state")), (Some("sales"), Some("Waiting")));
        assert_eq!(rows[0].ms("joined_epoch"), Some(1_700_000_000_000));
        assert_eq!(rows[0].get("score"), None);
    }

    #[test]
    fn an_empty_list_is_a_list_and_a_refusal_is_none() {
        assert_eq!(Table::parse("+OK\n", "").map(|table| table.rows().count()), Some(0));
        assert!(Table::parse("-ERR callcenter_config Command not found!\n", "").is_none());
        assert!(Table::parse("", "").is_none());
    }
}
