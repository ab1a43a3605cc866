//! Where files are kept, as it is written in the options.

use crate::{Error, Result};

/// A storage's address: `file:///folder` or
/// `s3://bucket/prefix?region=…&endpoint=…&access_key=…&secret_key=…&virtual_hosted=true&direct=false`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A folder of this machine.
    Folder(String),
    /// A bucket.
    Bucket(Bucket),
}

/// A bucket of S3-compatible storage. What is not named comes from the environment's `AWS_…` variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bucket {
    pub name: String,
    /// What all keys begin with: empty, or with a slash at its end.
    pub prefix: String,
    pub region: Option<String>,
    /// Address of a storage that is not Amazon's.
    pub endpoint: Option<String>,
    pub access_key: Option<String>,
    pub secret_key: Option<String>,
    /// The bucket is named by the host, not by the path.
    pub virtual_hosted: bool,
    /// Browsers fetch files from the storage itself, by addresses that it signs. Otherwise files go through this server.
    pub direct: bool,
}

impl Address {
    /// Reads an address.
    pub fn parse(address: &str) -> Result<Self> {
        if let Some(folder) = address.strip_prefix("file://") {
            return Ok(Self::Folder(folder.to_owned()));
        }
        match address.strip_prefix("s3://") {
            Some(rest) => Bucket::parse(rest).map(Self::Bucket),
            None => Err(Error::Unavailable("the storage address must begin with file:// or s3://".to_owned())),
        }
    }
}

impl Bucket {
    fn parse(rest: &str) -> Result<Self> {
        let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        if name.is_empty() {
            return Err(Error::Unavailable("the storage address names no bucket: s3://BUCKET/PREFIX".to_owned()));
        }
        let prefix = prefix.trim_matches('/');
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        let mut bucket = Self { name: name.to_owned(), prefix, ..Self::default() };
        let mut direct = None;
        for (key, value) in options.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned();
            match key {
                "region" => bucket.region = Some(value),
                "endpoint" => bucket.endpoint = Some(value),
                "access_key" => bucket.access_key = Some(value),
                "secret_key" => bucket.secret_key = Some(value),
                "virtual_hosted" => bucket.virtual_hosted = value == "true",
                "direct" => direct = Some(value == "true"),
                other => return Err(Error::Unavailable(format!("storage option {other} is not known"))),
            }
        }
        // A storage without TLS stands in the same network as the server; browsers would not find it, or refuse it.
        bucket.direct = direct.unwrap_or_else(|| !bucket.is_plain());
        Ok(bucket)
    }

    /// Whether it is spoken to without TLS.
    pub fn is_plain(&self) -> bool {
        self.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://"))
    }

    /// Where browsers fetch files when they do so themselves: scheme, host and port.
    pub fn origin(&self) -> Option<String> {
        if !self.direct {
            return None;
        }
        if let Some(endpoint) = &self.endpoint {
            let (scheme, rest) = endpoint.split_once("://")?;
            let host = rest.split('/').next().unwrap_or_default();
            return Some(format!("{scheme}://{host}"));
        }
        let host = if self.virtual_hosted { format!("{}.", self.name) } else { String::new() };
        Some(format!("https://{host}s3.{}.amazonaws.com", self.region.as_deref().unwrap_or("us-east-1")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(address: &str) -> Bucket {
        match Address::parse(address).unwrap() {
            Address::Bucket(bucket) => bucket,
            Address::Folder(folder) => unreachable!("{folder}"),
        }
    }

    #[test]
    fn an_address_says_where_and_how() {
        let found = bucket(
            "s3://chat/a/b?region=sa-east-1&endpoint=https%3A%2F%2Fs3.example.com%3A9000%2F&secret_key=a%2Fb%3D",
        );
        assert_eq!((found.name.as_str(), found.prefix.as_str()), ("chat", "a/b/"));
        assert_eq!(found.secret_key.as_deref(), Some("a/b="));
        assert_eq!(found.origin().as_deref(), Some("https://s3.example.com:9000"));
        assert_eq!(bucket("s3://chat").prefix, "");
        assert_eq!(
            bucket("s3://chat?region=sa-east-1").origin().as_deref(),
            Some("https://s3.sa-east-1.amazonaws.com")
        );
        let hosted = bucket("s3://chat?virtual_hosted=true");
        assert_eq!(hosted.origin().as_deref(), Some("https://chat.s3.us-east-1.amazonaws.com"));
        for wrong in ["s3://", "ftp://a/b", "s3://chat?colour=red"] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn browsers_are_sent_only_where_they_can_go() {
        assert_eq!(bucket("s3://chat?endpoint=http://minio:9000").origin(), None);
        let asked = bucket("s3://chat?endpoint=http://127.0.0.1:9000&direct=true");
        assert_eq!(asked.origin().as_deref(), Some("http://127.0.0.1:9000"));
        assert_eq!(bucket("s3://chat?direct=false").origin(), None);
    }
}
