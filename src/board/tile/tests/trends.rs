//! Trends: up to four lines, the goal, and the same hour a week before.

use expect_test::{Expect, expect};

use super::lists::SaidLists;
use super::{Said, check};
use crate::board::file::Board;

fn refused(series: &str, expected: Expect) {
    let text = format!(
        "[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\ntype = \"trend\"\nseries = {series}\n"
    );
    let problems = Board::parse("b", "b.toml", &text).err().expect("a bad board was taken");
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    expected.assert_eq(&lines.join("\n"));
}

/// The lines begin at 22:10 UTC.
const AT_22_00: i64 = 1_699_999_200_000;
const AT_22_15: i64 = AT_22_00 + 900_000;

#[test]
fn last_weeks_line_lies_behind_the_first_one_minute_by_minute() {
    // 30 came between 22:00 and 22:15, 60 in the next quarter: 2 and 4 a minute in their middles
    // at 22:07:30 and 22:22:30. So 22:10 to 22:11, whose middle is 3 minutes later, has 2.4.
    let lists =
        SaidLists { quarters: vec![(AT_22_00, 30.0), (AT_22_15, 60.0)], ..SaidLists::default() };
    let said =
        Said { series: vec![Some(2.0), None, Some(4.0), Some(1.0)], lists, ..Said::default() };
    check(
        "type = \"trend\"\nseries = [\"offered\", \"answered\"]\ncompare = \"last_week\"\ntarget = 5",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","from_ms":1699999800000,"step_ms":60000,"series":[{"name":"Offered","values":[2.0,null,4.0]},{"name":"Answered","values":[2.0,null,4.0]}],"text":"","axis":"per minute","target":5.0,"target_text":"5","earlier":{"name":"last week","values":[2.4,2.53,2.67]}}"#
        ]],
    );
}

#[test]
fn a_quarter_without_a_neighbour_is_drawn_to_its_own_end_and_no_past_is_no_line() {
    let lists = SaidLists { quarters: vec![(AT_22_15, 60.0)], ..SaidLists::default() };
    let series = vec![Some(2.0); 7];
    let said = Said { series: series.clone(), lists, ..Said::default() };
    // Only three minutes are over, all before 22:15.
    for said in [said, Said { series, ..Said::default() }] {
        check(
            "type = \"trend\"\nseries = [\"offered\"]\ncompare = \"last_week\"",
            &said,
            expect![[
                r#"{"state":"live","tone":"plain","from_ms":1699999800000,"step_ms":60000,"series":[{"name":"Offered","values":[2.0,2.0,2.0]}],"text":"","axis":"per minute"}"#
            ]],
        );
    }
}

#[test]
fn shares_are_drawn_in_per_cent_against_their_goal() {
    let said = Said { series: vec![Some(0.756), Some(0.8)], ..Said::default() };
    check(
        "type = \"trend\"\nseries = [\"service_level\"]",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","from_ms":1699999800000,"step_ms":60000,"series":[{"name":"Service level","values":[75.6,80.0]}],"text":"","axis":"%","target":80.0,"target_text":"80%"}"#
        ]],
    );
}

#[test]
fn long_times_are_drawn_in_minutes_and_lines_are_told_apart_by_whom_they_are_of() {
    let said = Said { series: vec![Some(90.0), Some(600.0)], ..Said::default() };
    check(
        "type = \"trend\"\ntarget = 300\nseries = [{ kpi = \"frt\", queue = \"sales\" }, { kpi = \"frt\", channel = \"telegram\" }, { kpi = \"frt\", title = \"all\" }]",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","from_ms":1699999800000,"step_ms":60000,"series":[{"name":"Sales","values":[1.5,10.0]},{"name":"Telegram","values":[1.5,10.0]},{"name":"all","values":[1.5,10.0]}],"text":"","axis":"min","target":5.0,"target_text":"5 min"}"#
        ]],
    );
}

#[test]
fn lines_of_one_axis_are_of_one_unit() {
    refused(
        "[\"offered\", \"service_level\"]",
        expect![
            "b.toml:1: tile `t`: `series`: offered and service_level are not of one unit, and there is one axis"
        ],
    );
    refused(
        "[\"waiting\"]\ncompare = \"last_week\"",
        expect![
            "b.toml:1: tile `t`: `compare` needs a number over a time; waiting is a state of now"
        ],
    );
    refused(
        "[{ kpi = \"offered\", colour = \"red\" }]",
        expect![
            "b.toml:8: tile `t`, series: unknown key `colour`; known are agent, channel, dimension, kind, kpi, policy, priority, public, queue, title, topic"
        ],
    );
}
