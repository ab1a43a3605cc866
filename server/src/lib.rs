//! The server: command line, HTTP, sockets and workers. Edges only; the rules live in `domain`.

pub mod api;
pub mod assets;
pub mod cli;
pub mod config;
pub mod dashboard;
pub mod files;
pub mod health;
pub mod hook;
pub mod listen;
pub mod logging;
pub mod metrics;
pub mod middleware;
pub mod openapi;
pub mod public;
pub mod reply;
pub mod router;
pub mod shutdown;
pub mod socket;
pub mod state;
pub mod survey;
pub mod widget;
