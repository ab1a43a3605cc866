//! Codes and refresh tokens become access tokens.

use std::pin::Pin;
use std::time::Duration;

use oauth2::basic::{BasicErrorResponseType, BasicTokenType};
use oauth2::{
    AuthorizationCode, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RefreshToken, RequestTokenError,
    StandardErrorResponse, StandardTokenResponse, TokenResponse as _,
};
use serde::{Deserialize, Serialize};

use super::{OAuthTrouble, Pending, Provider, Tokens, identity};
use crate::trouble::words;

/// Where a provider says nothing; both say about an hour.
const DEFAULT_LIFE: Duration = Duration::from_secs(3600);
/// An answer with tokens is small.
const LARGEST_ANSWER: usize = 256 << 10;
const TIMEOUT: Duration = Duration::from_secs(30);

/// The way to the provider: the caller's client, with the caller's rules about addresses; redirects must be off.
#[derive(Debug, Clone)]
pub struct Http(pub reqwest::Client);

/// What OpenID Connect adds to an answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithIdentity {
    id_token: Option<String>,
}

impl ExtraTokenFields for WithIdentity {}

pub type Answer = StandardTokenResponse<WithIdentity, BasicTokenType>;
type Failure = RequestTokenError<HttpFailure, StandardErrorResponse<BasicErrorResponseType>>;

/// The provider was not reached, or is in trouble itself.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct HttpFailure(String);

impl Provider {
    /// Somebody came back: the parameters of the address they came back to become tokens.
    pub async fn exchange(
        &self,
        http: &Http,
        pending: &Pending,
        state: &str,
        code: Result<&str, &str>,
    ) -> Result<Tokens, OAuthTrouble> {
        // Whoever sends somebody else's code here must not connect their mailbox.
        if pending.state.is_empty() || state != pending.state {
            return Err(OAuthTrouble::WrongState);
        }
        let code = code.map_err(|error| OAuthTrouble::Denied { said: words(error) })?;
        let request = self
            .client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()));
        let answer = request.request_async(&caller(http)).await.map_err(of_failure)?;
        self.check_permissions(&answer)?;
        let tokens = self.tokens(&answer, None);
        if tokens.refresh.is_none() {
            return Err(OAuthTrouble::MissingPermission { missing: "offline_access".to_owned() });
        }
        Ok(tokens)
    }

    /// A new access token. Only one at a time per mailbox: providers that change refresh tokens forget the loser's.
    pub async fn refresh(&self, http: &Http, refresh: &str) -> Result<Tokens, OAuthTrouble> {
        let old = RefreshToken::new(refresh.to_owned());
        let request = self.client.exchange_refresh_token(&old);
        let answer = request.request_async(&caller(http)).await.map_err(of_failure)?;
        Ok(self.tokens(&answer, Some(refresh)))
    }

    fn tokens(&self, answer: &Answer, old: Option<&str>) -> Tokens {
        let new = answer.refresh_token().map(|token| token.secret().clone());
        let identity =
            answer.extra_fields().id_token.as_deref().and_then(|token| identity::read(token, &self.client_id));
        Tokens {
            access: answer.access_token().secret().clone(),
            refresh: new.filter(|token| !token.is_empty()).or_else(|| old.map(str::to_owned)),
            expires_in: answer.expires_in().unwrap_or(DEFAULT_LIFE),
            identity,
        }
    }

    /// Where the provider lists what was given, everything needed must be in it.
    fn check_permissions(&self, answer: &Answer) -> Result<(), OAuthTrouble> {
        let Some(given) = answer.scopes() else { return Ok(()) };
        let missing = self.kind.needed().iter().find(|needed| {
            !given.iter().any(|scope| scope.as_str().to_ascii_lowercase().ends_with(&needed.to_ascii_lowercase()))
        });
        match missing {
            Some(missing) => Err(OAuthTrouble::MissingPermission { missing: (*missing).to_owned() }),
            None => Ok(()),
        }
    }
}

/// Borrows from nobody, so that whoever waits for an answer can be moved to another thread.
fn caller(http: &Http) -> impl Fn(HttpRequest) -> Calling + use<> {
    let http = http.clone();
    move |request| Box::pin(call(http.clone(), request))
}

/// A request on its way.
type Calling = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpFailure>> + Send>>;

/// One request to the provider, bounded in time and size. Its own troubles are errors of the way, not answers.
async fn call(http: Http, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
    let failed = |error: reqwest::Error| HttpFailure(words(&error.without_url().to_string()));
    let (parts, body) = request.into_parts();
    let request =
        http.0.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body).timeout(TIMEOUT);
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status();
    if status.is_server_error() || status.as_u16() == 429 || status.is_redirection() {
        return Err(HttpFailure(format!("it answers with status {}", status.as_u16())));
    }
    let mut answer = oauth2::http::Response::builder().status(status.as_u16());
    for (name, value) in response.headers() {
        answer = answer.header(name.as_str(), value.as_bytes());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_ANSWER {
            return Err(HttpFailure("its answer is too large".to_owned()));
        }
    }
    answer.body(bytes).map_err(|error| HttpFailure(error.to_string()))
}

fn of_failure(failure: Failure) -> OAuthTrouble {
    match failure {
        RequestTokenError::ServerResponse(response) => of_response(&response),
        RequestTokenError::Request(failure) => OAuthTrouble::Passing { reason: failure.0 },
        // The body may hold tokens: it goes nowhere.
        RequestTokenError::Parse(error, _) => OAuthTrouble::Nonsense { reason: words(&error.to_string()) },
        RequestTokenError::Other(reason) => OAuthTrouble::Nonsense { reason: words(&reason) },
    }
}

fn of_response(response: &StandardErrorResponse<BasicErrorResponseType>) -> OAuthTrouble {
    let name = response.error().as_ref().to_owned();
    let said = match response.error_description() {
        Some(description) => words(&format!("{name}: {description}")),
        None => name.clone(),
    };
    match name.as_str() {
        "invalid_grant" | "interaction_required" | "login_required" | "admin_policy_enforced" => {
            OAuthTrouble::InvalidGrant { said }
        }
        "consent_required" | "access_denied" | "invalid_scope" => OAuthTrouble::Denied { said },
        "invalid_client" | "unauthorized_client" => OAuthTrouble::InvalidClient { said },
        "temporarily_unavailable" | "server_error" | "slow_down" => OAuthTrouble::Passing { reason: said },
        _ => OAuthTrouble::Nonsense { reason: said },
    }
}
