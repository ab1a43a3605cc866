//! How often a client may ask. Counted in memory, for each group of routes and each client.
//!
//! With several nodes each counts for itself; the figures leave room for that.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::ClientAddress;
use crate::reply;

/// A group of routes with a common limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Signing in, by address. A whole office may share one.
    SignIn,
    /// Asking for a new password, by address.
    PasswordReset,
    /// Setting up the installation and signing up, by address.
    SignUp,
    /// Loading the widget's frame, by address.
    WidgetFrame,
    /// Beginning a conversation from the widget, by address. Mobile networks put thousands behind one.
    WidgetConversation,
    /// Writing from the widget, by address.
    WidgetWrite,
    /// Asking for a mail from the widget, by address.
    WidgetMail,
    /// Everything else of the widget and the public API, by address.
    PublicRead,
    /// The dashboard's and the integrators' API, by address.
    Api,
    /// Attachments and pictures behind addresses that nobody can guess, by address.
    File,
    /// Opening a socket, by address.
    Socket,
    /// Providers' callbacks, by address: they come in bursts from a few machines.
    Hook,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 12] = [
        Self::SignIn,
        Self::PasswordReset,
        Self::SignUp,
        Self::WidgetFrame,
        Self::WidgetConversation,
        Self::WidgetWrite,
        Self::WidgetMail,
        Self::PublicRead,
        Self::Api,
        Self::File,
        Self::Socket,
        Self::Hook,
    ];

    /// How many may come at once, and the time in which that many become free again.
    fn allowance(self) -> (u32, Duration) {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        match self {
            Self::SignIn => (10, minutes(5)),
            Self::PasswordReset => (5, minutes(30)),
            Self::SignUp => (5, minutes(30)),
            Self::WidgetFrame => (120, minutes(5)),
            Self::WidgetConversation => (60, minutes(60)),
            Self::WidgetWrite => (120, minutes(1)),
            Self::WidgetMail => (10, minutes(30)),
            Self::PublicRead => (600, minutes(1)),
            Self::Api => (3000, minutes(1)),
            Self::File => (6000, minutes(1)),
            Self::Socket => (600, minutes(1)),
            Self::Hook => (6000, minutes(1)),
        }
    }

    fn quota(self, factor: f64) -> Option<Quota> {
        let (burst, period) = self.allowance();
        // A factor is a small number; a burst beyond u32 is no limit at all and saturates.
        let burst = NonZeroU32::new((f64::from(burst) * factor).ceil() as u32)?;
        Some(Quota::with_period(period / burst.get())?.allow_burst(burst))
    }
}

/// Too many requests; they may go on after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limited(pub Duration);

/// The counters of one node.
#[derive(Clone)]
pub struct Limits(Arc<Counters>);

struct Counters {
    clock: DefaultClock,
    hasher: RandomState,
    rules: HashMap<Rule, DefaultKeyedRateLimiter<u64>>,
}

impl Limits {
    /// All rules, multiplied by the option `rate_limits`; with 0 nothing is limited.
    pub fn new(factor: f64) -> Self {
        let rules = Rule::ALL.into_iter().filter_map(|rule| Some((rule, RateLimiter::keyed(rule.quota(factor)?))));
        Self(Arc::new(Counters { clock: DefaultClock::default(), hasher: RandomState::new(), rules: rules.collect() }))
    }

    /// Counts one request of an address.
    pub fn check_address(&self, rule: Rule, address: IpAddr) -> Result<(), Limited> {
        self.check(rule, self.0.hasher.hash_one(address))
    }

    /// Counts one request by something else that the rule is about: a token, an e-mail address.
    pub fn check_text(&self, rule: Rule, text: &str) -> Result<(), Limited> {
        self.check(rule, self.0.hasher.hash_one(text))
    }

    fn check(&self, rule: Rule, key: u64) -> Result<(), Limited> {
        let Some(limiter) = self.0.rules.get(&rule) else { return Ok(()) };
        limiter.check_key(&key).map_err(|until| Limited(until.wait_time_from(self.0.clock.now())))
    }

    /// Forgets clients who have been quiet long enough to start afresh. To be called every minute or so.
    pub fn forget_quiet_clients(&self) {
        for limiter in self.0.rules.values() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// A layer that counts the requests of a group by address.
#[derive(Clone)]
pub struct PerAddress {
    limits: Limits,
    rule: Rule,
}

impl Limits {
    /// State for [`layer`].
    pub fn per_address(&self, rule: Rule) -> PerAddress {
        PerAddress { limits: self.clone(), rule }
    }
}

/// Refuses clients who ask too often.
pub async fn layer(State(counted): State<PerAddress>, request: Request, next: Next) -> Response {
    let Some(address) = request.extensions().get::<ClientAddress>() else {
        return next.run(request).await;
    };
    match counted.limits.check_address(counted.rule, address.household()) {
        Ok(()) => next.run(request).await,
        Err(limited) => {
            metrics::counter!("requests_limited_total", "rule" => format!("{:?}", counted.rule)).increment(1);
            refusal(limited)
        }
    }
}

/// The answer to a client who asks too often.
pub fn refusal(Limited(wait): Limited) -> Response {
    let seconds = wait.as_secs() + 1;
    let mut response =
        reply::error(StatusCode::TOO_MANY_REQUESTS, &format!("Too many requests; try again in {seconds} s"));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOMEONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const SOMEONE_ELSE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    #[test]
    fn a_burst_passes_and_then_the_client_waits() {
        let limits = Limits::new(1.0);
        for _ in 0..5 {
            limits.check_address(Rule::PasswordReset, SOMEONE).unwrap();
        }
        let Limited(wait) = limits.check_address(Rule::PasswordReset, SOMEONE).unwrap_err();
        assert!(wait > Duration::from_secs(300) && wait <= Duration::from_secs(360), "{wait:?}");
        limits.check_address(Rule::PasswordReset, SOMEONE_ELSE).unwrap();
        limits.check_address(Rule::SignIn, SOMEONE).unwrap();
        let response = refusal(Limited(wait));
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], (wait.as_secs() + 1).to_string());
    }

    #[tokio::test]
    async fn a_client_who_asks_too_often_is_refused_and_others_are_not() {
        let limits = Limits::new(1.0);
        let router = axum::Router::new()
            .route("/", axum::routing::get(|| async { "in" }))
            .layer(axum::middleware::from_fn_with_state(limits.per_address(Rule::PasswordReset), layer));
        let ask = async |address: &str| {
            let mut request = Request::new(axum::body::Body::empty());
            request.extensions_mut().insert(ClientAddress(address.parse().unwrap()));
            tower::ServiceExt::oneshot(router.clone(), request).await.unwrap()
        };
        for last in 1..=5 {
            assert_eq!(ask(&format!("2001:db8::{last}")).await.status(), StatusCode::OK);
        }
        let refused = ask("2001:db8::99").await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.headers().contains_key(header::RETRY_AFTER));
        assert_eq!(ask("2001:db9::1").await.status(), StatusCode::OK);
    }

    #[test]
    fn limits_can_be_switched_off() {
        let limits = Limits::new(0.0);
        for _ in 0..10_000 {
            limits.check_text(Rule::SignIn, "someone").unwrap();
        }
    }

    #[test]
    fn quiet_clients_are_forgotten_and_busy_ones_are_not() {
        let limits = Limits::new(1.0);
        for _ in 0..5 {
            limits.check_text(Rule::SignUp, "busy").unwrap();
        }
        limits.forget_quiet_clients();
        limits.check_text(Rule::SignUp, "busy").unwrap_err();
    }
}
