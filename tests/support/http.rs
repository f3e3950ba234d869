//! The smallest HTTP client that can ask a server on this machine.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(10);

/// `GET`; the body of a 200, or `None` for anything else, also for nobody there.
pub(crate) fn get(address: SocketAddr, path: &str) -> Option<String> {
    let mut connection = TcpStream::connect(address).ok()?;
    connection.set_read_timeout(Some(TIMEOUT)).ok()?;
    // 1.0: no chunks, and the end of the answer is the end of the connection.
    write!(connection, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").ok()?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.split(' ').nth(1).is_some_and(|status| status == "200").then(|| body.to_owned())
}

/// An address on this machine where nobody listens, for a server that wants to be told one.
pub(crate) fn free_address() -> SocketAddr {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    bound.local_addr().expect("an address")
}

/// One that also stays free while nobody listens: the system gives no outgoing connection a port
/// of this range, so that none can meet itself there.
pub(crate) fn steady_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + (std::process::id() % 100) as u16 * 100;
    let mut ports = std::iter::repeat_with(|| first + NEXT.fetch_add(1, Ordering::Relaxed));
    let bound = ports.find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    bound.expect("ports never end").local_addr().expect("an address")
}
