//! Requests to our own server. XMLHttpRequest for all of them, because `fetch` can't report the progress of an upload.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, ProgressEvent, XmlHttpRequest};

use crate::session;
use crate::wire::Json;
use crate::words;

/// Milliseconds until a request is given up; uploads get more.
const PATIENCE: u32 = 20_000;
const UPLOAD_PATIENCE: u32 = 10 * 60_000;

/// What goes out with a request.
pub enum Body {
    Nothing,
    Json(String),
    /// With what to call with the percentage that is through.
    Form(FormData, Box<dyn Fn(u8)>),
}

/// Why there is no answer to use.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The server could not be reached, or is in trouble or too busy: the same request may work later.
    Unreachable { busy: bool },
    /// The server refused it: the same request will be refused again.
    Refused { body: Json },
}

impl Failure {
    /// The server's reason in its words.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Refused { body } => body.text("message").or_else(|| body.text("error")),
            Self::Unreachable { .. } => None,
        }
    }
}

/// Calls `/api/v1/widget/<path>` as the present session; `query` is appended (`&after=3`).
pub async fn call(method: &str, path: &str, query: &str, body: Body) -> Result<Json, Failure> {
    // Refusals are said in the language that is on screen.
    let locale = ["&locale=", words::wanted()].concat();
    let url = ["/api/v1/widget/", path, "?website_token=", &session::website_token(), &locale, query].concat();
    send(method, &url, body).await.unwrap_or(Err(Failure::Unreachable { busy: false }))
}

/// `Err` of the outer result: the browser would not even start it.
async fn send(method: &str, url: &str, body: Body) -> Result<Result<Json, Failure>, JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open(method, url)?;
    request.set_request_header("X-Auth-Token", &session::token())?;
    request.set_timeout(PATIENCE);
    let mut progress = None;
    let sent = match body {
        Body::Nothing => request.send(),
        Body::Json(text) => {
            request.set_request_header("Content-Type", "application/json")?;
            request.send_with_opt_str(Some(&text))
        }
        Body::Form(form, report) => {
            request.set_timeout(UPLOAD_PATIENCE);
            let listener = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
                report((event.loaded() / event.total().max(1.0) * 100.0) as u8);
            });
            request.upload()?.set_onprogress(Some(listener.as_ref().unchecked_ref()));
            progress = Some(listener);
            request.send_with_opt_form_data(Some(&form))
        }
    };
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    sent?;
    JsFuture::from(ended).await?;
    drop(progress);
    let status = request.status()?;
    let body = Json::parse(&request.response_text()?.unwrap_or_default());
    Ok(match status {
        200..300 => Ok(body),
        0 | 408 | 425 | 500.. => Err(Failure::Unreachable { busy: false }),
        429 => Err(Failure::Unreachable { busy: true }),
        _ => Err(Failure::Refused { body }),
    })
}
