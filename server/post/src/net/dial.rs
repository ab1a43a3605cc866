//! From a name to a connection.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;

use super::wire::{Bounds, Wire};
use super::{Dialer, Encryption, Server, is_loopback, tls};
use crate::trouble::{Trouble, words};

/// Ends in time, whatever happens.
pub async fn within<T>(
    time: Duration,
    doing: &'static str,
    future: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Trouble> {
    tokio::time::timeout(time, future).await.unwrap_or(Err(Trouble::TimedOut { doing }))
}

impl Dialer {
    /// A connection, encrypted already where the server speaks TLS from the beginning.
    pub(crate) async fn dial(&self, server: &Server, bounds: Bounds) -> Result<Wire, Trouble> {
        let addresses = self.resolve(server).await?;
        let stream = self.connect(server, &addresses).await?;
        let peer = stream.peer_addr().map_err(|error| unreachable(server, &error))?;
        let wire = Wire::new(Box::new(stream), peer, bounds);
        match server.encryption {
            Encryption::Tls => self.encrypt(wire, server).await,
            Encryption::StartTls | Encryption::None => Ok(wire),
        }
    }

    /// Turns a connection into an encrypted one.
    pub(crate) async fn encrypt(&self, wire: Wire, server: &Server) -> Result<Wire, Trouble> {
        within(self.timeouts.connect, "encrypting", async {
            let config = self.tls.of(server.check_certificate);
            tls::handshake(wire, &server.host, config).await
        })
        .await
    }

    /// The addresses that may be connected to. Each is looked at after resolving, so that no name leads inside.
    async fn resolve(&self, server: &Server) -> Result<Vec<SocketAddr>, Trouble> {
        let host = server.host.trim().trim_end_matches('.');
        let missing = || Trouble::HostNotFound { host: server.host.clone() };
        if host.is_empty()
            || host.contains(|char: char| {
                char.is_whitespace() || char.is_control() || "/:@".contains(char) && !is_v6(host)
            })
        {
            return Err(missing());
        }
        let found = within(self.timeouts.connect, "looking up the host", async {
            let found = tokio::net::lookup_host((host, server.port)).await.map_err(|_| missing())?;
            Ok(found.collect::<Vec<_>>())
        })
        .await?;
        if found.is_empty() {
            return Err(missing());
        }
        let allowed: Vec<_> = found.into_iter().filter(|address| (self.allows)(address.ip())).take(8).collect();
        if allowed.is_empty() {
            return Err(Trouble::Forbidden { host: server.host.clone() });
        }
        Ok(allowed)
    }

    /// The first address that answers.
    async fn connect(&self, server: &Server, addresses: &[SocketAddr]) -> Result<TcpStream, Trouble> {
        let mut last = None;
        for address in addresses {
            let attempt = within(self.timeouts.connect, "connecting", async {
                TcpStream::connect(address).await.map_err(|error| unreachable(server, &error))
            });
            match attempt.await {
                Ok(stream) => {
                    // Commands are short and wait for each other.
                    stream.set_nodelay(true).map_err(|error| unreachable(server, &error))?;
                    return Ok(stream);
                }
                Err(trouble) => last = Some(trouble),
            }
        }
        Err(last.unwrap_or(Trouble::HostNotFound { host: server.host.clone() }))
    }
}

fn is_v6(host: &str) -> bool {
    host.parse::<std::net::Ipv6Addr>().is_ok()
}

fn unreachable(server: &Server, error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Trouble::ConnectionRefused { host: server.host.clone(), port: server.port },
        _ => Trouble::Unreachable { host: server.host.clone(), reason: words(&error.to_string()) },
    }
}

/// A password without encryption reaches at most the next room.
pub fn may_send_password(wire: &Wire, encryption: Encryption) -> bool {
    encryption != Encryption::None || is_loopback(wire.peer().ip())
}
