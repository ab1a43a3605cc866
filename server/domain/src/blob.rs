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
use object_store::{
    BackoffConfig, ClientConfigKey, ClientOptions, GetOptions, GetResult, ObjectStore, ObjectStoreExt, PutPayload,
    RetryConfig,
};

use crate::{Error, Result};

mod address;

pub use address::{Address, Bucket};

/// A place for files.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    signer: Option<Arc<AmazonS3>>,
    prefix: String,
    is_folder: bool,
}

/// How long an address that S3 signs is good for; the browser follows it at once.
const PRESIGNED_FOR: Duration = Duration::from_secs(300);

/// How long the storage may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the storage may be silent. There is no limit for the whole: large files on slow lines take their time.
const SILENCE: Duration = Duration::from_secs(20);
/// People wait for what is tried again: five pauses of together about three seconds, and none once this time is over.
const TRIES: Duration = Duration::from_secs(20);

impl Blobs {
    /// Opens what [`Address`] describes; a folder is made when it is missing. A bucket is not asked before it is used.
    pub fn open(url: &str) -> Result<Self> {
        match Address::parse(url)? {
            Address::Folder(folder) => {
                std::fs::create_dir_all(&folder)
                    .map_err(|error| Error::Unavailable(format!("{folder} cannot be made: {error}")))?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(unavailable)?.with_fsync(true);
                Ok(Self { store: Arc::new(store), signer: None, prefix: String::new(), is_folder: true })
            }
            Address::Bucket(bucket) => Self::open_bucket(bucket),
        }
    }

    fn open_bucket(bucket: Bucket) -> Result<Self> {
        let client = ClientOptions::new()
            .with_allow_http(bucket.is_plain())
            .with_connect_timeout(CONNECT)
            .with_timeout_disabled()
            .with_config(ClientConfigKey::ReadTimeout, format!("{} seconds", SILENCE.as_secs()));
        let backoff = BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() };
        let mut builder = AmazonS3Builder::from_env()
            .with_client_options(client)
            .with_retry(RetryConfig { backoff, max_retries: 5, retry_timeout: TRIES })
            // Not every storage knows the call that deletes many; we delete one at a time.
            .with_disable_bulk_delete(true)
            .with_virtual_hosted_style_request(bucket.virtual_hosted)
            .with_bucket_name(bucket.name);
        if let Some(region) = bucket.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = bucket.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(key) = bucket.access_key {
            builder = builder.with_access_key_id(key);
        }
        if let Some(key) = bucket.secret_key {
            builder = builder.with_secret_access_key(key);
        }
        let s3 = Arc::new(builder.build().map_err(unavailable)?);
        Ok(Self { store: s3.clone(), signer: bucket.direct.then_some(s3), prefix: bucket.prefix, is_folder: false })
    }

    fn path(&self, key: &str) -> Path {
        Path::from(format!("{}{key}", self.prefix))
    }

    /// How many files are best written at once: a bucket is far away, while a disk does one after the other and those who wait for it
    /// are in each other's way.
    pub fn side_by_side(&self) -> usize {
        if self.is_folder { 2 } else { 8 }
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

/// In words for operators: doctor shows them, the log keeps them.
fn unavailable(error: object_store::Error) -> Error {
    use object_store::Error as E;
    let why = match &error {
        E::NotFound { .. } => "the bucket or folder does not exist",
        E::PermissionDenied { .. } | E::Unauthenticated { .. } => "the storage refuses the access key",
        _ => "the storage does not answer as it should",
    };
    Error::Unavailable(format!("{why} ({error})"))
}
