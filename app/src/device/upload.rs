//! Sending a form with files and hearing how far it has come, which `fetch` cannot tell.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::{File, property};

#[wasm_bindgen]
extern "C" {
    type FormData;
    #[wasm_bindgen(constructor)]
    fn new() -> FormData;
    #[wasm_bindgen(method)]
    fn append(this: &FormData, name: &str, value: &str);
    #[wasm_bindgen(method, js_name = append)]
    fn append_file(this: &FormData, name: &str, file: &File, file_name: &str);

    #[derive(Clone)]
    type XMLHttpRequest;
    #[wasm_bindgen(constructor)]
    fn new() -> XMLHttpRequest;
    #[wasm_bindgen(method, catch)]
    fn open(this: &XMLHttpRequest, method: &str, address: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn send(this: &XMLHttpRequest, form: &FormData) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn abort(this: &XMLHttpRequest);
    #[wasm_bindgen(method, getter)]
    fn upload(this: &XMLHttpRequest) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn status(this: &XMLHttpRequest) -> u16;
    #[wasm_bindgen(method, catch, getter, js_name = responseText)]
    fn response_text(this: &XMLHttpRequest) -> Result<String, JsValue>;
    #[wasm_bindgen(method, setter, js_name = onloadend)]
    fn on_end(this: &XMLHttpRequest, handler: Option<&js_sys::Function>);
    #[wasm_bindgen(method, setter)]
    fn set_timeout(this: &XMLHttpRequest, milliseconds: u32);
}

/// A field of the form.
pub enum Part {
    Text(&'static str, String),
    File(&'static str, File),
}

/// How far a form has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upload {
    /// Percent sent.
    Sent(u8),
    /// The answer: status and text.
    Answer(u16, String),
    /// No answer: the line is down, or the server.
    Lost,
}

/// Longest time for a form without files, in milliseconds; files may take as long as they need.
const PATIENCE: u32 = 30_000;

type Handlers = Rc<RefCell<Option<(Closure<dyn FnMut(JsValue)>, Closure<dyn FnMut(JsValue)>)>>>;

/// Posts a form.
pub fn send(address: &str, parts: Vec<Part>, report: impl Fn(Upload) + Clone + 'static) {
    let form = FormData::new();
    let mut has_files = false;
    for part in parts {
        match part {
            Part::Text(name, value) => form.append(name, &value),
            Part::File(name, file) => {
                has_files = true;
                form.append_file(name, &file, &file.name());
            }
        }
    }
    let request = XMLHttpRequest::new();
    if request.open("POST", address).is_err() {
        report(Upload::Lost);
        return;
    }
    if !has_files {
        request.set_timeout(PATIENCE);
    }
    // The handlers hold themselves until the end, then let go.
    let handlers: Handlers = Rc::default();
    let progress = {
        let report = report.clone();
        Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Some(percent) = percent(&event).filter(|_| has_files) {
                report(Upload::Sent(percent));
            }
        })
    };
    let end = {
        let (request, handlers) = (request.clone(), handlers.clone());
        let report = report.clone();
        Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| {
            let status = request.status();
            let text = request.response_text().unwrap_or_default();
            request.on_end(None);
            let held = handlers.borrow_mut().take();
            report(if status == 0 { Upload::Lost } else { Upload::Answer(status, text) });
            drop(held);
        })
    };
    let _ = js_sys::Reflect::set(&request.upload(), &JsValue::from_str("onprogress"), progress.as_ref());
    request.on_end(Some(end.as_ref().unchecked_ref()));
    *handlers.borrow_mut() = Some((progress, end));
    if request.send(&form).is_err() {
        request.abort();
        report(Upload::Lost);
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
fn percent(event: &JsValue) -> Option<u8> {
    let (loaded, total) = (property(event, "loaded").as_f64()?, property(event, "total").as_f64()?);
    (total > 0.0).then(|| (loaded / total * 100.0).clamp(0.0, 100.0) as u8)
}
