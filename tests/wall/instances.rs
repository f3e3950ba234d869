//! Boards of files with a parameter: any queue by its address, one board for all who look at the same.

use std::fs;
use std::time::Duration;

use tablica::board::hub::InstanceLimits;
use tablica::engine::Engine;
use tablica::http::Limit;
use tablica::scope::Selector;
use tempfile::TempDir;

use super::server::{Options, Server};
use crate::support::wait::{until_async, until_so};

/// How many wait in the queue, and what the rest of the file adds.
fn desk(more: &str) -> String {
    format!(
        "title = \"Desk · $queue\"\n[parameters]\nqueue = \"queue\"\n[[tile]]\nid = \"w\"\ntype = \"number\"\n\
         kpi = \"waiting\"\nqueue = \"$queue\"\nx = 0\ny = 0\nw = 24\nh = 12\n{more}"
    )
}

/// A server with the file `desk`, and calls that wait: two for sales, one for support.
async fn with_desk(instances: InstanceLimits) -> (TempDir, Server) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("desk.toml"), desk("")).expect("written");
    let boards = Some(folder.path().to_owned());
    let mut server = Server::start(Options { boards, instances, ..Options::default() }).await;
    for queue in ["sales", "sales", "support"] {
        server.call_waits(queue).await;
    }
    let (hub, sequence) = (server.hub.clone(), server.sequence());
    until_so("the calls to be known", || hub.applied() == sequence).await;
    (folder, server)
}

fn open(server: &Server) -> Vec<String> {
    let boards = server.hub.boards().into_iter().map(|board| board.id);
    boards.filter(|id| id.contains(':')).collect()
}

fn is_open(server: &Server, board: &str) -> bool {
    open(server).iter().any(|id| id == board)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_queue_has_a_board_of_its_own_and_all_its_screens_share_one() {
    let (_folder, server) = with_desk(InstanceLimits::default()).await;
    assert!(open(&server).is_empty(), "nobody has looked");
    let mut sales = server.screen("desk:sales").await;
    let first = sales.next().await;
    assert_eq!(
        (&first["type"], &first["board"]["title"]),
        (&"snapshot".into(), &"Desk · sales".into())
    );
    assert_eq!(
        (&first["board"]["id"], &first["tiles"]["w"]["text"]),
        (&"desk:sales".into(), &"2".into())
    );
    let support = server.screen("desk:support").await.next().await;
    assert_eq!(support["tiles"]["w"]["text"], "1");
    let other = server.screen("desk%3Asales").await.next().await;
    assert_eq!((&other["epoch"], &other["board"]), (&first["epoch"], &first["board"]));
    assert_eq!(open(&server), ["desk:sales", "desk:support"], "one for both screens of sales");
    // The API and receipts have it as they have any board.
    let told = server.get("/api/v1/boards/desk:sales").await.json();
    assert_eq!(told["tiles"]["w"]["text"], "2");
    let receipt = server.get("/receipt/desk%3Asales/w").await;
    assert!(receipt.status == 200 && receipt.text().contains("sales"), "{}", receipt.text());
    assert_eq!(server.get("/receipt/desk%3Asales/w/qr.svg").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_name_the_queue_leads_to_its_board_and_the_rest_goes_along() {
    let (_folder, server) = with_desk(InstanceLimits::default()).await;
    for (from, to) in [
        ("/wall/desk?queue=sales", "./desk%3Asales"),
        ("/wall/desk?screen=hall&queue=sales", "./desk%3Asales?screen=hall"),
        ("/wall/desk/sales?theme=light", "../desk%3Asales?theme=light"),
    ] {
        let answer = server.get(from).await;
        assert_eq!(answer.status, 307, "{from}");
        assert!(
            answer.head.to_lowercase().contains(&format!("location: {to}").to_lowercase()),
            "{}",
            answer.head
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_queue_there_is_a_choice_and_with_an_unknown_one_a_hint() {
    let (_folder, server) = with_desk(InstanceLimits::default()).await;
    // The hub looks at its ticks which queues there are.
    until_async("both queues to be known", async || {
        let page = server.get("/wall/desk").await;
        ["./desk%3Asales", "./desk%3Asupport"].iter().all(|link| page.text().contains(link))
    })
    .await;
    let page = server.get("/wall/desk").await;
    assert_eq!(page.status, 200);
    for part in ["./desk%3Asales", "./desk%3Asupport", "Which queue?"] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    let unknown = server.get("/wall/desk:saels").await;
    assert_eq!(unknown.status, 404);
    for part in ["There is no queue “saels”", "Did you mean “sales”?", "desk%3Asupport"] {
        assert!(unknown.text().contains(part), "{part}: {}", unknown.text());
    }
    for (path, kind) in
        [("/api/v1/boards/desk", "needs-value"), ("/api/v1/boards/desk:saels", "unknown-board")]
    {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.problem().0.as_str()), (404, kind), "{path}");
        let valid = serde_json::json!(["desk:sales", "desk:support"]);
        assert_eq!(answer.problem().1["valid"], valid, "{path}");
    }
    assert!(
        server.try_screen("desk").await.is_err() && server.try_screen("desk:saels").await.is_err()
    );
    assert!(open(&server).is_empty(), "what is not there is not opened");
    let home = server.get("/").await;
    assert!(
        home.text().contains("Desk · any") && home.text().contains("wall/desk"),
        "{}",
        home.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_nobody_looks_at_is_closed_and_opened_again_for_who_comes() {
    let idle = Duration::from_millis(1);
    let (_folder, server) = with_desk(InstanceLimits { idle, ..InstanceLimits::default() }).await;
    let mut screen = server.screen("desk:sales").await;
    let before = screen.next().await;
    assert_eq!(server.get("/api/v1/boards/desk:support").await.status, 200);
    until_so("the one that was only asked for to be closed", || !is_open(&server, "desk:support"))
        .await;
    assert!(is_open(&server, "desk:sales"), "a screen shows it");
    screen.leave().await;
    until_so("it to be closed", || open(&server).is_empty()).await;
    let again = server.screen("desk:sales").await.next().await;
    assert!(again["seq"].as_u64() > before["seq"].as_u64(), "numbers go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_are_open_as_may_be_and_who_is_too_much_is_told() {
    let limits = InstanceLimits { instances_max: 1, ..InstanceLimits::default() };
    let (_folder, server) = with_desk(limits).await;
    // Nobody looks at it: it makes room.
    assert_eq!(server.get("/api/v1/boards/desk:support").await.status, 200);
    let mut screen = server.screen("desk:sales").await;
    screen.next().await;
    assert_eq!(open(&server), ["desk:sales"]);
    let refused = server.get("/api/v1/boards/desk:support").await;
    assert_eq!((refused.status, refused.problem().0.as_str()), (503, "too-many-boards"));
    assert!(refused.head.to_lowercase().contains("retry-after"), "{}", refused.head);
    let page = server.get("/wall/desk:support").await;
    assert!(page.status == 503 && page.text().contains("boards.instances_max"), "{}", page.text());
    assert_eq!(server.try_screen("desk:support").await.err().expect("refused").status, 503);
    assert_eq!(server.counters.refusals.of(Limit::BoardInstances), 3);
    assert_eq!(server.screen("desk:sales").await.next().await["type"], "snapshot", "it is open");
    screen.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_changes_all_its_boards_and_a_bad_one_none() {
    let (folder, server) = with_desk(InstanceLimits::default()).await;
    let mut screens = [server.screen("desk:sales").await, server.screen("desk:support").await];
    for screen in &mut screens {
        screen.next().await;
    }
    let file = folder.path().join("desk.toml");
    fs::write(&file, desk("").replace("Desk", "Table")).expect("written");
    for (screen, title) in screens.iter_mut().zip(["Table · sales", "Table · support"]) {
        assert_eq!(screen.next_of("snapshot").await["board"]["title"], title);
    }
    fs::write(&file, desk("colour = \"red\"\n")).expect("written");
    let listed = || server.hub.boards().into_iter().find(|board| board.id == "desk").expect("it");
    until_so("the problem to be told", || listed().problem.is_some()).await;
    assert_eq!(
        server.get("/api/v1/boards/desk:sales").await.json()["board"]["title"],
        "Table · sales"
    );
    fs::remove_file(&file).expect("removed");
    for screen in &mut screens {
        let code = loop {
            if let Err(code) = screen.next_or_close().await {
                break code;
            }
        };
        assert_eq!(code, 1001);
    }
    assert!(open(&server).is_empty());
}

/// The engine counts by kinds of questions, not by queues: what a file asks for is counted as any board's
/// is, whoever opens how many of its boards, and no longer than there is the file.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_counted_is_the_files_and_whoever_opens_boards_changes_nothing_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.toml");
    let by_four = "kind = \"call\"\npriority = \"normal\"\npublic = false\n";
    fs::write(&file, desk(by_four)).expect("written");
    let boards = Some(folder.path().to_owned());
    let idle = Duration::from_millis(1);
    let instances = InstanceLimits { idle, ..InstanceLimits::default() };
    let mut server = Server::start(Options { boards, instances, ..Options::default() }).await;
    for queue in 0..20 {
        server.call_waits(&format!("q{queue}")).await;
    }
    let (hub, sequence) = (server.hub.clone(), server.sequence());
    until_so("the calls to be known", || hub.applied() == sequence).await;
    let is_counted = async |queue: &str| {
        let mut selector = Selector::queue(queue);
        for (key, value) in [("kind", "call"), ("priority", "normal"), ("public", "false")] {
            selector.set(key, value).expect("a word of the key");
        }
        let is_live = move |engine: &mut Engine, _| engine.is_live(&selector);
        server.hub.ask(is_live).await.expect("an answer")
    };
    assert!(is_counted("q7").await, "before anybody has looked");
    for queue in 0..20 {
        // It may be closed again before it is read.
        until_async(&format!("q{queue} to be told"), async || {
            let told = server.get(&format!("/api/v1/boards/desk:q{queue}")).await.json();
            told["tiles"]["w"]["text"] == "1"
        })
        .await;
    }
    until_so("all to be closed", || open(&server).is_empty()).await;
    assert!(is_counted("q7").await, "and for who comes next");
    fs::remove_file(&file).expect("removed");
    until_async("the file's place to be free", async || !is_counted("q7").await).await;
}
