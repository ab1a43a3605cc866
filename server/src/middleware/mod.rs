//! What happens around every request. One layer a file; `router.rs` says which group of routes gets which.

pub mod address;
pub mod body;
pub mod catch;
pub mod cross_site;
pub mod headers;
pub mod human;
pub mod limit;
pub mod request_id;
pub mod trace;

pub use address::ClientAddress;
pub use headers::CspNonce;
pub use limit::{Limits, Rule};
pub use request_id::RequestId;
