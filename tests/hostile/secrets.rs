//! A secret goes where the plugin's author wrote it into `plugin.toml`, and nowhere else: not where
//! a network's own text asks for it.

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

fn way_out(channel: &Channel, manifest: &Manifest) -> Result<Arc<dyn Fetcher>, String> {
    let rules = Rules::new(channel, manifest.fetch.clone());
    Ok(Arc::new(Egress::new(rules).map_err(|error| error.to_string())?))
}

/// A channel that goes from page to page; the manifest lets `key` stand in an address.
fn following(address: &str) -> Channel {
    let mut channel = channel("shop", "following+fetching");
    channel.grant_hosts = vec![address.to_owned()];
    channel.fetch_secrets = [("key", KEY), ("other", OTHER)]
        .map(|(name, value)| (name.to_owned(), Secret::new(value)))
        .into();
    channel
}

#[tokio::test]
async fn a_page_cannot_ask_for_a_secret() {
    let (address, asked) = network(|own| format!("http://{own}/next/{{secret:other}}")).await;
    let house = House::build_with(vec![following(&address)], Some(&way_out)).unwrap();
    let first = format!("http://{address}/page");
    assert_eq!(house.deliver("shop", &first).await, Ok(Reply::default()));
    // The page's address is asked for; the refusal's words are the next "address", and so on.
    until_so("the refusal", || house.status("shop").inputs >= 3).await;
    assert_eq!(*asked.lock().unwrap(), ["/page"]);

    for sneaky in ["/{secret:key}", "/?a={secret:key}", "/bot{secret:key}/{secret:key}"] {
        let inputs = house.status("shop").inputs;
        let body = format!("http://{address}{sneaky}");
        assert_eq!(house.deliver("shop", &body).await, Ok(Reply::default()));
        until_so("the refusal", || house.status("shop").inputs >= inputs + 2).await;
    }
    assert_eq!(*asked.lock().unwrap(), ["/page"]);
}

#[tokio::test]
async fn a_secret_goes_where_the_manifest_says() {
    let (address, asked) = network(|_| "no more pages".to_owned()).await;
    let house = House::build_with(vec![following(&address)], Some(&way_out)).unwrap();
    let body = format!("http://{address}/bot{{secret:key}}/updates?x=1");
    assert_eq!(house.deliver("shop", &body).await, Ok(Reply::default()));
    until_so("the fetch", || !asked.lock().unwrap().is_empty()).await;
    assert_eq!(*asked.lock().unwrap(), [format!("/bot{KEY}/updates?x=1")]);
}

#[tokio::test]
async fn a_secret_that_the_plugin_does_not_declare_is_a_mistake() {
    let mut shop = following("127.0.0.1:1");
    shop.fetch_secrets.insert("spare".into(), Secret::new("sp4re-secret"));
    let errors = House::build(vec![shop]).err().unwrap();
    let said = errors[0].to_string();
    assert!(said.contains("`spare`") && said.contains("key, other"), "{said}");
    assert!(!said.contains("sp4re"), "{said}");
}

#[test]
fn a_manifest_names_places_that_can_be_checked() {
    let wrong = |fill: &str| {
        let manifest = guests::manifest("asking")
            + "[fetch]\nhosts = [\"api.org\"]\nsecrets = [\"key\"]\n[[fetch.fill]]\n"
            + fill;
        Manifest::parse(&manifest).err().map(|error| error.to_string())
    };
    assert_eq!(wrong("url = \"https://api.org/bot{secret:key}/\""), None);
    assert_eq!(
        wrong("host = \"api.org\"\nheader = \"X-Key\"\ntext = \"Bearer {secret:key}\""),
        None
    );
    assert_eq!(wrong("host = \"api.org\"\nbody = \"key={secret:key}&\""), None);
    for (fill, why) in [
        ("url = \"https://api.org/bot{secret:kee}/\"", "kee"),
        ("url = \"https://{secret:key}.api.org/\"", "after the host"),
        ("url = \"https://api.org/\"", "{secret:NAME}"),
        ("url = \"https://other.org/{secret:key}\"", "other.org"),
        ("header = \"X-Key\"\ntext = \"{secret:key}\"", "host"),
        ("host = \"api.org\"\ntext = \"{secret:key}\"", "header"),
        ("host = \"api.org\"\nheader = \"X-Key\"\nbody = \"{secret:key}\"", "one of"),
    ] {
        let said = wrong(fill).expect(fill);
        assert!(said.contains("fetch.fill") && said.contains(why), "{fill}: {said}");
    }
}
