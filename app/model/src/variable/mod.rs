//! Variables in texts: `{{contact.name}}`. One way to read and fill in templates, for the server and for the composer.
//!
//! What a value holds is never read as a template again, and what stands between backticks is left as it is.

mod piece;

use std::collections::BTreeMap;

pub use piece::{Expression, Filter, Piece, pieces};

crate::text_enum! {
    /// The variables that everybody has. Custom attributes come beside them: `contact.custom_attribute.<key>`.
    Variable {
        ContactName = "contact.name",
        ContactFirstName = "contact.first_name",
        ContactLastName = "contact.last_name",
        ContactEmail = "contact.email",
        ContactPhone = "contact.phone_number",
        ContactIdentifier = "contact.identifier",
        ContactId = "contact.id",
        ConversationDisplayId = "conversation.display_id",
        /// Who said what lately, a line each, the newest last.
        ConversationRecentMessages = "conversation.recent_messages",
        InboxName = "inbox.name",
        InboxId = "inbox.id",
        AgentName = "agent.name",
        AgentFirstName = "agent.first_name",
        AgentLastName = "agent.last_name",
        AgentEmail = "agent.email",
        AccountName = "account.name",
        AccountId = "account.id",
    }
}

/// What custom attributes of a contact begin with.
pub const CONTACT_ATTRIBUTE: &str = "contact.custom_attribute.";
/// What custom attributes of a conversation begin with.
pub const CONVERSATION_ATTRIBUTE: &str = "conversation.custom_attribute.";

/// Older and other names for the same things.
const ALIASES: [(&str, Variable); 4] = [
    ("contact.phone", Variable::ContactPhone),
    ("conversation.id", Variable::ConversationDisplayId),
    ("conversation.contact_name", Variable::ContactName),
    ("agent.available_name", Variable::AgentName),
];

/// Longest text that a template may become, in bytes.
const MAX_RENDERED: usize = 1024 * 1024;

/// What variables stand for, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// Says what a variable stands for.
    pub fn set(&mut self, variable: Variable, value: impl Into<String>) {
        self.0.insert(variable.as_str().to_owned(), value.into());
    }

    /// The same for a custom attribute, by its whole name.
    pub fn set_attribute(&mut self, name: String, value: String) {
        self.0.insert(name, value);
    }

    /// What a name stands for; `None` for a name that nothing has.
    pub fn get(&self, name: &str) -> Option<&str> {
        let alias = || ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, variable)| variable.as_str());
        self.0.get(name).or_else(|| self.0.get(alias()?)).map(String::as_str)
    }

    /// The same with braces in values kept apart by a sign that nobody sees: put into a text that is still being written, a value is
    /// not taken for a variable.
    #[must_use]
    pub fn shielded(&self) -> Self {
        let shielded = |(name, value): (&String, &String)| (name.clone(), value.replace("{{", "{\u{2060}{"));
        Self(self.0.iter().map(shielded).collect())
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Whether there is something to fill in, so that values need not be looked up for nothing.
pub fn is_template(text: &str) -> bool {
    text.contains("{{") && pieces(text).any(|piece| matches!(piece, Piece::Variable { .. }))
}

/// Fills in a template. Names that nothing has become empty; what is no expression stays as it is written.
pub fn render(template: &str, values: &Values) -> String {
    let mut out = String::with_capacity(template.len());
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Variable { expression, .. } => out.push_str(&expression.value(values)),
        }
        if out.len() > MAX_RENDERED {
            break;
        }
    }
    out
}

/// The first word of a name, and the rest of it.
pub fn first_and_last(name: &str) -> (&str, &str) {
    let name = name.trim();
    name.split_once(char::is_whitespace).map_or((name, ""), |(first, last)| (first, last.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        let mut values = Values::default();
        values.set(Variable::ContactName, "Maria da Silva");
        values.set(Variable::ContactEmail, "");
        values.set(Variable::AgentEmail, "bia@loja.example");
        values.set(Variable::ConversationDisplayId, "42");
        values.set_attribute("contact.custom_attribute.plano".to_owned(), "Ouro".to_owned());
        values
    }

    #[test]
    fn names_are_filled_in_and_unknown_ones_become_empty() {
        let say = |template: &str| render(template, &values());
        assert_eq!(say("Olá {{contact.name}}, ticket {{ conversation.id }}."), "Olá Maria da Silva, ticket 42.");
        assert_eq!(say("{{contact.custom_attribute.plano}}/{{contact.custom_attribute.nada}}"), "Ouro/");
        assert_eq!(say("a{{nothing.here}}b{{contact.email}}c"), "abc");
    }

    #[test]
    fn filters_shape_a_value() {
        let say = |template: &str| render(template, &values());
        assert_eq!(say("{{ contact.email | default: 'sem e-mail' }}"), "sem e-mail");
        assert_eq!(say("{{ nobody | default: \"a | b\" | upcase }}"), "A | B");
        assert_eq!(say("{{ contact.name | upcase }}"), "MARIA DA SILVA");
        assert_eq!(say("{{ contact.name | downcase | capitalize }}"), "Maria da silva");
        // A filter that nobody knows is a mistake: the writer sees what they wrote.
        assert_eq!(say("{{ contact.name | explode }}"), "{{ contact.name | explode }}");
    }

    #[test]
    fn a_value_is_never_read_as_a_template() {
        let mut values = values();
        values.set(Variable::ContactName, "{{agent.email}} `");
        assert_eq!(render("Olá {{contact.name}}! {{conversation.display_id}}", &values), "Olá {{agent.email}} `! 42");
    }

    #[test]
    fn code_is_left_as_it_is() {
        let say = |template: &str| render(template, &values());
        assert_eq!(say("use `{{contact.name}}` e {{conversation.id}}"), "use `{{contact.name}}` e 42");
        assert_eq!(say("```\n{{contact.name}}\n```{{conversation.id}}"), "```\n{{contact.name}}\n```42");
        // A backtick that nothing closes is only a backtick.
        assert_eq!(say("` {{conversation.id}}"), "` 42");
    }

    #[test]
    fn what_is_no_expression_stays() {
        for text in
            ["{{", "{{}}", "{{ }}", "{{ a b }}", "}} {{", "{ {contact.name}}", "{{a\n}}", "{% if x %}", "{{<b>}}"]
        {
            assert_eq!(render(text, &values()), text, "{text}");
            assert!(!is_template(text), "{text}");
        }
        assert_eq!(render("{{ x {{conversation.id}}", &values()), "{{ x 42");
        assert!(is_template("{{ any }}"));
        assert!(!is_template("`{{ any }}`"));
    }

    #[test]
    fn a_name_has_a_first_word() {
        assert_eq!(first_and_last(" Maria  da Silva "), ("Maria", "da Silva"));
        assert_eq!(first_and_last("Zeca"), ("Zeca", ""));
        assert_eq!(first_and_last(""), ("", ""));
    }
}
