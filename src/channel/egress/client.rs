//! The HTTP client that everything goes out by: it follows no redirect, uses no proxy of the environment,
//! keeps no cookies, and connects to checked addresses only.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::Client;
use rustls::ClientConfig;

use super::address::{Lookup, Resolver};

/// Longest wait for a connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client that trusts these; without any it can speak plain http only. Names lead to addresses that are
/// everybody's, or of those networks.
pub(super) fn client(
    tls: Option<ClientConfig>,
    lookup: &Lookup,
    networks: Vec<IpNet>,
) -> Result<Client, reqwest::Error> {
    // The process has one TLS provider; that it is there already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("tablica/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .dns_resolver(Arc::new(Resolver { lookup: Arc::clone(lookup), networks }));
    match tls {
        Some(mut config) => {
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            builder.tls_backend_preconfigured(config).build()
        }
        None => builder.tls_certs_only([]).build(),
    }
}
