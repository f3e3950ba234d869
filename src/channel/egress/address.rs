//! Which addresses are everybody's, and a resolver that gives no others.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use ipnet::IpNet;
use reqwest::dns::{Name, Resolve, Resolving};

/// Name to addresses; an argument, so that tests bring their own.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// The system's resolver.
pub fn system_lookup() -> Lookup {
    Arc::new(|host| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// The name leads into the private network.
#[derive(Debug, thiserror::Error)]
#[error("a private address")]
pub(super) struct PrivateAddress;

/// The name leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("not resolved")]
pub(super) struct Unresolved;

/// Gives the client public addresses only, and those of networks that the operator has named. The client connects to what it is given here, so a
/// name that changes between check and connection changes nothing.
pub(super) struct Resolver {
    pub(super) lookup: Lookup,
    pub(super) networks: Vec<IpNet>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, networks) = (Arc::clone(&self.lookup), self.networks.clone());
        let name = name.as_str().to_owned();
        Box::pin(async move {
            let found = allowed(&lookup, name, &networks).await?;
            let addresses = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as reqwest::dns::Addrs)
        })
    }
}

/// The addresses of a name, if all of them are everybody's.
pub(super) async fn public(
    lookup: &Lookup,
    name: String,
) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
    allowed(lookup, name, &[]).await
}

async fn allowed(
    lookup: &Lookup,
    name: String,
    networks: &[IpNet],
) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
    let found = lookup(name).await.map_err(|_| Unresolved)?;
    if found.is_empty() {
        return Err(Unresolved.into());
    }
    // One private address among public ones is a trick, not a configuration.
    let is_named = |address: IpAddr| networks.iter().any(|network| network.contains(&address));
    if !found.iter().all(|address| is_public(*address) || is_named(address.to_canonical())) {
        return Err(PrivateAddress.into());
    }
    Ok(found)
}

/// Whether an address is everybody's: not private, loopback, link-local (there the metadata
/// services of clouds live), shared, reserved or multicast.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || (a == 100 && (64..128).contains(&b)) // shared by carriers
        || (a == 192 && b == 0 && c == 0) // protocol assignments
        || (a == 198 && (b == 18 || b == 19)) // benchmarks
        || a >= 224; // multicast, reserved, broadcast
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    if (a, b, c, d, e, f) == (0x64, 0xff9b, 0, 0, 0, 0) {
        // An IPv4 address as networks without IPv4 see it.
        let ([g1, g2], [h1, h2]) = (g.to_be_bytes(), h.to_be_bytes());
        return is_public_v4(Ipv4Addr::new(g1, g2, h1, h2));
    }
    let global = a & 0xe000 == 0x2000;
    // Teredo and other assignments, documentation, 6to4: they lead to hidden IPv4 addresses.
    let special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002;
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_are_everybodys_are_public() {
        let public = ["149.154.167.220", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"];
        for text in public {
            assert!(is_public(text.parse().expect(text)), "{text}");
        }
        let private = [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.9.9",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:0:1::",
            "2001:db8::1",
            "::7f00:1",
        ];
        for text in private {
            assert!(!is_public(text.parse().expect(text)), "{text}");
        }
    }
}
