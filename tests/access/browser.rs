//! A browser without script, as far as logging in needs one; and `tablica access`.

use std::process::Stdio;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};

use super::PASSWORD;
use crate::support::server::{Server, Site, listening, tablica};

/// Starts a server and waits until it listens: whether it is ready it does not tell everybody.
pub(super) fn start(site: &Site, more: &[&str]) -> Server {
    let mut command = tablica();
    command.arg("serve").arg("--config").arg(site.config()).args(more);
    listening(command, "metrics")
}

/// Of anybody who asks: nothing, a cookie, or a token.
#[derive(Clone, Debug)]
pub(super) enum Who {
    Nobody,
    Session(String),
    Token(String),
}

pub(super) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().tls_certs_only([]).redirect(Policy::none());
    builder.build().expect("a client")
}

/// Asks as a program, or as a browser's page of the same server.
pub(super) async fn ask(method: &str, url: &str, who: &Who, body: Option<&str>) -> Response {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = client().request(method, url);
    request = match who {
        Who::Nobody => request,
        Who::Session(session) => request
            .header("cookie", format!("tablica_session={session}"))
            .header("origin", origin(url)),
        Who::Token(token) => request.header("authorization", format!("Bearer {token}")),
    };
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_owned());
    }
    request.send().await.expect("an answer")
}

pub(super) fn origin(url: &str) -> String {
    url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

/// `tablica access …`, with the password on standard input.
pub(super) fn access(site: &Site, arguments: &[&str]) -> String {
    let mut command = tablica();
    command.arg("access").args(arguments).arg("--config").arg(site.config());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("tablica runs");
    let mut input = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut input, PASSWORD.as_bytes()).expect("typed");
    drop(input);
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

/// The value of a cookie that an answer sets.
pub(super) fn cookie_of(answer: &Response, name: &str) -> Option<String> {
    let all = answer.headers().get_all("set-cookie").iter();
    let all = all.filter_map(|it| it.to_str().ok()?.strip_prefix(name)?.strip_prefix('='));
    all.map(|it| it.split(';').next().unwrap_or_default().to_owned()).next()
}

pub(super) fn field_of(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("the field");
    rest.split('"').next().expect("its end").to_owned()
}

pub(super) fn encoded(fields: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

/// Opens a page with a form and sends it filled in; the page's own hidden fields go with it.
pub(super) async fn fill(
    page: &str,
    action: &str,
    hidden: &[&str],
    fields: &[(&str, &str)],
    cookies: &str,
) -> Response {
    let opened = client().get(page).header("cookie", cookies).send().await.expect("a page");
    let made = cookie_of(&opened, "tablica_form").map(|it| format!("tablica_form={it}"));
    let cookies = made.unwrap_or_else(|| cookies.to_owned());
    let text = opened.text().await.expect("a page");
    let hidden: Vec<(&str, String)> = hidden.iter().map(|it| (*it, field_of(&text, it))).collect();
    let mut all: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.extend(fields);
    let form = client().post(action).header("cookie", cookies).header("origin", origin(page));
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    form.body(encoded(&all)).send().await.expect("an answer")
}

pub(super) async fn try_login(server: &Server, name: &str, password: &str) -> Response {
    let login = server.admin_url("/login");
    let fields = [("name", name), ("password", password)];
    fill(&login, &login, &["form_token", "next"], &fields, "").await
}

pub(super) async fn session(server: &Server, name: &str) -> Who {
    let answer = try_login(server, name, PASSWORD).await;
    assert_eq!(answer.status().as_u16(), 303, "{name}");
    Who::Session(cookie_of(&answer, "tablica_session").expect("a session"))
}

/// The link that the server printed.
pub(super) fn set_up_link(server: &Server) -> String {
    let output = server.output();
    let at = output.find("/set-up/").unwrap_or_else(|| panic!("a link in {output}"));
    server.admin_url(output[at..].lines().next().expect("a line").trim())
}
