//! Signing in: codes, PKCE, refresh tokens that change, and every kind of no.
#![allow(clippy::unwrap_used, reason = "a test that cannot begin must fail")]

mod support;

use post::{Consent, Http, OAuthTrouble, Provider, ProviderKind, Tokens};
use support::provider::{BACK, CLIENT, StandIn};

fn http() -> Http {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Http(reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap())
}

fn provider(stand_in: &StandIn, kind: ProviderKind) -> Provider {
    let (authorize, token) = stand_in.bases();
    Provider::new(kind, CLIENT.0, CLIENT.1, BACK, Some((&authorize, &token))).unwrap()
}

async fn sign_in(stand_in: &StandIn, provider: &Provider, consent: &Consent) -> Result<Tokens, OAuthTrouble> {
    let back = stand_in.agree(&consent.url, None);
    provider.exchange(&http(), &consent.pending, &back["state"], Ok(&back["code"])).await
}

#[tokio::test]
async fn somebody_signs_in() {
    for kind in [ProviderKind::Google, ProviderKind::Microsoft] {
        let stand_in = StandIn::start("Ana@Empresa.example", kind == ProviderKind::Microsoft).await;
        let provider = provider(&stand_in, kind);
        let consent = provider.consent("ana@empresa.example");
        assert!(consent.url.contains("login_hint=ana%40empresa.example"), "{}", consent.url);
        assert_eq!(consent.url.contains("access_type=offline"), kind == ProviderKind::Google);
        assert_eq!(consent.url.contains("offline_access"), kind == ProviderKind::Microsoft);
        assert_ne!(provider.consent("x").pending, consent.pending);
        let tokens = sign_in(&stand_in, &provider, &consent).await.unwrap();
        assert_eq!(tokens.expires_in.as_secs(), 3599);
        let identity = tokens.identity.clone().unwrap();
        assert_eq!((identity.email.as_deref(), identity.subject.as_str()), (Some("ana@empresa.example"), "17"));
        assert!(!format!("{tokens:?}").contains(&tokens.access));

        let newer = provider.refresh(&http(), tokens.refresh.as_deref().unwrap()).await.unwrap();
        assert_ne!(newer.access, tokens.access);
        // Google keeps the refresh token, Microsoft changes it: either way there is one to store.
        assert_eq!(newer.refresh == tokens.refresh, kind == ProviderKind::Google);
        assert!(provider.refresh(&http(), newer.refresh.as_deref().unwrap()).await.is_ok());
        if kind == ProviderKind::Microsoft {
            let old = provider.refresh(&http(), tokens.refresh.as_deref().unwrap()).await;
            assert!(matches!(old, Err(OAuthTrouble::InvalidGrant { .. })), "{old:?}");
        }
    }
}

#[tokio::test]
async fn a_revoked_sign_in_is_told_from_passing_trouble() {
    let stand_in = StandIn::start("ana@empresa.example", true).await;
    let provider = provider(&stand_in, ProviderKind::Google);
    let refresh = sign_in(&stand_in, &provider, &provider.consent("")).await.unwrap().refresh.unwrap();
    for trouble in [(503, "<html>busy</html>"), (429, ""), (500, "{\"error\":\"server_error\"}"), (302, "")] {
        stand_in.be_in_trouble(Some(trouble));
        let outcome = provider.refresh(&http(), &refresh).await.unwrap_err();
        assert!(
            matches!(outcome, OAuthTrouble::Passing { .. }) && !outcome.needs_sign_in(),
            "{trouble:?}: {outcome:?}"
        );
    }
    stand_in.be_in_trouble(Some((200, "nonsense")));
    assert!(matches!(provider.refresh(&http(), &refresh).await, Err(OAuthTrouble::Nonsense { .. })));
    stand_in.be_in_trouble(None);
    stand_in.revoke_everything();
    let outcome = provider.refresh(&http(), &refresh).await.unwrap_err();
    assert!(outcome.needs_sign_in());
    assert_eq!(
        outcome,
        OAuthTrouble::InvalidGrant { said: "invalid_grant: Token has been expired or revoked.".to_owned() }
    );
}

#[tokio::test]
async fn nobody_signs_in_for_somebody_else() {
    let stand_in = StandIn::start("ana@empresa.example", false).await;
    let provider = provider(&stand_in, ProviderKind::Google);
    let (mine, other) = (provider.consent(""), provider.consent(""));
    let back = stand_in.agree(&other.url, None);
    let exchange = |state: String, code: String| {
        let (provider, pending) = (provider.clone(), mine.pending.clone());
        async move { provider.exchange(&http(), &pending, &state, Ok(&code)).await }
    };
    assert_eq!(exchange(back["state"].clone(), back["code"].clone()).await, Err(OAuthTrouble::WrongState));
    assert!(stand_in.requests().is_empty());
    // The right state with another's code: its challenge is not ours.
    let outcome = exchange(mine.pending.state.clone(), back["code"].clone()).await;
    assert!(matches!(outcome, Err(OAuthTrouble::InvalidGrant { .. })), "{outcome:?}");
    // A code opens once.
    let back = stand_in.agree(&mine.url, None);
    assert!(exchange(back["state"].clone(), back["code"].clone()).await.is_ok());
    assert!(exchange(back["state"].clone(), back["code"].clone()).await.is_err());
}

#[tokio::test]
async fn a_no_is_understood() {
    let stand_in = StandIn::start("ana@empresa.example", false).await;
    let google = provider(&stand_in, ProviderKind::Google);
    let consent = google.consent("");
    let denied = google.exchange(&http(), &consent.pending, &consent.pending.state, Err("access_denied")).await;
    assert_eq!(denied, Err(OAuthTrouble::Denied { said: "access_denied".to_owned() }));
    let back = stand_in.agree(&consent.url, Some("https://mail.google.com/"));
    let unticked = google.exchange(&http(), &consent.pending, &back["state"], Ok(&back["code"])).await;
    assert_eq!(unticked, Err(OAuthTrouble::MissingPermission { missing: "https://mail.google.com/".to_owned() }));
    let (authorize, token) = stand_in.bases();
    let wrong = Provider::new(ProviderKind::Microsoft, CLIENT.0, "other", BACK, Some((&authorize, &token))).unwrap();
    let outcome = wrong.refresh(&http(), "x").await;
    assert!(matches!(outcome, Err(OAuthTrouble::InvalidClient { .. })), "{outcome:?}");
    assert!(Provider::new(ProviderKind::Google, "", "", "no address", None).is_err());
}
