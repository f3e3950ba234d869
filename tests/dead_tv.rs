//! A television that is dead is seen: in Prometheus, and by whoever asks, also after the server died.

use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::support::server::{Server, Site, client, get};
use crate::support::wait::until_async;

async fn television(server: &Server, name: &str) -> WebSocketStream<TcpStream> {
    let url = server.url(&format!("/ws/v1/boards/floor?screen={name}")).replace("http://", "ws://");
    let authority = url.split('/').nth(2).expect("an authority").to_owned();
    let stream = TcpStream::connect(authority).await.expect("the server listens");
    client_async(url, stream).await.expect("let in").0
}

async fn says(server: &Server, line: &str) {
    until_async(line, async || server.metrics().await.lines().any(|found| found == line)).await;
}

fn up(name: &str, is_up: u8) -> String {
    format!("tablica_screen_up{{board=\"floor\",screen=\"{name}\"}} {is_up}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_tv_is_missed_until_an_operator_removes_it_whatever_the_server_goes_through() {
    let site = Site::new("");
    let server = site.start().await;
    let lobby = television(&server, "lobby-3").await;
    let hall = television(&server, "hall").await;
    says(&server, &up("lobby-3", 1)).await;
    says(&server, &up("hall", 1)).await;
    let of_hall = "tablica_screen_picture_age_seconds{board=\"floor\",screen=\"hall\"}";
    assert!(server.metrics().await.contains(of_hall), "by its name, not by a number");
    // The television's plug is pulled.
    drop(lobby);
    says(&server, &up("lobby-3", 0)).await;
    let file = site.path("state/screens.json");
    until_async("both are on disk", async || {
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        kept.contains("lobby-3") && kept.contains("hall")
    })
    .await;
    drop(hall);
    server.kill();

    let server = site.start().await;
    says(&server, &up("lobby-3", 0)).await;
    says(&server, &up("hall", 0)).await;
    let hall = television(&server, "hall").await;
    says(&server, &up("hall", 1)).await;
    let listed = get(server.admin_url("/api/v1/screens")).await.expect("an answer");
    let listed = listed.text().await.expect("text");
    assert!(listed.contains("\"name\":\"lobby-3\"") && listed.contains("127.0.0.1"), "{listed}");

    let removal = client().delete(server.admin_url("/api/v1/screens/lobby-3"));
    assert_eq!(removal.send().await.expect("an answer").status().as_u16(), 204);
    until_async("nobody misses it", async || {
        !server.metrics().await.lines().any(|line| line == up("lobby-3", 0))
    })
    .await;
    drop(hall);
    assert!(server.stop().success());

    let server = site.start().await;
    says(&server, &up("hall", 0)).await;
    assert!(!server.metrics().await.contains("lobby-3"), "it stays removed");
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_of_screens_is_set_aside_and_the_server_starts() {
    let site = Site::new("");
    let server = site.start().await;
    let _lobby = television(&server, "lobby-3").await;
    says(&server, &up("lobby-3", 1)).await;
    assert!(server.stop().success());
    for damage in ["{\"format\":1,\"scr", "{\"format\":9,\"screens\":[]}"] {
        std::fs::write(site.path("state/screens.json"), damage).expect("written");
        let server = site.start().await;
        says(&server, "tablica_files_set_aside_total{file=\"screens\"} 1").await;
        server.tells("screens are not missed");
        assert!(server.stop().success());
    }
    for (aside, damage) in [("", "\"scr"), (".2", "\"format\":9")] {
        let kept =
            std::fs::read_to_string(site.path(&format!("state/screens.json.damaged{aside}")));
        assert!(kept.expect("kept").contains(damage));
    }
}
