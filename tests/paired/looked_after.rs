//! What is asked of a television that is paired: to be on in its hours, and to show what it shows.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_is_off_outside_its_hours_is_not_missed() {
    let site = Site::new("[calendar.never]\nhours = { mon-sun = [] }\n[calendar.office]\n");
    let server = site.start().await;
    let mut tv = Tv::default();
    let code = tv.code(&server).await;
    paired(&site, &["approve", &code, "--board", "floor", "--name", "hall"]);
    drop(tv.wall(&server, "floor").await);
    says(&server, "tablica_screen_up{board=\"floor\",screen=\"hall\"} 0").await;
    says(&server, "tablica_screen_expected{board=\"floor\",screen=\"hall\"} 1").await;
    let unknown = refused(&site, &["hours", "hall", "--calendar", "holiday"]);
    assert!(unknown.contains("there is no [calendar.holiday]"), "{unknown}");
    paired(&site, &["hours", "hall", "--calendar", "never"]);
    says(&server, "tablica_screen_expected{board=\"floor\",screen=\"hall\"} 0").await;
    let list = get(server.admin_url("/api/v1/screens")).await.expect("an answer");
    let list: Value = serde_json::from_str(&list.text().await.expect("text")).expect("JSON");
    assert_eq!(list["screens"][0]["expected"], false, "{list}");
    let page = get(server.admin_url("/admin/screens")).await.expect("a page");
    let page = page.text().await.expect("text");
    assert!(page.contains("off, not expected now") && !page.contains("state bad"), "{page}");
    assert!(server.stop().success());

    let server = site.start().await;
    says(&server, "tablica_screen_expected{board=\"floor\",screen=\"hall\"} 0").await;
    paired(&site, &["hours", "hall"]);
    says(&server, "tablica_screen_expected{board=\"floor\",screen=\"hall\"} 1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_paired_screen_that_was_asked_may_send_a_picture() {
    let site = Site::new("[pairing]\npicture_bytes_max = \"64KiB\"\n");
    let server = site.start().await;
    let mut tv = Tv::default();
    let code = tv.code(&server).await;
    let token = form_token(&server).await;
    let origin = server.url("").trim_end_matches('/').to_owned();
    let send = async |tv: &Tv, query: &str, origin: &str, body: Vec<u8>| {
        let url = server.url(&format!("/screen/picture?{query}"));
        let request = client().post(url).header("origin", origin).body(body);
        let request = request.header("cookie", tv.cookie.as_deref().expect("a cookie"));
        request.send().await.expect("an answer").status().as_u16()
    };
    let png = || b"\x89PNG\r\n\x1a\ndrawn".to_vec();
    assert_eq!(send(&tv, "asked=1", &origin, png()).await, 403, "it is not paired");
    paired(&site, &["approve", &code, "--board", "floor", "--name", "hall"]);
    assert_eq!(send(&tv, "asked=1", &origin, png()).await, 409, "nobody has asked");

    let ask = async || {
        let url = server.admin_url("/admin/screens/picture");
        let own = server.admin_url("").trim_end_matches('/').to_owned();
        let request = staying().post(url).header("origin", own);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let body = format!("screen=hall&form_token={token}");
        request.body(body).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(ask().await, 303);
    let asked = tv.is_told(&server).await["picture"].to_string();
    let query = format!("asked={asked}");
    assert_eq!(send(&tv, &query, "http://evil.example", png()).await, 403);
    let stranger = Tv { cookie: Some("tablica_screen=nobody".to_owned()) };
    assert_eq!(send(&stranger, &query, &origin, png()).await, 403);
    assert_eq!(send(&tv, &query, &origin, b"<html>".to_vec()).await, 415);
    assert_eq!(send(&tv, &query, &origin, vec![0; 65 * 1024]).await, 413);
    server.counts("tablica_pairing_refused_total{limit=\"picture_bytes_max\"}", 1).await;
    assert_eq!(ask().await, 303);
    let query = format!("asked={}", tv.is_told(&server).await["picture"]);
    assert_eq!(send(&tv, &query, &origin, png()).await, 204);
    let look = async || get(server.admin_url("/admin/screens/picture/hall")).await.expect("told");
    let picture = look().await;
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert_eq!(picture.headers()["cache-control"], "no-store");
    assert_eq!(picture.bytes().await.expect("bytes"), png());
    assert_eq!(look().await.status().as_u16(), 404, "it is seen once");
    let public = get(server.url("/admin/screens/picture/hall")).await.expect("told");
    assert_eq!(public.status().as_u16(), 404);
}
