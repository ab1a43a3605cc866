//! People and teams that a note names: `[@Bia](mention://user/7/Bia)`.

use crate::{TeamId, UserId};

/// Somebody who is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mention {
    User(UserId),
    Team(TeamId),
}

/// What addresses of mentions begin with.
pub const SCHEME: &str = "mention://";

/// Most names of one note that count.
const MOST: usize = 50;

impl Mention {
    /// Who an address names: `mention://user/7/Bia`.
    pub fn of_address(address: &str) -> Option<Self> {
        let (kind, rest) = address.strip_prefix(SCHEME)?.split_once('/')?;
        let id = rest.split('/').next()?.parse().ok()?;
        match kind {
            "user" => Some(Self::User(UserId(id))),
            "team" => Some(Self::Team(TeamId(id))),
            _ => None,
        }
    }

    /// The link that names somebody. Letters that would end the link's name are left out.
    pub fn link(self, name: &str) -> String {
        let (kind, id) = match self {
            Self::User(id) => ("user", id.0),
            Self::Team(id) => ("team", id.0),
        };
        let name: String = name.chars().filter(|c| !matches!(c, '[' | ']' | '\\' | '`') && !c.is_control()).collect();
        let path: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        ["[@", name.trim(), "](", SCHEME, kind, "/", &id.to_string(), "/", &path, ")"].concat()
    }
}

/// Who is named, each once, in order.
pub fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("](mention://") {
        let address = &text[at + 2..];
        let Some(end) = address.find([')', ' ', '\n']) else { continue };
        if let Some(mention) = Mention::of_address(&address[..end])
            && address[end..].starts_with(')')
            && !found.contains(&mention)
            && found.len() < MOST
        {
            found.push(mention);
        }
    }
    found
}

/// Makes links of the names that stand after an `@`, the longest that fits; each name is one of `names`.
pub fn link_names(text: &str, names: &[(Mention, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        out.push_str(before);
        let begins_word = !out.ends_with(|c: char| c.is_alphanumeric() || c == '[');
        let fits = |name: &str| {
            after.strip_prefix(name).is_some_and(|next| !next.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        let fitting = names.iter().filter(|(_, name)| begins_word && !name.is_empty() && fits(name));
        match fitting.max_by_key(|(_, name)| name.len()) {
            Some((mention, name)) => {
                out.push_str(&mention.link(name));
                rest = &after[name.len()..];
            }
            None => {
                out.push('@');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_after_the_sign_become_links() {
        let (ana, ana_paula, sales) = (Mention::User(UserId(1)), Mention::User(UserId(2)), Mention::Team(TeamId(3)));
        let names = [(ana, "Ana".to_owned()), (ana_paula, "Ana Paula".to_owned()), (sales, "vendas".to_owned())];
        let say = |text: &str| link_names(text, &names);
        assert_eq!(say("@Ana Paula, veja"), [&ana_paula.link("Ana Paula"), ", veja"].concat());
        assert_eq!(say("oi @Ana. @vendas!"), ["oi ", &ana.link("Ana"), ". ", &sales.link("vendas"), "!"].concat());
        for text in ["bia@Ana", "@Anacleto", "@", "@Zé", &ana.link("Ana")] {
            assert_eq!(say(text), text, "{text}");
        }
    }

    #[test]
    fn a_note_names_people_and_teams() {
        let (bia, sales) = (Mention::User(UserId(7)), Mention::Team(TeamId(2)));
        let text = ["Veja ", &bia.link("Bia [x] Souza"), " e ", &sales.link("vendas"), ", ", &bia.link("Bia")].concat();
        assert!(text.starts_with("Veja [@Bia x Souza](mention://user/7/Bia-x-Souza) e "), "{text}");
        assert_eq!(mentions(&text), [bia, sales]);
        for none in
            ["mention://user/7/Bia", "[a](mention://robot/7/x)", "[a](mention://user/x/y)", "[a](mention://user/7"]
        {
            assert!(mentions(none).is_empty(), "{none}");
        }
    }
}
