//! The server's own memory, CPU and start, under the names that every Prometheus client uses.
//!
//! Read from `/proc` at each scrape and written as text by hand: the recorder's counters are
//! whole numbers, and CPU seconds are not. Where there is no `/proc`, they are left out.

use std::fs;

use super::form::Form;
use super::text;

/// The kernel's clock ticks per second as `/proc` shows them: 100 on every Linux since 2.6.
const TICKS_PER_SECOND: f64 = 100.0;

/// Fields of `/proc/self/stat` after the command's name.
struct Stat {
    cpu_ticks: u64,
    start_ticks: u64,
    resident_pages: u64,
}

/// Adds the process metrics to a scrape.
pub(super) fn render(text: &mut String, form: Form) {
    let Some(stat) = fs::read_to_string("/proc/self/stat").ok().and_then(|line| parse(&line))
    else {
        return;
    };
    let mut metric = |name: &str, kind: &str, help: &str, value: f64| {
        let suffix = if kind == "counter" { "_total" } else { "" };
        text.push_str(&text::head_of(name, kind, suffix, help, form));
        text.push_str(name);
        text.push(' ');
        text::figure(text, value);
        text.push('\n');
    };
    metric(
        "process_cpu_seconds_total",
        "counter",
        "CPU time used, user and system.",
        stat.cpu_ticks as f64 / TICKS_PER_SECOND,
    );
    if let Some(page_bytes) = page_bytes() {
        metric(
            "process_resident_memory_bytes",
            "gauge",
            "Memory in RAM.",
            (stat.resident_pages * page_bytes) as f64,
        );
    }
    if let Some(boot) = boot_seconds() {
        metric(
            "process_start_time_seconds",
            "gauge",
            "When the process started.",
            boot + stat.start_ticks as f64 / TICKS_PER_SECOND,
        );
    }
}

fn parse(line: &str) -> Option<Stat> {
    // The command's name is in parentheses and may hold anything, even parentheses.
    let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Stat {
        cpu_ticks: number(11)? + number(12)?,
        start_ticks: number(19)?,
        resident_pages: number(21)?,
    })
}

/// By what the kernel says of one mapping; 4 KiB is not true everywhere.
fn page_bytes() -> Option<u64> {
    let smaps = fs::read_to_string("/proc/self/smaps").ok()?;
    let line = smaps.lines().find(|line| line.starts_with("KernelPageSize:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

fn boot_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_name_with_parentheses_does_not_shift_the_fields() {
        let line = "7 (a) (b c)) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 3 0 12345 9999 777";
        let stat = parse(line).unwrap();
        assert_eq!((stat.cpu_ticks, stat.start_ticks, stat.resident_pages), (300, 12345, 777));
    }
}
