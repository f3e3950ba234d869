//! What lists have in common: how many rows there may be.

use crate::board::reader::Section;

/// Grid rows of a tile that says nothing of its height, which no board file is taken with.
const HEIGHT_DEFAULT: i64 = 4;
const HEIGHT_MAX: i64 = 12;

/// Reads `rows_max`; by default as many as are high enough to be read in `h` grid rows.
pub(super) fn max(section: &Section<'_>, limit: usize) -> usize {
    // A row needs about two thirds of a grid row; title and head take one.
    let height = section.whole("h").map_or(HEIGHT_DEFAULT, |at| at.value.clamp(2, HEIGHT_MAX));
    let fitting = usize::try_from((height - 1) * 3 / 2).unwrap_or(1).clamp(1, limit);
    let Some(at) = section.whole("rows_max") else { return fitting };
    match usize::try_from(at.value).ok().filter(|rows| (1..=limit).contains(rows)) {
        Some(rows) => rows,
        None => {
            section.problem_at(at.offset, format_args!("`rows_max` must be 1 to {limit}"));
            fitting
        }
    }
}
