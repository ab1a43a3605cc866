//! The address a request came from. A proxy's header is believed only when the operator named it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;

/// The client's address; handlers get it with `Extension<ClientAddress>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What one person can be counted by: an IPv6 customer owns a whole /64.
    pub fn household(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => match address.to_ipv4_mapped() {
                Some(address) => address.into(),
                None => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
            },
        }
    }
}

/// Which header names the client's address, if any.
#[derive(Debug, Clone)]
pub struct Proxy(Option<HeaderName>);

impl Proxy {
    /// From the option `client_address_header`.
    pub fn new(header: Option<&str>) -> Result<Self, String> {
        let Some(header) = header else { return Ok(Self(None)) };
        let name = header.to_ascii_lowercase().parse();
        name.map(Some)
            .map(Self)
            .map_err(|_| format!("client_address_header: {header:?} cannot be the name of a header"))
    }

    /// The last entry is the one our own proxy wrote; those before it can be anybody's invention.
    fn client(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let value = headers.get_all(self.0.as_ref()?).iter().next_back()?.to_str().ok()?;
        let last = value.rsplit(',').next()?.trim().trim_matches('"');
        last.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|address| address.ip()))
    }
}

/// Finds the client's address. Requests that did not come through a socket, as in tests, count as local.
pub async fn layer(State(proxy): State<Proxy>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let client = proxy.client(request.headers()).or(peer).unwrap_or(IpAddr::from([127, 0, 0, 1]));
    request.extensions_mut().insert(ClientAddress(client.to_canonical()));
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(header: Option<&str>, lines: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        Proxy::new(header).unwrap().client(&headers).map(|address| address.to_string())
    }

    #[test]
    fn the_header_counts_only_when_it_is_configured() {
        assert_eq!(client(None, &["9.9.9.9"]), None);
        assert_eq!(client(Some("X-Forwarded-For"), &["9.9.9.9"]).as_deref(), Some("9.9.9.9"));
        assert!(Proxy::new(Some("not a header")).is_err());
    }

    #[test]
    fn what_the_client_put_before_the_proxys_entry_is_ignored() {
        assert_eq!(client(Some("x-forwarded-for"), &["1.1.1.1, 9.9.9.9"]).as_deref(), Some("9.9.9.9"));
        assert_eq!(client(Some("x-forwarded-for"), &["1.1.1.1", "[2001:db8::1]:443"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(client(Some("x-forwarded-for"), &["unknown"]), None);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_together() {
        let household = |text: &str| ClientAddress(text.parse().unwrap()).household().to_string();
        assert_eq!(household("2001:db8:1:2:3::4"), "2001:db8:1:2::");
        assert_eq!(household("::ffff:10.0.0.1"), "10.0.0.1");
        assert_eq!(household("10.0.0.1"), "10.0.0.1");
    }
}
