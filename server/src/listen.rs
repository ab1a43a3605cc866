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
use hyper::server::conn::http1::Builder as Http;
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
    let mut builder = Http::new();
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_stopping_server_finishes_requests_and_accepts_no_more() {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let router = Router::new().route(
            "/slow",
            get({
                let (begun, go_on) = (begun.clone(), go_on.clone());
                move || async move {
                    begun.notify_one();
                    go_on.notified().await;
                    "done"
                }
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = Shutdown::new();
        let server = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { serve(&listener, router, &shutdown).await }
        });

        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET /slow HTTP/1.1\r\nhost: here\r\n\r\n").await.unwrap();
        begun.notified().await;
        shutdown.request();
        // The listener is dropped with the loop.
        server.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
        assert!(!shutdown.finished(Duration::ZERO).await);

        go_on.notify_one();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("done"), "{answer}");
        assert!(answer.contains("connection: close"));
        assert!(shutdown.finished(Duration::from_secs(5)).await);
    }
}
