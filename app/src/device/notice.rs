//! Notifications of the desktop, and a tone.

use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::property;

#[wasm_bindgen]
extern "C" {
    type Notification;
    #[wasm_bindgen(constructor, catch)]
    fn new(title: &str, options: &js_sys::Object) -> Result<Notification, JsValue>;
    #[wasm_bindgen(catch, static_method_of = Notification, js_name = requestPermission)]
    fn request_permission() -> Result<js_sys::Promise, JsValue>;
    #[wasm_bindgen(method)]
    fn close(this: &Notification);
    #[wasm_bindgen(method, setter, js_name = onclick)]
    fn on_click(this: &Notification, handler: Option<&js_sys::Function>);

    type AudioContext;
    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<AudioContext, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn resume(this: &AudioContext) -> Result<js_sys::Promise, JsValue>;
    #[wasm_bindgen(method, getter, js_name = currentTime)]
    fn current_time(this: &AudioContext) -> f64;
    #[wasm_bindgen(method, getter)]
    fn destination(this: &AudioContext) -> JsValue;
    #[wasm_bindgen(method, catch, js_name = createOscillator)]
    fn create_oscillator(this: &AudioContext) -> Result<AudioNode, JsValue>;
    #[wasm_bindgen(method, catch, js_name = createGain)]
    fn create_gain(this: &AudioContext) -> Result<AudioNode, JsValue>;

    type AudioNode;
    #[wasm_bindgen(method, catch)]
    fn connect(this: &AudioNode, next: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn start(this: &AudioNode, at: f64) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn stop(this: &AudioNode, at: f64) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter)]
    fn frequency(this: &AudioNode) -> AudioParam;
    #[wasm_bindgen(method, getter)]
    fn gain(this: &AudioNode) -> AudioParam;

    type AudioParam;
    #[wasm_bindgen(method, catch, js_name = setValueAtTime)]
    fn set_value_at_time(this: &AudioParam, value: f64, at: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = exponentialRampToValueAtTime)]
    fn ramp_to(this: &AudioParam, value: f64, at: f64) -> Result<JsValue, JsValue>;
}

/// Whether the browser lets this site notify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Permission {
    /// It was not asked yet.
    #[default]
    Unasked,
    Granted,
    Denied,
    /// This browser has no notifications.
    Missing,
}

impl Permission {
    fn parse(word: &str) -> Self {
        match word {
            "granted" => Self::Granted,
            "denied" => Self::Denied,
            _ => Self::Unasked,
        }
    }
}

/// Whether the browser lets this site notify.
#[must_use]
pub fn permission() -> Permission {
    let class = property(window().as_ref(), "Notification");
    if class.is_undefined() {
        return Permission::Missing;
    }
    property(&class, "permission").as_string().map_or(Permission::Unasked, |word| Permission::parse(&word))
}

/// Asks for permission; must be called from a press.
pub async fn ask_permission() -> Permission {
    if permission() == Permission::Missing {
        return Permission::Missing;
    }
    let Ok(promise) = Notification::request_permission() else { return permission() };
    match JsFuture::from(promise).await {
        Ok(word) => Permission::parse(&word.as_string().unwrap_or_default()),
        Err(_) => permission(),
    }
}

/// Shows a notification; one with the same tag replaces the earlier. Pressing it brings the page to the front and runs `open`.
pub fn show(title: &str, body: &str, tag: &str, open: impl FnMut() + 'static) {
    let options = js_sys::Object::new();
    let set = |name: &str, value: &JsValue| {
        let _ = js_sys::Reflect::set(&options, &JsValue::from_str(name), value);
    };
    set("body", &JsValue::from_str(body));
    set("tag", &JsValue::from_str(tag));
    set("icon", &JsValue::from_str("/apple-touch-icon.png"));
    // The tone is ours, so that it can be switched off by itself.
    set("silent", &JsValue::TRUE);
    let Ok(notice) = Notification::new(title, &options) else { return };
    let mut open = open;
    let press = Closure::once_into_js(move || {
        let _ = window().focus();
        open();
    });
    notice.on_click(Some(press.unchecked_ref()));
}

thread_local! {
    static AUDIO: Option<AudioContext> = AudioContext::new().ok();
}

/// A short, soft tone of two notes. Silent until the page was pressed once: browsers want it so.
pub fn tone() {
    AUDIO.with(|audio| {
        let Some(audio) = audio else { return };
        let _ = audio.resume();
        for (frequency, after) in [(659.25, 0.0), (880.0, 0.11)] {
            let _ = note(audio, frequency, after);
        }
    });
}

fn note(audio: &AudioContext, frequency: f64, after: f64) -> Result<(), JsValue> {
    let from = audio.current_time() + after;
    let (sound, volume) = (audio.create_oscillator()?, audio.create_gain()?);
    sound.frequency().set_value_at_time(frequency, from)?;
    volume.gain().set_value_at_time(0.0001, from)?;
    volume.gain().ramp_to(0.12, from + 0.02)?;
    volume.gain().ramp_to(0.0001, from + 0.32)?;
    sound.connect(volume.as_ref())?;
    volume.connect(&audio.destination())?;
    sound.start(from)?;
    sound.stop(from + 0.34)
}
