//! TLS by rustls, with or without a look at the certificate.

use std::io;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;

use super::wire::Wire;
use crate::trouble::{CertificateFault, Trouble, words};

/// Made once: the list of roots is long.
#[derive(Clone)]
pub struct Configs {
    checking: Option<Arc<ClientConfig>>,
    trusting: Option<Arc<ClientConfig>>,
}

impl Configs {
    pub fn new(extra: &[CertificateDer<'static>]) -> Self {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        roots.add_parsable_certificates(extra.iter().cloned());
        let begin =
            || ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().ok();
        let checking = begin().map(|builder| Arc::new(builder.with_root_certificates(roots).with_no_client_auth()));
        let trusting = begin().map(|builder| {
            let anyone = Arc::new(Anyone(Arc::clone(&provider)));
            Arc::new(builder.dangerous().with_custom_certificate_verifier(anyone).with_no_client_auth())
        });
        Self { checking, trusting }
    }

    pub fn of(&self, check: bool) -> Option<Arc<ClientConfig>> {
        if check { self.checking.clone() } else { self.trusting.clone() }
    }
}

pub async fn handshake(wire: Wire, host: &str, config: Option<Arc<ClientConfig>>) -> Result<Wire, Trouble> {
    let config = config.ok_or_else(|| Trouble::Tls { reason: "no protocol version in common".to_owned() })?;
    let name = ServerName::try_from(host.trim().trim_end_matches('.').to_owned())
        .map_err(|_| Trouble::HostNotFound { host: host.to_owned() })?;
    let (bare, peer, bounds) = wire.into_bare()?;
    let stream = TlsConnector::from(config).connect(name, bare).await.map_err(|error| of_handshake(&error))?;
    Ok(Wire::new(Box::new(stream), peer, bounds))
}

/// Why a handshake failed.
fn of_handshake(error: &io::Error) -> Trouble {
    let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => Trouble::Closed { said: String::new() },
            _ => Trouble::Tls { reason: words(&error.to_string()) },
        };
    };
    match tls {
        rustls::Error::InvalidCertificate(fault) => {
            Trouble::Certificate { fault: fault_of(fault), reason: words(&fault.to_string()) }
        }
        // What a greeting in plain text looks like to TLS.
        rustls::Error::InvalidMessage(_) => Trouble::NotTls,
        other => Trouble::Tls { reason: words(&other.to_string()) },
    }
}

fn fault_of(fault: &CertificateError) -> CertificateFault {
    match fault {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => CertificateFault::Expired,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateFault::WrongName
        }
        // Its own authority, or one that only has the name of one we know.
        CertificateError::UnknownIssuer | CertificateError::BadSignature | CertificateError::Other(_) => {
            CertificateFault::UnknownIssuer
        }
        _ => CertificateFault::Other,
    }
}

/// Believes every certificate: encrypted against listeners, not against impostors.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
