//! `/receipt/{board}/{tile}`: how a tile's number is made, as a page and as a code for a phone; and
//! the list of boards.

use tablica::clock;
use tablica::event::{Answered, Event, Kind};

use super::server::{Answer, Options, Server, ask, waiting_call};
use crate::support::wait::until_so;

const BOARD: &str = r#"title = "Own"
[[tile]]
id = "offered"
type = "number"
x = 0
y = 0
w = 6
h = 4
title = "Calls <today>"
kpi = "offered"
queue = "sales"
window = "today"
[[tile]]
id = "queues"
type = "queue_table"
x = 6
y = 0
w = 6
h = 4
columns = ["waiting", { kpi = "offered", window = "today" }]
[[tile]]
id = "anna"
type = "number"
x = 12
y = 0
w = 6
h = 4
kpi = "answered"
agent = "anna"
window = "today"
[[tile]]
id = "clock"
type = "clock"
x = 18
y = 0
w = 6
h = 4
"#;

async fn server(options: Options) -> (Server, tempfile::TempDir) {
    let boards = tempfile::tempdir().unwrap();
    std::fs::write(boards.path().join("own.toml"), BOARD).unwrap();
    let options = Options { boards: Some(boards.path().to_owned()), ..options };
    (Server::start(options).await, boards)
}

async fn known(server: &Server) {
    let (hub, sequence) = (server.hub.clone(), server.sequence());
    until_so("the calls to be known", || hub.applied() == sequence).await;
}

/// The address in a code, read as a phone's camera does.
fn read(svg: &str) -> String {
    const SCALE: usize = 4;
    let side = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap();
    let side: usize = side.parse().unwrap();
    let dark = svg.rsplit(" d=\"").next().unwrap().split('"').next().unwrap();
    let mut modules = vec![false; side * side];
    for run in dark.split('M').filter(|run| !run.is_empty()) {
        let (place, rest) = run.split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = rest.split_once('v').unwrap().0.parse().unwrap();
        modules[y * side + x..][..length].fill(true);
    }
    let grey = |x: usize, y: usize| if modules[y / SCALE * side + x / SCALE] { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, grey);
    image.detect_grids()[0].decode().expect("a code").1
}

fn code_of(page: &Answer) -> String {
    let text = page.text();
    let from = text.find("<svg xmlns").expect("a code on the page");
    read(&text[from..from + text[from..].find("</svg>").unwrap()])
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_holds_the_numbers_of_the_json_receipt() {
    let (mut server, _boards) = server(Options::default()).await;
    for queue in ["sales", "sales", "support"] {
        server.call_waits(queue).await;
    }
    known(&server).await;
    let page = server.get("/receipt/own/offered").await;
    assert_eq!(page.status, 200);
    let text = page.text();
    let json = server.get("/api/v1/kpis/offered/receipt?queue=sales&window=today").await.json();
    assert_eq!(json["figure"]["value"], 2.0);
    let receipt = &json["receipt"];
    for words in [&receipt["sentence"], &receipt["expression"], &receipt["formula"]] {
        let words = words.as_str().unwrap().replace('&', "&amp;");
        assert!(text.contains(&words), "{words} in {text}");
    }
    for count in receipt["counts"].as_array().unwrap() {
        let row = format!(
            "<code>{}</code></td><td class=\"amount\">{}</td>",
            count["name"].as_str().unwrap(),
            count["value"]
        );
        assert!(text.contains(&row), "{row} in {text}");
    }
    assert!(text.contains("<p class=\"figure\">2</p>"), "{text}");
    assert!(text.contains("UTC") && text.contains("pbx") && text.contains("class=\"course\""));
    assert!(text.contains("Calls &lt;today&gt;"), "a title is no markup");
    assert!(page.head.contains("content-security-policy") && !text.contains("<script"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_has_a_receipt_for_each_row() {
    let (mut server, _boards) = server(Options::default()).await;
    for queue in ["sales", "sales", "R&D dept"] {
        server.call_waits(queue).await;
    }
    known(&server).await;
    let all = server.get("/receipt/own/queues").await.text();
    assert!(all.contains("<p class=\"figure\">3</p>"), "{all}");
    assert!(all.contains("href=\"queues?queue=R%26D%20dept\""), "{all}");
    let one = server.get("/receipt/own/queues?queue=R%26D%20dept").await;
    assert_eq!(one.text().matches("<p class=\"figure\">1</p>").count(), 2, "{}", one.text());
    assert!(code_of(&one).ends_with("/receipt/own/queues?queue=R%26D%20dept"));
    assert_eq!(server.get("/receipt/own/queues?queue=sails").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_concealed_figure_tells_no_value_and_no_count() {
    let (mut server, _boards) = server(Options::default()).await;
    let mut events = waiting_call("c-1", "sales");
    let taken = Event {
        id: "c-1-a".to_owned(),
        agent: Some("anna".to_owned()),
        kind: Kind::Answered(Answered::default()),
        at_ms: clock::now_ms(),
        ..events[1].clone()
    };
    events.push(taken);
    // One event of three: the hub knows all when it knows the last.
    server.say(events).await;
    known(&server).await;
    let json = server.get("/api/v1/kpis/answered/receipt?agent=anna&window=today").await.json();
    assert_eq!(json["figure"]["state"], "concealed", "{json}");
    let page = server.get("/receipt/own/anna").await.text();
    assert!(page.contains("concealed"), "{page}");
    for telling in ["class=\"figure\"", "class=\"amount\"", "class=\"course\"", "· anna"] {
        assert!(!page.contains(telling), "{telling} in {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_led_to_the_address_that_the_config_says_else_to_the_one_asked_for() {
    let (own, _boards) = server(Options::default()).await;
    let code = "GET /receipt/own/offered/qr.svg";
    let asked = ask(own.public, code, "Host: wall.example\r\n", b"").await;
    assert!(asked.head.contains("image/svg+xml"), "{}", asked.head);
    assert_eq!(read(&asked.text()), "http://wall.example/receipt/own/offered");
    let page = own.get("/receipt/own/offered").await;
    assert_eq!(code_of(&page), format!("http://{}/receipt/own/offered", own.public));
    assert!(page.text().contains("works on this machine only"), "a phone cannot reach loopback");

    let public_url = Some("https://desk.example.org/walls".to_owned());
    let (told, _boards) = server(Options { public_url, ..Options::default() }).await;
    let page = told.get("/receipt/own/offered").await;
    assert_eq!(code_of(&page), "https://desk.example.org/walls/receipt/own/offered");
    assert!(!page.text().contains("works on this machine only"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_without_figures_have_no_receipt_and_those_with_one_say_so() {
    let (server, _boards) = server(Options::default()).await;
    let board = server.get("/api/v1/boards/own").await.json();
    let tiles = board["board"]["tiles"].as_array().unwrap();
    let with: Vec<&str> = tiles
        .iter()
        .filter(|tile| tile["receipt"] == true)
        .map(|tile| tile["id"].as_str().unwrap())
        .collect();
    assert_eq!(with, ["offered", "queues", "anna"]);
    for path in ["/receipt/own/clock", "/receipt/own/%3Cb%3E", "/receipt/nowhere/x"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.head.contains("text/html") && !answer.text().contains("<b>"), "{path}");
    }
    assert_eq!(server.get("/receipt/own/clock/qr.svg").await.problem().0, "unknown-tile");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_listeners_list_boards_with_picture_state_and_screens() {
    let (server, boards) = server(Options::default()).await;
    std::fs::write(boards.path().join("broken.toml"), "titel = 3").unwrap();
    let mut screen = server.screen("own").await;
    screen.next_of("snapshot").await;
    let hub = server.hub.clone();
    until_so("the broken board to be known", || {
        hub.boards().iter().any(|board| board.id == "broken")
    })
    .await;
    for (address, wall) in [(server.public, "\"wall/own"), (server.admin, ":8080/wall/own")] {
        let page = ask(address, "GET /", "Host: 127.0.0.1:9464\r\n", b"").await;
        assert_eq!(page.status, 200);
        let text = page.text();
        let card = |id: &str| {
            let named = format!("<code>{id}</code>");
            let card = text.split("<li>").find(|card| card.contains(&named));
            card.unwrap_or_else(|| panic!("{id} in {text}")).to_owned()
        };
        let own = card("own");
        assert!(own.contains(wall) && own.contains("Calls &lt;today&gt;"), "{own}");
        assert!(own.contains("class=\"thumbnail\"") && own.contains("screens now: 1"), "{own}");
        assert!(own.contains("file ok"), "{own}");
        let broken = card("broken");
        assert!(broken.contains("cannot be shown") && broken.contains("titel"), "{broken}");
        assert!(!broken.contains("<a "), "nothing to open");
        assert!(!text.contains("<script"));
    }
}
