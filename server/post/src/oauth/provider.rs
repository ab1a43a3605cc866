//! The providers, and sending somebody to them.

use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{
    AuthUrl, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet, PkceCodeChallenge, RedirectUrl, Scope,
    StandardRevocableToken, TokenUrl,
};

use super::OAuthTrouble;
use super::token::Answer;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProviderKind {
    Google,
    Microsoft,
}

impl ProviderKind {
    /// Where a person agrees, and where codes become tokens.
    fn urls(self) -> (&'static str, &'static str) {
        match self {
            Self::Google => ("https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token"),
            Self::Microsoft => (
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                "https://login.microsoftonline.com/common/oauth2/v2.0/token",
            ),
        }
    }

    /// All of one resource: a token for two is a token for neither.
    fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Google => &["openid", "email", "profile", "https://mail.google.com/"],
            Self::Microsoft => &[
                "offline_access",
                "openid",
                "profile",
                "email",
                "https://outlook.office.com/IMAP.AccessAsUser.All",
                "https://outlook.office.com/SMTP.Send",
            ],
        }
    }

    /// Without these there is nothing to do; people can untick them.
    pub(super) fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Google => &["https://mail.google.com/"],
            Self::Microsoft => &["IMAP.AccessAsUser.All", "SMTP.Send"],
        }
    }

    /// Google gives a refresh token only offline, and after the first time only with consent.
    fn parameters(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Google => &[("access_type", "offline"), ("prompt", "consent")],
            Self::Microsoft => &[("response_mode", "query"), ("prompt", "select_account")],
        }
    }
}

/// One that knows where people agree and where tokens are.
type Client<Authorize = EndpointSet, Token = EndpointSet> = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Authorize,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    Token,
>;

/// A provider as this installation is registered with it.
#[derive(Debug, Clone)]
pub struct Provider {
    pub kind: ProviderKind,
    pub(super) client: Client,
    pub(super) client_id: String,
}

/// Where to send somebody, and what to remember until they come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub url: String,
    pub pending: Pending,
}

/// Kept on our side, encrypted, while somebody is away signing in.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    pub state: String,
    pub verifier: String,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Pending")
    }
}

impl Provider {
    /// `back` is where the provider sends people afterwards; it must be registered there letter by letter. `bases` replaces the
    /// provider's own addresses (authorisation, token).
    pub fn new(
        kind: ProviderKind,
        client_id: &str,
        client_secret: &str,
        back: &str,
        bases: Option<(&str, &str)>,
    ) -> Result<Self, OAuthTrouble> {
        let (authorize, token) = bases.unwrap_or(kind.urls());
        let wrong = |error: oauth2::url::ParseError| OAuthTrouble::Nonsense { reason: error.to_string() };
        let client = Client::<EndpointNotSet, EndpointNotSet>::new(ClientId::new(client_id.to_owned()))
            .set_client_secret(ClientSecret::new(client_secret.to_owned()))
            // Both providers read it there; Microsoft recommends it.
            .set_auth_type(oauth2::AuthType::RequestBody)
            .set_auth_uri(AuthUrl::new(authorize.to_owned()).map_err(wrong)?)
            .set_token_uri(TokenUrl::new(token.to_owned()).map_err(wrong)?)
            .set_redirect_uri(RedirectUrl::new(back.to_owned()).map_err(wrong)?);
        Ok(Self { kind, client, client_id: client_id.to_owned() })
    }

    /// Sends somebody to sign in with this address.
    pub fn consent(&self, address: &str) -> Consent {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = self.client.authorize_url(CsrfToken::new_random).set_pkce_challenge(challenge);
        for scope in self.kind.scopes() {
            request = request.add_scope(Scope::new((*scope).to_owned()));
        }
        for (name, value) in self.kind.parameters() {
            request = request.add_extra_param(*name, *value);
        }
        if !address.is_empty() {
            request = request.add_extra_param("login_hint", address.to_owned());
        }
        let (url, state) = request.url();
        Consent {
            url: url.to_string(),
            pending: Pending { state: state.into_secret(), verifier: verifier.into_secret() },
        }
    }
}
