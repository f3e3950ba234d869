//! Walls behind a real nginx (Debian: `nginx`) below a path of its own, by the recipe in `docs/proxy`.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::stuck::play;
use crate::support::http::{get as get_text, steady_address};
use crate::support::process::Watched;
use crate::support::server::{Site, get};
use crate::support::wait::wait_for;

const START_MAX: Duration = Duration::from_secs(30);

fn docs(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/proxy").join(file)
}

/// An nginx that shows a server by the recipe, but for TLS.
struct Nginx {
    address: SocketAddr,
    _process: Watched,
    _folder: TempDir,
}

impl Nginx {
    fn start(server: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = steady_address();
        let mut recipe = fs::read_to_string(docs("nginx.conf")).expect("the recipe");
        let again = docs("again.html");
        for (theirs, ours) in [
            ("listen 443 ssl;", format!("listen {address};")),
            ("    ssl_certificate     /etc/ssl/wall.example.pem;\n", String::new()),
            ("    ssl_certificate_key /etc/ssl/wall.example.key;\n", String::new()),
            ("http://127.0.0.1:8080/", format!("{server}/")),
            ("/etc/nginx/tablica/again.html", again.display().to_string()),
        ] {
            assert!(recipe.contains(theirs), "the recipe says {theirs}");
            recipe = recipe.replace(theirs, &ours);
        }
        let here = folder.path().display();
        let user = fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own));
        // Its workers would else be of a user that may not read the folder.
        let user = if user.is_ok_and(|uid| uid == 0) { "user root;" } else { "" };
        let config = format!(
            "{user} daemon off; worker_processes 1; pid {here}/pid; error_log stderr;\n\
             events {{}}\nhttp {{\naccess_log off;\nclient_body_temp_path {here}/body;\n\
             proxy_temp_path {here}/proxy;\nfastcgi_temp_path {here}/fastcgi;\n\
             uwsgi_temp_path {here}/uwsgi;\nscgi_temp_path {here}/scgi;\n{recipe}\n}}\n"
        );
        let file = folder.path().join("nginx.conf");
        fs::write(&file, config).expect("written");
        let mut command = Command::new("nginx");
        // The master ends its workers when it is told to stop, and they when it is gone.
        command
            .arg("-c")
            .arg(&file)
            .arg("-p")
            .arg(folder.path())
            .arg("-g")
            .arg("master_process off;");
        let process = Watched::start(&mut command);
        wait_for("nginx to answer", START_MAX, || get_text(address, "/tablica/livez"));
        Self { address, _process: process, _folder: folder }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn walls_work_below_a_path_behind_a_real_nginx_also_when_they_are_opened_too_early() {
    let site = Site::new("").with_fixed_ports();
    site.configure("[server]", "[server]\ntrusted_proxies = [\"127.0.0.1\"]");
    let server = site.start().await;
    let nginx = Nginx::start(server.url("").as_str());
    let page = get(nginx.url("/tablica/")).await.expect("an answer");
    assert!(page.text().await.expect("text").contains("href=\"wall/floor\""));
    let arguments = ["--base", &nginx.url("/tablica")];
    let server = play("proxied.mjs", &arguments, &site, server).await;
    // While the server was down a webhook got its status, and nothing that looks like success.
    server.kill();
    let answer = get(nginx.url("/tablica/in/telegram")).await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 502);
    let text = answer.text().await.expect("text");
    for language in ["en", "pl", "ru", "uk"] {
        assert!(text.contains(&format!("<p lang=\"{language}\">")), "{text}");
    }
}
