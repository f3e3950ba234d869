//! A server with a mail server: what its page sends, shows and writes, and what stands in no log.

use serde_json::Value;

use crate::support::journal;
use crate::support::server::{Server, client, get};
use crate::support::smtp::{Manners, Smtp, Taken};
use crate::support::wait::until_async;
use crate::support::week::Week;

const LEAD: &str = "ludmila.leader@site.example";
const ME: &str = "marek.manager@site.example";

/// What the forms of the page say of whom they were made for.
async fn form_token(server: &Server) -> String {
    let page = page(server, "/admin/reports").await;
    let (_, rest) = page.split_once("name=\"form_token\" value=\"").expect("a form");
    rest.split('"').next().expect("a token").to_owned()
}

async fn page(server: &Server, path: &str) -> String {
    get(server.admin_url(path)).await.expect("an answer").text().await.expect("text")
}

async fn post(server: &Server, action: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let token = form_token(server).await;
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.append_pair("form_token", &token).extend_pairs(fields);
    client()
        .post(server.admin_url(&format!("/admin/reports/{action}")))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.finish())
        .send()
        .await
        .expect("an answer")
}

/// The part of a mail of that type, decoded.
fn part(mail: &Taken, kind: &str) -> String {
    let boundary = format!("Content-Type: {kind}");
    let (_, rest) = mail.text.split_once(&boundary).unwrap_or_else(|| panic!("no {kind}"));
    let (head, body) = rest.split_once("\n\n").expect("a body");
    let body = body.split("\n--").next().expect("a body");
    if head.contains("base64") {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::STANDARD;
        let text: String = body.split_whitespace().collect();
        return String::from_utf8(engine.decode(text).expect("base64")).expect("text");
    }
    assert!(head.contains("quoted-printable") || head.contains("7bit"), "{head}");
    let joined = body.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let [first, tail @ ..] = rest {
        let code = (*first == b'=').then(|| std::str::from_utf8(&tail[..2]).expect("hex"));
        match code {
            Some(code) if head.contains("quoted") => {
                bytes.push(u8::from_str_radix(code, 16).expect("hex"));
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).expect("text")
}

fn config(smtp: &Smtp) -> String {
    let report = |name: &str, language: &str| {
        format!(
            "[report.{name}]\nkind = \"daily\"\nat = \"00:00\"\nlanguage = \"{language}\"\n\
             to = [\"{LEAD}\"]\nattach = [\"csv\", \"json\"]\n"
        )
    };
    let languages = ["en", "pl", "ru", "uk"].map(|language| report(language, language));
    format!(
        "\n[mail]\nserver = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n\
         from = \"Tablica <tablica@site.example>\"\ncatch_up = \"2d\"\n{}",
        smtp.port(),
        languages.concat()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_servers_reports_go_out_are_shown_and_name_nobody() {
    let smtp = Smtp::start(Manners::default()).await;
    let week = Week::draw(&config(&smtp));
    let state = week.site.path("state");
    journal::write(&state, &week.events).await;
    let server = week.site.start().await;
    let yesterday = week.days.last().expect("a day").first.to_string();

    // By hand, in each language.
    for language in ["en", "pl", "ru", "uk"] {
        let answer = post(&server, "send", &[("report", language)]).await;
        assert!(answer.status().is_success(), "{}", answer.text().await.expect("text"));
    }
    let mails = smtp.taken();
    let heads = ["Daily report", "Raport dzienny", "Отчёт за день", "Звіт за день"];
    for (mail, head) in mails.iter().zip(heads) {
        let (html, text) = (part(mail, "text/html"), part(mail, "text/plain"));
        assert!(html.contains(head) && text.contains(head), "{head}: {html}");
        assert!(html.contains(&yesterday) && !html.contains("<script"), "{html}");
        assert_eq!(mail.to, LEAD);
    }

    // The figures are those of the API, and the files are whole.
    let answer = page(&server, &format!("/api/v1/reports/daily/{yesterday}")).await;
    let report: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(part(&mails[0], "application/json"), answer);
    let csv = page(&server, &format!("/api/v1/reports/daily/{yesterday}?format=csv")).await;
    assert_eq!(part(&mails[0], "text/csv").trim(), csv.trim());
    let volume = report["headline"][0]["now"]["value"].as_f64().expect("a number");
    let written = tablica::board::format::count(volume, tablica::language::Language::English);
    assert!(part(&mails[0], "text/plain").contains(&format!(": {written}")), "{written}");

    // One queue alone is a part of all.
    let queue = format!("/api/v1/reports/daily/{yesterday}?queue=queue-01");
    let of_queue: Value = serde_json::from_str(&page(&server, &queue).await).expect("JSON");
    let part_of = of_queue["headline"][0]["now"]["value"].as_f64().expect("a number");
    assert!(part_of > 0.0 && part_of < volume, "{part_of} of {volume}");

    // The pages.
    let list: Value = serde_json::from_str(&page(&server, "/api/v1/reports").await).expect("JSON");
    assert_eq!(list["days"][0], yesterday.as_str());
    let shown = page(&server, &format!("/admin/reports/daily/{yesterday}?language=pl")).await;
    assert!(shown.contains("Raport dzienny") && shown.contains("lang=\"pl\""), "{shown}");
    let admin = page(&server, "/admin/reports?language=pl").await;
    assert!(admin.contains("l…@site.example") && admin.contains(&yesterday), "{admin}");
    let unknown = get(server.admin_url("/api/v1/reports/daily/2020-01-01")).await.expect("told");
    assert_eq!(unknown.status().as_u16(), 404);

    // A test, and a mail server that does not take it.
    let answer = post(&server, "test", &[("report", "pl"), ("to", ME)]).await;
    assert!(answer.status().is_success());
    assert_eq!(smtp.taken().last().expect("one more").to, ME);
    smtp.behave(|manners| manners.answers = ["552 too large"].into());
    let answer = post(&server, "test", &[("report", "pl"), ("to", ME)]).await;
    assert_eq!(answer.status().as_u16(), 502);
    let told = answer.text().await.expect("text");
    assert!(told.contains("the mail server refuses it with 552"), "{told}");
    let refused = post(&server, "test", &[("report", "pl"), ("to", "nobody")]).await;
    assert_eq!(refused.status().as_u16(), 422);

    // Down when it was due: the server notes each turn before it sends it.
    let is_noted = async || {
        let file = rusqlite::Connection::open(state.join("mails.sqlite")).expect("a file");
        let sql = "SELECT count(*) FROM delivery";
        file.query_row(sql, [], |row| row.get::<_, i64>(0)).is_ok_and(|count| count == 4)
    };
    until_async("each report is noted", is_noted).await;
    let output = server.output();
    let metrics = server.metrics().await;
    assert!(server.stop().success());
    let file = rusqlite::Connection::open(state.join("mails.sqlite")).expect("a file");
    file.execute("UPDATE delivery SET date = '2020-01-01', state = 'sent'", []).expect("changed");
    drop(file);
    let before = smtp.taken().len();
    let server = week.site.start().await;
    smtp.takes(before + 4).await;
    server.counts("tablica_report_mails_total{report=\"uk\",result=\"sent\"}", 1).await;
    server.counts("tablica_report_undelivered{report=\"uk\"}", 0).await;

    // What is nobody's business.
    let all = output + &metrics + &server.output() + &server.metrics().await;
    for name in [LEAD, ME, "ludmila", "marek.manager", "nobody"] {
        assert!(!all.contains(name), "{name} stands in logs or metrics");
    }
    for mail in smtp.taken() {
        let parts = ["text/html", "text/plain", "text/csv", "application/json"];
        let all: String = parts.map(|kind| part(&mail, kind)).concat();
        assert!(!all.contains("agent-0"), "an agent's own name: {all}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_written_into_a_file_to_look_at_it() {
    let smtp = Smtp::start(Manners::default()).await;
    let week = Week::draw(&config(&smtp));
    journal::write(&week.site.path("state"), &week.events).await;
    let server = week.site.start().await;
    let yesterday = week.days.last().expect("a day");
    let known = format!("/api/v1/reports/daily/{}", yesterday.first);
    until_async("the day is rolled up", async || {
        get(server.admin_url(&known)).await.is_ok_and(|answer| answer.status().is_success())
    })
    .await;
    assert!(server.stop().success());
    let file = week.site.path("mail.eml");
    let to = file.to_str().expect("a path");
    let done = week.site.command(&["report", "send", "ru", "--to", to]);
    assert!(done.status.success(), "{done:?}");
    let text = std::fs::read_to_string(&file).expect("the mail").replace("\r\n", "\n");
    let mail = Taken { text, ..Taken::default() };
    assert!(part(&mail, "text/html").contains("Отчёт за день"));
    assert_eq!(smtp.taken(), [], "nothing is sent");
    let unknown = week.site.command(&["report", "send", "de", "--to", to]);
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(said.contains("there is no [report.de]; there is: en, pl, ru, uk"), "{said}");
}
