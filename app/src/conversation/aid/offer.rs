//! What a list offers for what is typed.

use model::action::StoredFile;
use model::canned::CannedResponse;
use model::variable::{CONTACT_ATTRIBUTE, CONVERSATION_ATTRIBUTE, Values, Variable, render};
use model::{Role, UserId};
use text::Lang;
use text::composer as t;

use crate::boot::Lists;

/// Most offers at a time.
const MOST: usize = 30;

/// Something that can be put into the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// By what it is called: a code, a variable, a name.
    pub name: String,
    /// What will stand in the text, or what it is.
    pub detail: String,
    /// What is put into the text.
    pub insert: String,
    /// What is put beside it.
    pub files: Vec<StoredFile>,
}

/// Canned responses, as they will read.
pub fn canned(found: &[CannedResponse], values: &Values) -> Vec<Offer> {
    let shielded = values.shielded();
    let offer = |canned: &CannedResponse| {
        let text = render(&canned.content, &shielded);
        let name = ["/", &canned.short_code].concat();
        Offer { name, detail: text.clone(), insert: text, files: canned.files.clone() }
    };
    found.iter().map(offer).collect()
}

/// Variables, with what they stand for.
pub fn variables(lang: Lang, query: &str, values: &Values) -> Vec<Offer> {
    let query = ui::fold_accents(query.trim());
    let shielded = values.shielded();
    let title = |name: &str| title(lang, name);
    let mut offers: Vec<Offer> = values
        .iter()
        .filter(|(name, _)| ui::fold_accents(name).contains(&query) || ui::fold_accents(&title(name)).contains(&query))
        .map(|(name, value)| {
            let insert = shielded.get(name).unwrap_or_default().to_owned();
            let detail = if value.trim().is_empty() { t::lists::no_value(lang).to_owned() } else { value.to_owned() };
            Offer { name: title(name), detail, insert, files: Vec::new() }
        })
        .collect();
    // What everybody has stands in the order in which it is thought of, attributes after it.
    let place = |offer: &Offer| Variable::ALL.iter().position(|variable| title(variable.as_str()) == offer.name);
    offers.sort_by_key(|offer| place(offer).unwrap_or(usize::MAX));
    offers.truncate(MOST);
    offers
}

/// What a variable is called.
pub fn title(lang: Lang, name: &str) -> String {
    let attribute = |start: &str| name.strip_prefix(start).map(|key| key.replace('_', " "));
    if let Some(key) = attribute(CONTACT_ATTRIBUTE) {
        return text::variable::contact_attribute(lang, &key);
    }
    if let Some(key) = attribute(CONVERSATION_ATTRIBUTE) {
        return text::variable::conversation_attribute(lang, &key);
    }
    text::variable::by_key(lang, &name.replace('.', "_")).unwrap_or(name).to_owned()
}

/// People who may see the conversation, and teams.
pub fn people(lang: Lang, query: &str, lists: &Lists, members: &[UserId], me: UserId) -> Vec<Offer> {
    let query = ui::fold_accents(query.trim());
    let is_found = |name: &str| {
        let name = ui::fold_accents(name);
        name.starts_with(&query) || name.split_whitespace().any(|word| word.starts_with(&query))
    };
    let offer = |name: &str, detail: String| {
        let insert = ["@", name, " "].concat();
        Offer { name: name.to_owned(), detail, insert, files: Vec::new() }
    };
    let sees = |agent: &&model::agent::Agent| {
        agent.id != me && agent.confirmed && (agent.role == Role::Administrator || members.contains(&agent.id))
    };
    let agents = lists.agents.iter().filter(sees).filter(|agent| is_found(&agent.name));
    let teams = lists.teams.iter().filter(|team| is_found(&team.name));
    let agents = agents.map(|agent| offer(&agent.name, agent.email.clone()));
    let teams = teams.map(|team| offer(&team.name, t::lists::team(lang).to_owned()));
    agents.chain(teams).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_by_their_names_in_any_language() {
        let mut values = Values::default();
        values.set(Variable::AgentName, "Bia");
        values.set(Variable::ContactName, "João {{x}}");
        values.set_attribute("contact.custom_attribute.plano_atual".into(), String::new());
        let found = |query: &str| -> Vec<String> {
            variables(Lang::PtBr, query, &values).into_iter().map(|offer| offer.insert).collect()
        };
        assert_eq!(found("contact.n"), ["João {\u{2060}{x}}"]);
        assert_eq!(found("").len(), 3);
        assert_eq!(found("plano atual"), [""]);
        assert_eq!(variables(Lang::PtBr, "", &values)[0].detail, "João {{x}}", "the contact comes first");
        for lang in Lang::ALL {
            for variable in Variable::ALL {
                assert_ne!(title(lang, variable.as_str()), variable.as_str(), "{variable} has a title");
            }
        }
    }
}
