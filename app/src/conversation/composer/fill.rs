//! Variables in what is written are filled in before it is sent, where the writer sees it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::variable::{CONTACT_ATTRIBUTE, CONVERSATION_ATTRIBUTE, Piece, Variable, pieces, render};
use text::composer as t;

use super::state::Writing;
use crate::conversation::beside;
use crate::device;

/// Whether a text names variables that there are. Other braces are somebody's text.
#[must_use]
pub fn has_variables(text: &str) -> bool {
    text.contains("{{")
        && pieces(text).any(|piece| matches!(piece, Piece::Variable { expression, .. } if is_known(expression.name)))
}

fn is_known(name: &str) -> bool {
    name.parse::<Variable>().is_ok()
        || [CONTACT_ATTRIBUTE, CONVERSATION_ATTRIBUTE].iter().any(|start| name.starts_with(start))
}

impl Writing {
    /// Puts values where the text names variables. It is for the writer to look at it and send.
    pub fn fill(self) {
        let lang = self.desk.lang;
        let (account, id) = (self.desk.account(), self.id);
        let toasts = ui::use_toasts();
        spawn_local(async move {
            match beside::values(account, id).await {
                Ok(values) => {
                    let Some(area) = self.area.try_get_untracked().flatten() else { return };
                    let before = area.value();
                    let after = render(&before, &values.shielded());
                    let end = super::format::units(&after);
                    device::replace(&area, 0, super::format::units(&before), &after, (end, end));
                    toasts.tell(t::filled_in(lang));
                }
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::has_variables;

    #[test]
    fn only_variables_that_there_are_count() {
        assert!(has_variables("Olá {{contact.name}}"));
        assert!(has_variables("{{contact.custom_attribute.plano}}"));
        for none in ["Olá", "{{ name }} no Jinja", "`{{contact.name}}`", "{\u{2060}{contact.name}}"] {
            assert!(!has_variables(none), "{none}");
        }
    }
}
