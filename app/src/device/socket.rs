//! A WebSocket.

use wasm_bindgen::prelude::*;

use super::property;

#[wasm_bindgen]
extern "C" {
    type WebSocket;
    #[wasm_bindgen(constructor, catch)]
    fn new(address: &str) -> Result<WebSocket, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn send(this: &WebSocket, text: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn close(this: &WebSocket) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter, js_name = readyState)]
    fn ready_state(this: &WebSocket) -> u32;
    #[wasm_bindgen(method, setter, js_name = onmessage)]
    fn on_message(this: &WebSocket, handler: Option<&js_sys::Function>);
    #[wasm_bindgen(method, setter, js_name = onclose)]
    fn on_close(this: &WebSocket, handler: Option<&js_sys::Function>);
}

/// `WebSocket.OPEN`.
const OPEN: u32 = 1;

/// The closing code of a server that lets nobody listen whose session is over.
const DISMISSED: f64 = 4401.0;

/// What a socket says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    Text(String),
    /// It ended, or never began.
    Closed,
    /// The server ended it: whoever listens may not any more.
    Dismissed,
}

/// An open or opening socket. Dropping it closes it without another word.
pub struct Socket {
    socket: WebSocket,
    _message: Closure<dyn FnMut(JsValue)>,
    _close: Closure<dyn FnMut(JsValue)>,
}

impl Socket {
    /// Opens a socket; `None` when the address makes no sense to the browser.
    pub fn open(address: &str, hear: impl Fn(SocketEvent) + Clone + 'static) -> Option<Self> {
        let socket = WebSocket::new(address).ok()?;
        let said = hear.clone();
        let message = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Some(text) = property(&event, "data").as_string() {
                said(SocketEvent::Text(text));
            }
        });
        let close = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let is_dismissed = property(&event, "code").as_f64() == Some(DISMISSED);
            hear(if is_dismissed { SocketEvent::Dismissed } else { SocketEvent::Closed });
        });
        socket.on_message(Some(message.as_ref().unchecked_ref()));
        socket.on_close(Some(close.as_ref().unchecked_ref()));
        Some(Self { socket, _message: message, _close: close })
    }

    /// Says something; what is said while the socket is not open is lost.
    pub fn send(&self, text: &str) {
        if self.socket.ready_state() == OPEN {
            let _ = self.socket.send(text);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.on_message(None);
        self.socket.on_close(None);
        let _ = self.socket.close();
    }
}
