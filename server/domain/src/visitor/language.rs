//! The language a visitor is spoken to in while they are not here to say which.

use serde_json::Value;
use text::VisitorLang;

use crate::Result;
use crate::conversation::store::{self as conversations, Facts};
use crate::work::Work;

/// What a conversation began with: the language of the chat, which the page may have set, and the browser's.
const SAID: [&str; 2] = ["chat_language", "browser_language"];

/// The language a conversation began in, as far as visitors are spoken to in it, else the account's.
pub(crate) fn known(origin: &Value, locale: &str) -> VisitorLang {
    let said = SAID.into_iter().find_map(|key| origin[key].as_str()?.parse::<VisitorLang>().ok());
    said.or_else(|| locale.parse().ok()).unwrap_or_default()
}

/// The same, of a conversation in a change.
pub(crate) async fn of(work: &mut Work<'_>, facts: &Facts) -> Result<VisitorLang> {
    let (origin, locale) = conversations::origin(&mut work.tx, facts.account_id, facts.id).await?;
    Ok(known(&origin.0, &locale))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_chat_speaks_before_the_browser_and_the_browser_before_the_account() {
        let both = json!({ "chat_language": "fr", "browser_language": "de-AT" });
        assert_eq!(known(&both, "pt_BR"), VisitorLang::Fr);
        assert_eq!(known(&json!({ "browser_language": "de-AT" }), "pt_BR"), VisitorLang::De);
        for unknown in [json!({}), json!(null), json!({ "browser_language": "*" }), json!({ "browser_language": 7 })] {
            assert_eq!(known(&unknown, "pt_BR"), VisitorLang::PtBr, "{unknown}");
        }
        assert_eq!(known(&json!({}), ""), VisitorLang::En);
    }
}
