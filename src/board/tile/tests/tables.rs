//! Tables: a row for each queue, policy or topic.

use expect_test::expect;

use super::{Said, check};
use crate::kpi::value::Figure;

#[test]
fn a_queue_table_leads_with_what_burns_and_pins_it() {
    // Bad before warned of, though the wait is shorter; of two alike the longer wait; then titles.
    let said = Said::default()
        .at("archive", "waiting", Figure::Number(0.0))
        .at("billing", "waiting", Figure::Number(9.0))
        .at("billing", "longest_wait_now", Figure::Number(50.0))
        .at("chats", "waiting", Figure::Number(3.0))
        .at("chats", "longest_wait_now", Figure::Number(70.0))
        .at("mail", "waiting", Figure::Number(4.0))
        .at("mail", "longest_wait_now", Figure::Number(700.0))
        .at("orders", "waiting", Figure::Number(0.0));
    let table = "type = \"queue_table\"\n\
        columns = [{ kpi = \"waiting\", warn = 3, bad = 9 }]";
    check(
        table,
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","columns":[{"id":"waiting","title":"Waiting"}],"rows":[{"name":"billing","cells":[{"text":"9","tone":"bad"}],"pinned":true},{"name":"mail","cells":[{"text":"4","tone":"warn"}],"pinned":true},{"name":"chats","cells":[{"text":"3","tone":"warn"}]},{"name":"archive","cells":[{"text":"0","tone":"good"}]},{"name":"orders","cells":[{"text":"0","tone":"good"}]}],"more":0}"#
        ]],
    );
}

#[test]
fn a_queue_table_keeps_the_rows_that_need_somebody_where_the_file_limits_them() {
    let said = Said::default()
        .at("archive", "waiting", Figure::Number(0.0))
        .at("sales", "waiting", Figure::Number(4.0))
        .at("sales", "service_level", Figure::Number(0.5))
        .at("mail", "waiting", Figure::NotApplicable);
    let table = "type = \"queue_table\"\nrows_max = 2\n\
        columns = [{ kpi = \"waiting\", warn = 3 }, { kpi = \"service_level\", title = \"SL\" }]";
    check(
        table,
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","columns":[{"id":"waiting","title":"Waiting"},{"id":"service_level","title":"SL"}],"rows":[{"name":"Sales","cells":[{"text":"4","tone":"warn"},{"text":"50%","tone":"bad"}],"pinned":true},{"name":"archive","cells":[{"text":"0","tone":"good"},{"text":"–","tone":"plain"}]}],"more":1}"#
        ]],
    );
}

#[test]
fn a_policy_table_measures_each_promise_by_its_own_goal() {
    // Said of all policies alike: what differs is the goal, 90 % here.
    let said = Said::default().number("sla_at_risk", 3.0).number("sla_met", 0.85);
    check(
        "type = \"policy_table\"\ncolumns = [{ kpi = \"sla_at_risk\", warn = 2 }, \"sla_met\"]",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","columns":[{"id":"sla_at_risk","title":"At risk"},{"id":"sla_met","title":"Kept"}],"rows":[{"name":"E-mail in 4 h","cells":[{"text":"3","tone":"warn"},{"text":"85%","tone":"warn"}],"pinned":true}],"more":0}"#
        ]],
    );
}

#[test]
fn a_topic_table_puts_the_most_frequent_first_and_leaves_out_the_silent() {
    let said = Said { topics: vec!["app", "delivery", "refund"], ..Said::default() }
        .about("app", "topic_contacts", 4.0)
        .about("delivery", "topic_contacts", 12.0)
        .about("delivery", "topic_share", 0.4)
        .about("refund", "topic_contacts", 0.0);
    check(
        "type = \"topic_table\"\ncolumns = [\"topic_contacts\", \"topic_share\"]",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","columns":[{"id":"topic_contacts","title":"Contacts"},{"id":"topic_share","title":"Share"}],"rows":[{"name":"delivery","cells":[{"text":"12","tone":"plain"},{"text":"40%","tone":"plain"}]},{"name":"app","cells":[{"text":"4","tone":"plain"},{"text":"–","tone":"plain"}]}],"more":0}"#
        ]],
    );
}
