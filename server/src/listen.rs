//! Accepting connections.
//!
//! The framework's own loop has no time limit for a request's head, so a few thousand clients that
//! send one letter a minute would hold all sockets; this loop has one.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::shutdown::Shutdown;

/// Time for a request's head; also how long an idle connection is kept. Longer than the minute for which
/// usual proxies keep theirs, so that they never write into a connection we are closing.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// Pause after a failed accept, usually for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until the stop is requested; connections that are open then are finished by their own tasks.
pub async fn serve(listener: &TcpListener, router: Router, shutdown: &Shutdown) {
    let mut requested = std::pin::pin!(shutdown.requested());
    loop {
        let accepted = tokio::select! {
            biased;
            () = requested.as_mut() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => shutdown.spawn(connection(stream, peer, router.clone(), shutdown.clone())),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, shutdown: Shutdown) {
    // Messages are small and people wait for them.
    _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {})) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = shutdown.requested() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        // Mostly clients that went away.
        tracing::debug!(%error, "a connection ended early");
    }
}
