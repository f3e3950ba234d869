//! A secret goes where a plugin has it as a piece of its own, to the hosts that its manifest names, and
//! nowhere else: not where a network's own text asks for it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::Uri;
use axum::routing::any;
use tablica::channel::Fetcher;
use tablica::channel::egress::{Egress, Rules};
use tablica::channel::manifest::Manifest;
use tablica::channel::reply::Reply;
use tablica::config::model::{Channel, Secret};

use super::guests;
use super::house::{House, channel};
use crate::support::wait::until_so;

const KEY: &str = "k3y-of-the-site";
const OTHER: &str = "0ther-s3cret";

/// A network that gives one page, and remembers which addresses it was asked for.
async fn network(
    page: impl Fn(&str) -> String + Clone + Send + Sync + 'static,
) -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let router = Router::new().fallback(any({
        let (asked, own) = (Arc::clone(&asked), address.clone());
        move |uri: Uri| {
            asked.lock().unwrap().push(uri.to_string());
            let page = page(&own);
            async move { page }
        }
    }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, asked)
}

pub(super) fn way_out(channel: &Channel, manifest: &Manifest) -> Result<Arc<dyn Fetcher>, String> {
    let rules = Rules::new(channel, manifest, None);
    Ok(Arc::new(Egress::new(rules).map_err(|error| error.to_string())?))
}

/// A channel that goes from page to page, and puts its secret `key` behind an address with `=`.
pub(super) fn following(address: &str) -> Channel {
    let mut channel = channel("shop", "following+fetching");
    channel.grant_hosts = vec![address.to_owned()];
    channel.grant_secrets = [("key", KEY), ("other", OTHER)]
        .map(|(name, value)| (name.to_owned(), Secret::new(value)))
        .into();
    channel
}

/// Every spelling that a server of ours, or of others, has ever filled in.
const SNEAKY: [&str; 6] = [
    "/{secret:other}",
    "/?a={secret:key}",
    "/bot{secret:key}/{secret:key}",
    "/${key}/{{key}}",
    "/%7Bsecret:key%7D",
    "/{secret:key}=x",
];

#[tokio::test]
async fn a_page_cannot_ask_for_a_secret() {
    let (address, asked) = network(|own| format!("http://{own}/next/{{secret:other}}")).await;
    let house = House::build_with(vec![following(&address)], Some(&way_out)).unwrap();
    for sneaky in SNEAKY {
        let inputs = house.status("shop").inputs;
        let body = format!("http://{address}{sneaky}");
        assert_eq!(house.deliver("shop", &body).await, Ok(Reply::default()));
        until_so("the answer", || house.status("shop").inputs >= inputs + 2).await;
    }
    let asked = asked.lock().unwrap();
    assert!(asked.len() >= SNEAKY.len(), "they are addresses like any other: {asked:?}");
    for uri in &*asked {
        assert!(!uri.contains(KEY) && !uri.contains(OTHER), "{uri}");
    }
}

#[tokio::test]
async fn a_secret_that_is_a_piece_is_put_in_where_it_stands() {
    let (address, asked) = network(|_| "no more pages".to_owned()).await;
    let house = House::build_with(vec![following(&address)], Some(&way_out)).unwrap();
    let body = format!("http://{address}/updates?x=");
    assert_eq!(house.deliver("shop", &body).await, Ok(Reply::default()));
    until_so("the fetch", || !asked.lock().unwrap().is_empty()).await;
    assert_eq!(asked.lock().unwrap()[0], format!("/updates?x={KEY}"));
}

#[tokio::test]
async fn a_secret_that_the_plugin_does_not_declare_is_a_mistake() {
    let mut shop = following("127.0.0.1:1");
    shop.grant_secrets.insert("spare".into(), Secret::new("sp4re-secret"));
    let errors = House::build(vec![shop]).err().unwrap();
    let said = errors[0].to_string();
    assert!(said.contains("`spare`") && said.contains("key, other"), "{said}");
    assert!(!said.contains("sp4re"), "{said}");
}

#[test]
fn a_manifest_says_to_whom_a_secret_may_go() {
    let wrong = |secret: &str| {
        let manifest =
            guests::manifest("asking") + "[fetch]\nhosts = [\"api.org\"]\n[secrets.key]\n" + secret;
        Manifest::parse(&manifest).err().map(|error| error.to_string())
    };
    assert_eq!(wrong("hosts = [\"api.org\"]\nabout = \"From the console\""), None);
    for (secret, why) in [
        ("", "to whom"),
        ("hosts = []", "to whom"),
        ("hosts = [\"other.org\"]", "other.org"),
        ("hosts = [\"*\"]", "`[fetch] hosts` does not"),
        ("host = \"api.org\"", "host"),
    ] {
        let said = wrong(secret).expect(secret);
        assert!(said.contains(why), "{secret}: {said}");
    }
}
