//! The providers at which this installation is registered.

use std::sync::OnceLock;

use model::mailbox::{MailProvider, Place};
use post::{Http, Provider, ProviderKind};
use reqwest::redirect::Policy;

use crate::settings::ProviderSettings;
use crate::{Error, Result, Settings};

/// A provider, and where its mail servers are.
pub struct Registered {
    pub kind: MailProvider,
    pub provider: Provider,
    pub imap: Place,
    pub smtp: Place,
}

/// All of them, and the way there.
pub struct Providers {
    registered: Vec<Registered>,
    http: OnceLock<Http>,
}

impl Providers {
    /// As the operator says. An address that is none is an error.
    pub fn new(settings: &Settings) -> Result<Self> {
        let registered = settings.mail_providers.iter().map(|one| registered(&settings.base_url, one));
        Ok(Self { registered: registered.collect::<Result<_>>()?, http: OnceLock::new() })
    }

    /// Those that can be signed in at.
    pub fn kinds(&self) -> Vec<MailProvider> {
        self.registered.iter().map(|one| one.kind).collect()
    }

    /// One of them, where this installation is registered with it.
    pub fn get(&self, kind: MailProvider) -> Option<&Registered> {
        self.registered.iter().find(|one| one.kind == kind)
    }

    /// The operator named the addresses, so all are allowed; nobody may send us on from there.
    pub fn http(&self) -> Result<&Http> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        // Another part of the program may have chosen it already: the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(Policy::none()).user_agent("CloudChat").build();
        let http = Http(client.map_err(|error| Error::Internal(error.into()))?);
        Ok(self.http.get_or_init(|| http))
    }
}

fn registered(base_url: &str, settings: &ProviderSettings) -> Result<Registered> {
    let kind = match settings.provider {
        MailProvider::Google => ProviderKind::Google,
        MailProvider::Microsoft => ProviderKind::Microsoft,
    };
    let back = format!("{base_url}/{}/callback", settings.provider);
    let bases = Some((settings.authorize_url.as_str(), settings.token_url.as_str()));
    let provider = Provider::new(kind, &settings.client_id, &settings.client_secret, &back, bases);
    let provider = provider.map_err(|trouble| Error::Unavailable(format!("{}: {trouble}", settings.provider)))?;
    Ok(Registered { kind: settings.provider, provider, imap: settings.imap.clone(), smtp: settings.smtp.clone() })
}
