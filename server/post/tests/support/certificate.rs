//! An authority of the tests' own, and certificates it vouches for.

use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub root: CertificateDer<'static>,
}

/// A certificate and its key, in both forms.
pub struct Certificate {
    pub pem: String,
    pub key_pem: String,
    chain: CertificateDer<'static>,
    key: Vec<u8>,
}

static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let root = issuer.der().clone();
    Authority { issuer, root }
});

pub fn authority() -> &'static Authority {
    &AUTHORITY
}

/// For these names; out of date where `expired`.
pub fn certificate(names: &[&str], expired: bool) -> Certificate {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    if expired {
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority().issuer).unwrap();
    Certificate {
        pem: certificate.pem(),
        key_pem: key.serialize_pem(),
        chain: certificate.der().clone(),
        key: key.serialize_der(),
    }
}

pub fn self_signed(name: &str) -> Certificate {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    Certificate {
        pem: made.cert.pem(),
        key_pem: made.signing_key.serialize_pem(),
        chain: made.cert.der().clone(),
        key: made.signing_key.serialize_der(),
    }
}

pub fn acceptor(certificate: &Certificate) -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(certificate.key.clone()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.chain.clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
