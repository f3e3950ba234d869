//! Televisions that are let in by a code: from the page's side, the operator's and the command's.

mod looked_after;

use futures_util::StreamExt;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::stuck::play;
use crate::support::server::{Server, Site, client, get};
use crate::support::wait::until_async;

/// The page of a television: what it keeps between two questions.
#[derive(Default)]
struct Tv {
    cookie: Option<String>,
}

impl Tv {
    async fn asks(&mut self, server: &Server) -> reqwest::Response {
        // As a browser says of a page's own question.
        let origin = server.url("").trim_end_matches('/').to_owned();
        let address = server.url("/screen/state?board=floor");
        let mut question = client().post(address).header("origin", origin);
        if let Some(cookie) = &self.cookie {
            question = question.header("cookie", cookie);
        }
        let answer = question.send().await.expect("an answer");
        if let Some(set) = answer.headers().get("set-cookie") {
            let set = set.to_str().expect("text");
            for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
                assert!(set.contains(attribute), "{set}");
            }
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        answer
    }

    async fn is_told(&mut self, server: &Server) -> Value {
        let text = self.asks(server).await.text().await.expect("text");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    async fn code(&mut self, server: &Server) -> String {
        let told = self.is_told(server).await;
        told["code"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    }

    /// What its browser gets there.
    async fn opens(&self, server: &Server, path: &str) -> reqwest::Response {
        let cookie = self.cookie.as_deref().expect("a cookie");
        let question = staying().get(server.url(path)).header("cookie", cookie);
        question.header("accept", "text/html").send().await.expect("an answer")
    }

    fn token(&self) -> &str {
        self.cookie.as_deref().and_then(|it| it.split_once('=')).expect("a cookie").1
    }

    /// The socket of the board in its page.
    async fn wall(&self, server: &Server, board: &str) -> WebSocketStream<TcpStream> {
        let url = server.url(&format!("/ws/v1/boards/{board}")).replace("http://", "ws://");
        let authority = url.split('/').nth(2).expect("an authority").to_owned();
        let mut request = url.into_client_request().expect("an address");
        let cookie = self.cookie.as_deref().expect("a cookie").parse().expect("a header");
        request.headers_mut().insert("cookie", cookie);
        let stream = TcpStream::connect(authority).await.expect("the server listens");
        client_async(request, stream).await.expect("let in").0
    }
}

/// A client that does not go where it is sent.
fn staying() -> reqwest::Client {
    let no_redirects = reqwest::redirect::Policy::none();
    let client = reqwest::Client::builder().tls_certs_only([]).redirect(no_redirects);
    client.build().expect("a client")
}

/// What the forms of the operator's page say of whom they were made for.
async fn form_token(server: &Server) -> String {
    let page = get(server.admin_url("/admin/screens")).await.expect("a page");
    let page = page.text().await.expect("text");
    let (_, rest) = page.split_once("name=\"form_token\" value=\"").expect("a form");
    rest.split('"').next().expect("a token").to_owned()
}

fn paired(site: &Site, arguments: &[&str]) -> String {
    let done = site.command(&[&["screen"], arguments].concat());
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).expect("text")
}

fn refused(site: &Site, arguments: &[&str]) -> String {
    let done = site.command(&[&["screen"], arguments].concat());
    assert!(!done.status.success(), "{done:?}");
    String::from_utf8(done.stderr).expect("text")
}

/// Why the server closed a socket.
async fn closed(mut wall: WebSocketStream<TcpStream>) -> (CloseCode, String) {
    while let Some(message) = wall.next().await {
        if let Ok(Message::Close(Some(frame))) = message {
            return (frame.code, frame.reason.to_string());
        }
    }
    panic!("the socket ended without a word")
}

async fn says(server: &Server, line: &str) {
    until_async(line, async || server.metrics().await.lines().any(|found| found == line)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_television_is_let_in_stays_in_over_restarts_and_is_shut_out_at_once() {
    let site = Site::new("").with_fixed_ports();
    let server = site.start().await;
    let mut tv = Tv::default();
    let code = tv.code(&server).await;
    let (left, right) = code.split_once('-').expect("a dash");
    let is_consonant = |c: char| "BCDFGHJKLMNPQRSTVWXZ".contains(c);
    assert!(left.len() == 4 && right.len() == 4, "{code}");
    assert!(left.chars().chain(right.chars()).all(is_consonant), "{code}");

    let wrong = refused(&site, &["approve", "BBBB-BBBB", "--board", "floor", "--name", "hall"]);
    assert!(wrong.contains("no screen shows the code BBBB-BBBB now"), "{wrong}");
    let nowhere = refused(&site, &["approve", &code, "--board", "attic", "--name", "hall"]);
    assert!(nowhere.contains("there is no board:attic"), "{nowhere}");
    let typed = code.to_lowercase();
    paired(
        &site,
        &["approve", &typed, "--board", "floor", "--name", "hall", "--place", "2nd floor"],
    );
    let told = tv.is_told(&server).await;
    assert_eq!((&told["state"], &told["name"]), (&"paired".into(), &"hall".into()), "{told}");
    assert_eq!(told["steps"][0]["board"], "floor");
    let wall = tv.wall(&server, "floor").await;
    says(&server, "tablica_screen_up{board=\"floor\",screen=\"hall\"} 1").await;
    says(&server, "tablica_screens_paired 1").await;
    let output = server.output();
    drop(wall);
    server.kill();

    let server = site.start().await;
    assert_eq!(tv.is_told(&server).await["state"], "paired", "the server was killed");
    paired(&site, &["move", "hall", "--board", "promises"]);
    assert_eq!(tv.is_told(&server).await["steps"][0]["board"], "promises");
    paired(&site, &["rename", "hall", "lobby"]);
    let list = paired(&site, &["list"]);
    assert!(list.contains("lobby") && list.contains("board:promises"), "{list}");
    assert!(list.contains("2nd floor"), "{list}");
    let wall = tv.wall(&server, "promises").await;
    says(&server, "tablica_screen_up{board=\"promises\",screen=\"lobby\"} 1").await;
    paired(&site, &["revoke", "lobby"]);
    assert_eq!(closed(wall).await, (CloseCode::Policy, "the pairing was revoked".to_owned()));
    let told = tv.is_told(&server).await;
    assert_eq!(told["state"], "code", "{told}");
    until_async("nobody misses it", async || {
        !server.metrics().await.contains("screen=\"lobby\"} 0")
    })
    .await;
    let logs = [output, server.output()].concat();
    assert!(!logs.contains(tv.token()), "a token is in no log");
    assert!(server.stop().success());

    assert!(paired(&site, &["list"]).contains("No screen is paired"), "also without a server");
    let nobody = refused(&site, &["reload", "lobby"]);
    assert!(nobody.contains("the server is not running"), "{nobody}");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_end_and_neither_they_nor_wrong_ones_are_without_limit() {
    let site = Site::new(
        "[pairing]\ncode_lifetime = \"3s\"\ncodes_per_address_max = 2\nwrong_max = 2\nwrong_per_address_max = 1",
    );
    let server = site.start().await;
    let mut first = Tv::default();
    let code = first.code(&server).await;
    assert_eq!(first.code(&server).await, code, "the same until it ends");
    Tv::default().code(&server).await;
    let refusal = Tv::default().asks(&server).await;
    assert_eq!(refusal.status().as_u16(), 429);
    assert!(refusal.headers().contains_key("retry-after"));
    says(&server, "tablica_pairing_refused_total{limit=\"codes_per_address_max\"} 1").await;

    until_async("another code", async || first.code(&server).await != code).await;
    let approve =
        |code: &str| refused(&site, &["approve", code, "--board", "floor", "--name", "x"]);
    let over = approve(&code);
    assert!(over.contains("no screen shows the code"), "{over}");
    let mut limit = String::new();
    until_async("too many wrong codes", async || {
        limit = approve("BBBB-BBBB");
        limit.contains("pairing.wrong_max")
    })
    .await;
    assert!(limit.contains("too many wrong codes"), "{limit}");
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_approves_and_orders_on_a_page_and_no_other_site_can() {
    let site = Site::new("");
    let server = site.start().await;
    let mut tv = Tv::default();
    let code = tv.code(&server).await;
    let form = format!("code={code}&name=hall&place=By+the+door&shows=board%3Afloor");
    let token = form_token(&server).await;
    let post = async |action: &str, body: &str, origin: &str| {
        let url = server.admin_url(&format!("/admin/screens/{action}"));
        let request = staying().post(url).header("origin", origin);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(format!("{body}&form_token={token}")).send().await.expect("an answer")
    };
    let own = server.admin_url("");
    for stranger in ["http://evil.example", "null"] {
        assert_eq!(post("approve", &form, stranger).await.status().as_u16(), 403, "{stranger}");
    }
    assert_eq!(tv.is_told(&server).await["state"], "code");
    let wrong = post("approve", "code=BBBBBBBB&name=hall&shows=board:floor", &own).await;
    let location = wrong.headers()["location"].to_str().expect("text").to_owned();
    assert!(location.contains("said=wrong-code") && location.contains("name=hall"), "{location}");
    let done = post("approve", &form, &own).await;
    assert_eq!(done.status().as_u16(), 303);
    assert_eq!(done.headers()["location"], "../screens?said=approve&name=hall");

    assert_eq!(tv.is_told(&server).await["identify"], 0);
    assert_eq!(post("identify", "screen=hall", &own).await.status().as_u16(), 303);
    assert_ne!(tv.is_told(&server).await["identify"], 0, "it is to show its name");
    let _wall = tv.wall(&server, "floor").await;
    let page =
        get(server.admin_url("/admin/screens?said=approve&name=hall")).await.expect("a page");
    assert_eq!(page.headers()["referrer-policy"], "same-origin", "forms must say their origin");
    let page = page.text().await.expect("text");
    for words in ["hall", "By the door", "127.0.0.1", "The screen is connected"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(!page.contains(tv.token()));
    let outside = client().get(server.url("/admin/screens")).send().await.expect("an answer");
    assert_eq!(outside.status().as_u16(), 404, "not on the public listener");
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_shows_a_playlist_as_the_config_has_it_now() {
    let site = Site::new(
        "[calendar.never]\nhours = { mon-sun = [] }\n[playlist.hall]\nsteps = [\n\
         { board = \"floor\", for = \"20s\" },\n{ board = \"week\", calendar = \"never\" },\n\
         { board = \"promises\" },\n]",
    );
    let server = site.start().await;
    let mut tv = Tv::default();
    let code = tv.code(&server).await;
    paired(&site, &["approve", &code, "--playlist", "hall", "--name", "hall"]);
    let steps = |told: &Value| -> Vec<(String, u64)> {
        let step = |step: &Value| {
            let board = step["board"].as_str().expect("a board").to_owned();
            (board, step["seconds"].as_u64().expect("seconds"))
        };
        told["steps"].as_array().expect("steps").iter().map(step).collect()
    };
    let now = steps(&tv.is_told(&server).await);
    assert_eq!(now, [("floor".to_owned(), 20), ("promises".to_owned(), 30)]);
    site.configure("for = \"20s\"", "for = \"40s\"");
    let reload = client().post(server.admin_url("/api/v1/reload"));
    let reload = reload.header("content-type", "application/json").send().await.expect("answer");
    assert!(reload.status().is_success(), "{reload:?}");
    until_async("the playlist as it is now", async || {
        steps(&tv.is_told(&server).await)[0] == ("floor".to_owned(), 40)
    })
    .await;
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_browser_pairs_turns_its_playlist_and_goes_back_to_pairing() {
    let site = Site::new(
        "[playlist.hall]\nsteps = [{ board = \"floor\", for = \"3s\" }, { board = \"promises\", for = \"3s\" }]",
    )
    .with_fixed_ports();
    let server = site.start().await;
    let (base, admin) = (server.url(""), server.admin_url(""));
    let server = play("screen.mjs", &["--base", &base, "--admin", &admin], &site, server).await;
    says(&server, "tablica_screen_turns_restarted_total 1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_people_log_in_a_paired_screen_sees_its_own_board_and_nothing_else() {
    let site = Site::new("[access]\n");
    let server = site.start().await;
    let mut tv = Tv::default();
    let code = tv.code(&server).await;
    let is_let_in = async |tv: &Tv, path| tv.opens(&server, path).await.status().is_success();
    assert!(is_let_in(&tv, "/screen").await, "who is not let in yet sees its code");
    assert!(!is_let_in(&tv, "/wall/floor").await, "its code was not approved");
    paired(&site, &["approve", &code, "--board", "floor", "--name", "hall"]);
    assert_eq!(tv.is_told(&server).await["state"], "paired");
    assert!(is_let_in(&tv, "/wall/floor").await);
    drop(tv.wall(&server, "floor").await);
    for path in
        ["/", "/wall/week", "/receipt/floor/waiting", "/api/v1/kpis", "/api/v1/boards/floor"]
    {
        assert!(!is_let_in(&tv, path).await, "{path}");
    }

    paired(&site, &["revoke", "hall"]);
    until_async("shut out", async || !is_let_in(&tv, "/wall/floor").await).await;
    let sent = tv.opens(&server, "/wall/floor").await;
    assert_eq!(sent.headers()["location"], "../screen", "where it has a code again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_of_one_queue_sees_its_board_after_a_restart_and_no_other() {
    let site = Site::new("[access]\n[queue.support]\n[queue.sales]\n");
    let server = site.start().await;
    let mut tv = Tv::default();
    let code = tv.code(&server).await;
    let approve = |board| ["approve", &code, "--board", board, "--name", "desk"].map(str::to_owned);
    for unknown in ["queue:suport", "queue", "floor:support"] {
        let arguments = approve(unknown);
        refused(&site, &arguments.each_ref().map(String::as_str));
    }
    paired(&site, &approve("queue:support").each_ref().map(String::as_str));
    let is_let_in =
        async |server: &Server, path| tv.opens(server, path).await.status().is_success();
    for own in ["/wall/queue:support", "/wall/queue%3Asupport"] {
        assert!(is_let_in(&server, own).await, "{own}");
    }
    for other in ["/wall/queue:sales", "/wall/queue", "/wall/queue?queue=support", "/wall/floor"] {
        assert!(!is_let_in(&server, other).await, "{other}");
    }
    drop(tv.wall(&server, "queue:support").await);
    assert!(server.stop().success());

    let server = site.start().await;
    let mut wall = tv.wall(&server, "queue:support").await;
    let first = wall.next().await.expect("a message").expect("good");
    assert!(first.to_string().contains("\"id\":\"queue:support\""), "opened by whoever came");
    drop(wall);
    assert!(server.stop().success());
}
