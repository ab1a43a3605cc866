//! People who open an address in their browser get a page where programs get JSON, when a request fails
//! before a page of the dashboard could say so.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use text::Lang;

use super::RequestId;

/// Replaces a refusal by a page with the same status and headers.
pub async fn layer(request: Request, next: Next) -> Response {
    let lang = wants_page(request.method(), request.headers()).then(|| language(request.headers()));
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    match lang {
        Some(lang) if is_bare_refusal(&response) => in_words(response, lang, id.as_ref()),
        _ => response,
    }
}

/// Scripts ask for anything (`*/*`) or for JSON; only address bars and links ask for HTML.
fn wants_page(method: &Method, headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    *method == Method::GET && accepted.contains("text/html")
}

fn language(headers: &HeaderMap) -> Lang {
    Lang::accepted(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default())
}

fn is_bare_refusal(response: &Response) -> bool {
    let status = response.status();
    let has_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() != b"application/json");
    (status.is_server_error() || matches!(status, StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS)) && !has_page
}

fn in_words(response: Response, lang: Lang, id: Option<&RequestId>) -> Response {
    let status = response.status();
    let words = match status {
        StatusCode::NOT_FOUND => text::error::not_found(lang).to_owned(),
        StatusCode::TOO_MANY_REQUESTS => text::error::too_many(lang).to_owned(),
        StatusCode::SERVICE_UNAVAILABLE => text::error::unavailable(lang).to_owned(),
        _ => {
            let words = text::error::internal(lang);
            id.map_or(words.to_owned(), |id| text::error::with_reference(lang, words, id.as_str()))
        }
    };
    let html = lang.html();
    // An id may come from a proxy, but holds letters, digits and dashes only.
    let page = Html(format!(
        "<!doctype html><html lang=\"{html}\"><head><meta charset=\"utf-8\"><title>Cloud Chat</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         </head><body><main><h1>Cloud Chat</h1><p>{words}</p></main></body></html>"
    ));
    let mut answer = (status, page).into_response();
    let (old, _) = response.into_parts();
    for (name, value) in &old.headers {
        if !matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    answer
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;
    use crate::middleware::{catch, request_id};
    use crate::reply;

    async fn ask(path: &str, accept: &str) -> (StatusCode, String) {
        let router = Router::new()
            .route("/broken", get(async || catch::internal_error(None)))
            .fallback(async || reply::not_found())
            .layer(from_fn(layer))
            .layer(from_fn(request_id::layer));
        let request = Request::builder()
            .uri(path)
            .header(header::ACCEPT, accept)
            .header(header::ACCEPT_LANGUAGE, "pt-BR,pt;q=0.9")
            .header("x-request-id", "a-request-0001");
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(to_bytes(response.into_body(), 1 << 16).await.unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn browsers_get_a_page_and_programs_get_json() {
        let (status, page) = ask("/broken", "text/html,*/*;q=0.8").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.contains("lang=\"pt-BR\"") && page.contains("a-request-0001"), "{page}");
        let (status, page) = ask("/gone", "text/html").await;
        assert!(status == StatusCode::NOT_FOUND && page.starts_with("<!doctype html>"));
        assert_eq!(ask("/gone", "*/*").await.1, r#"{"error":"Resource could not be found"}"#);
    }
}
