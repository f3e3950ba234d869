//! A mailbox on a server that breaks off in the middle of a mail, and a Maildir with a giant in it.

use std::fmt::Write as _;
use std::path::Path;

use super::imap::MailServer;
use crate::support::authority::Authority;
use crate::support::server::Site;
use crate::support::wait::until_so;

const TODAY: &str = "channel=mail&window=today";

/// A channel of mails, as the README of the plugin has it.
fn section(place: &str) -> String {
    format!(
        r#"
[channel.mail]
plugin = "email"
source = "document"
{place}

[channel.mail.settings]
own_domains = ["example.com"]
own_addresses = ["support@example.com"]
"#
    )
}

fn mail(number: u32, from: &str, to: &str, answers: Option<u32>, text: &str) -> String {
    let date = jiff::Zoned::now().strftime("%a, %d %b %Y %H:%M:%S %z").to_string();
    let mut mail = format!(
        "From: {from}\r\nTo: {to}\r\nSubject: Order\r\nDate: {date}\r\nMessage-ID: <{number}@mail.test>\r\n"
    );
    if let Some(answers) = answers {
        let _ = write!(mail, "In-Reply-To: <{answers}@mail.test>\r\n");
    }
    format!("{mail}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n")
}

const SUPPORT: &str = "support@example.com";

#[tokio::test]
async fn a_mailbox_that_breaks_off_in_a_mail_is_read_on_and_each_mail_counts_once() {
    let own = Authority::new("Own");
    let server = MailServer::start(own.server("127.0.0.1")).await;
    server.put(4, &mail(4, "eva@customer.test", SUPPORT, None, "Of last week."));
    let site = Site::new(&section(&format!(
        "ca_file = \"ca.pem\"\n[channel.mail.imap]\nhost = \"127.0.0.1\"\nport = {}\nuser = \"{SUPPORT}\"\n\
         password = {{ env = \"TABLICA_TEST_SECRET\" }}\n",
        server.port
    )));
    std::fs::write(site.path("ca.pem"), own.pem()).unwrap();
    let tablica = site.start().await;
    let idles = || server.said().iter().filter(|it| *it == "IDLE").count();
    until_so("it waits for mails", || idles() == 1).await;

    server.put(5, &mail(5, "zuzanna@customer.test", SUPPORT, None, "Where is my parcel?"));
    tablica.settles("offered", TODAY, 1.0).await;
    server.put(6, &mail(6, "Anna <anna@example.com>", "zuzanna@customer.test", Some(5), "Here."));
    tablica.settles("answered", TODAY, 1.0).await;

    server.will_break();
    server.put(7, &mail(7, "ola@customer.test", SUPPORT, None, &"And mine? ".repeat(1000)));
    until_so("it calls again", || server.calls() == 2).await;
    tablica.settles("offered", TODAY, 2.0).await;
    let waits = idles();
    server.put(8, &mail(8, "zuzanna@customer.test", SUPPORT, Some(6), "Thank you."));
    until_so("it waits for more", || idles() > waits).await;
    tablica.settles("messages", TODAY, 3.0).await;
    assert_eq!(tablica.kpi("offered", TODAY).await, Some(2.0));
    assert_eq!(tablica.kpi("answered", TODAY).await, Some(1.0));

    let said = server.said();
    for word in ["SELECT", "STORE", "EXPUNGE", "COPY", "MOVE", "APPEND"] {
        assert!(!said.iter().any(|it| it.contains(word)), "{word}: nothing is changed there");
    }
    let secret = crate::support::server::SECRET;
    assert!(said.iter().any(|it| it.starts_with("LOGIN ") && it.contains(secret)), "{said:?}");
    assert!(!tablica.output().contains(secret));
}

/// As a mail server delivers: written beside, and moved in when it is whole.
fn deliver(maildir: &Path, name: &str, mail: &[u8]) {
    std::fs::write(maildir.join("tmp").join(name), mail).unwrap();
    std::fs::rename(maildir.join("tmp").join(name), maildir.join("new").join(name)).unwrap();
}

/// Of 25 MB: what most providers let through.
fn giant() -> String {
    const BYTES: usize = 25_000_000;
    let plain = mail(1, "zuzanna@customer.test", SUPPORT, None, "x");
    let (head, _) = plain.split_once("Content-Type").unwrap();
    let line = "QUFB".repeat(19) + "\r\n";
    let attachment = line.repeat(BYTES / line.len());
    format!(
        "{head}Content-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\n--=_b\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nSee the picture.\r\n--=_b\r\n\
         Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"parcel.png\"\r\n\r\n{attachment}--=_b--\r\n"
    )
}

#[tokio::test]
async fn a_giant_of_a_mail_counts_like_any_other_and_once() {
    let site = Site::new(&section("maildir = \"support\"\ndocuments_from = \"beginning\"\n"));
    let maildir = site.path("support");
    for folder in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(maildir.join(folder)).unwrap();
    }
    let server = site.start().await;
    deliver(&maildir, "1795924800.M1P1.mx", giant().as_bytes());
    server.settles("offered", TODAY, 1.0).await;
    // Somebody reads it.
    let (new, read) = ("new/1795924800.M1P1.mx", "cur/1795924800.M1P1.mx:2,S");
    std::fs::rename(maildir.join(new), maildir.join(read)).unwrap();
    let answer =
        mail(2, "Anna <anna@example.com>", "zuzanna@customer.test", Some(1), "A nice one.");
    deliver(&maildir, "1795924801.M2P1.mx", answer.as_bytes());
    server.settles("answered", TODAY, 1.0).await;
    server.kill();

    let server = site.start().await;
    let next = mail(3, "ola@customer.test", SUPPORT, None, "And mine?");
    deliver(&maildir, "1795924802.M3P1.mx", next.as_bytes());
    server.settles("offered", TODAY, 2.0).await;
    assert_eq!(server.kpi("answered", TODAY).await, Some(1.0));
    let quarantined = server.metrics().await;
    let quarantined = quarantined.lines().filter(|it| it.contains("quarantined_total{"));
    let mut mails = quarantined.filter(|it| it.contains("channel=\"mail\""));
    assert!(mails.all(|line| line.ends_with(" 0")));
}
