//! Files: on the local disk or in S3-compatible storage, reached by signed addresses that expire.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::signer::{SignedUrlOptions, Signer};
use object_store::{GetOptions, GetResult, ObjectStore, ObjectStoreExt, PutPayload};

use crate::{Error, Result};

/// A place for files.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    signer: Option<Arc<AmazonS3>>,
    prefix: String,
}

/// How long an address that S3 signs is good for; the browser follows it at once.
const PRESIGNED_FOR: Duration = Duration::from_secs(300);

impl Blobs {
    /// Opens `file:///folder` (made when missing) or `s3://bucket/prefix?region=…&endpoint=…&access_key=…&secret_key=…`.
    pub fn open(url: &str) -> Result<Self> {
        if let Some(folder) = url.strip_prefix("file://") {
            std::fs::create_dir_all(folder)
                .map_err(|error| Error::Unavailable(format!("{folder} cannot be made: {error}")))?;
            let store = LocalFileSystem::new_with_prefix(folder).map_err(unavailable)?.with_fsync(true);
            return Ok(Self { store: Arc::new(store), signer: None, prefix: String::new() });
        }
        if let Some(rest) = url.strip_prefix("s3://") {
            return Self::open_s3(rest);
        }
        Err(Error::Unavailable("the storage address must begin with file:// or s3://".to_owned()))
    }

    fn open_s3(rest: &str) -> Result<Self> {
        let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        for (key, value) in options.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned();
            builder = match key {
                "region" => builder.with_region(value),
                "endpoint" => builder.with_allow_http(value.starts_with("http://")).with_endpoint(value),
                "access_key" => builder.with_access_key_id(value),
                "secret_key" => builder.with_secret_access_key(value),
                "virtual_hosted" => builder.with_virtual_hosted_style_request(value == "true"),
                other => return Err(Error::Unavailable(format!("storage option {other} is not known"))),
            };
        }
        let s3 = Arc::new(builder.build().map_err(unavailable)?);
        let prefix = if prefix.is_empty() { String::new() } else { format!("{}/", prefix.trim_end_matches('/')) };
        Ok(Self { store: s3.clone(), signer: Some(s3), prefix })
    }

    fn path(&self, key: &str) -> Path {
        Path::from(format!("{}{key}", self.prefix))
    }

    /// Keeps a file under a key.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<()> {
        self.store.put(&self.path(key), PutPayload::from(bytes)).await.map_err(unavailable)?;
        Ok(())
    }

    /// Reads a file, or a part of it in bytes.
    pub async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Bytes> {
        self.find(key, range).await?.bytes().await.map_err(unavailable)
    }

    /// The same in pieces, for files that are passed on.
    pub async fn stream(&self, key: &str, range: Option<Range<u64>>) -> Result<BoxStream<'static, Result<Bytes>>> {
        Ok(self.find(key, range).await?.into_stream().map_err(unavailable).boxed())
    }

    async fn find(&self, key: &str, range: Option<Range<u64>>) -> Result<GetResult> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        self.store.get_opts(&self.path(key), options).await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => Error::not_found(),
            other => unavailable(other),
        })
    }

    /// Removes a file; one that is gone already is fine.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.store.delete(&self.path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// The keys of all files, in no order.
    pub fn list(&self) -> BoxStream<'_, Result<String>> {
        let prefix = (!self.prefix.is_empty()).then(|| Path::from(self.prefix.as_str()));
        let found = self.store.list(prefix.as_ref()).map_err(unavailable);
        found
            .map_ok(|file| {
                let path = file.location.to_string();
                path.strip_prefix(&self.prefix).map_or(path.clone(), str::to_owned)
            })
            .boxed()
    }

    /// An address at the storage itself, when it can sign one. The storage answers with these headers.
    pub async fn presigned(&self, key: &str, content_type: &str, disposition: &str) -> Result<Option<String>> {
        let Some(signer) = &self.signer else { return Ok(None) };
        let answer = [("response-content-type", content_type), ("response-content-disposition", disposition)];
        let options = SignedUrlOptions::default().with_query(answer);
        let url = signer.signed_url_opts(http_get(), &self.path(key), PRESIGNED_FOR, &options).await;
        Ok(Some(url.map_err(unavailable)?.to_string()))
    }
}

fn http_get() -> reqwest::Method {
    reqwest::Method::GET
}

fn unavailable(error: object_store::Error) -> Error {
    Error::Unavailable(error.to_string())
}
