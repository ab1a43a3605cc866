//! Addresses of the inbox: which list, under which filter, and which conversation is open. Addresses can be shared.

use model::conversation::{ConversationFilter, Involvement, SortBy, Tab};
use model::filter::Condition;
use model::{AccountId, ConversationStatus, DisplayId, InboxId, SavedViewId, TeamId};

use crate::place::encoded;

/// Which conversations the list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Everything the agent may see.
    #[default]
    All,
    /// One inbox.
    Inbox(InboxId),
    /// One label, by its title.
    Label(String),
    /// One team.
    Team(TeamId),
    /// Without an answer yet, or waiting for one.
    Unattended,
    /// Those that the reader has to do with, whoever's they are.
    Involved(Involvement),
    /// What somebody keeps under a name.
    Saved(SavedViewId),
}

/// An address of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub account: AccountId,
    pub view: View,
    /// The open conversation.
    pub open: Option<DisplayId>,
    pub tab: Tab,
    /// `None`: open conversations, or any while searching.
    pub status: Option<Status>,
    pub sort: SortBy,
    /// Empty without a search.
    pub search: String,
    /// Conditions besides.
    pub conditions: Vec<Condition>,
}

/// A status to filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Any,
    Only(ConversationStatus),
}

impl Status {
    /// Its word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "all",
            Self::Only(status) => status.as_str(),
        }
    }

    /// Reads the word of an address.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        if word == "all" { Some(Self::Any) } else { word.parse().ok().map(Self::Only) }
    }
}

const DEFAULT_SORT: SortBy = SortBy::LastActivityDesc;

impl Place {
    /// The inbox of an account as it opens.
    #[must_use]
    pub fn home(account: AccountId) -> Self {
        Self {
            account,
            view: View::All,
            open: None,
            tab: Tab::Mine,
            status: None,
            sort: DEFAULT_SORT,
            search: String::new(),
            conditions: Vec::new(),
        }
    }

    /// Reads an address; `None` when it is not one of the inbox. `query` gives the value of a parameter.
    #[must_use]
    pub fn read(path: &str, query: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let ["app", "accounts", account, rest @ ..] = parts.as_slice() else { return None };
        let (view, rest) = match rest {
            // The name under which other products' links know it.
            ["dashboard"] => (View::All, &[][..]),
            ["conversations", ..] => (View::All, rest),
            ["inbox", id, rest @ ..] => (View::Inbox(id.parse().ok()?), rest),
            ["label", title, rest @ ..] => (View::Label((*title).to_owned()), rest),
            ["team", id, rest @ ..] => (View::Team(id.parse().ok()?), rest),
            ["unattended", rest @ ..] => (View::Unattended, rest),
            ["mentions", rest @ ..] => (View::Involved(Involvement::Mentioned), rest),
            ["participating", rest @ ..] => (View::Involved(Involvement::Participating), rest),
            ["custom_view", id, rest @ ..] => (View::Saved(id.parse().ok()?), rest),
            _ => return None,
        };
        let open = match rest {
            [] | ["conversations"] => None,
            ["conversations", id] => Some(id.parse().ok()?),
            _ => return None,
        };
        let word = |name: &str| query(name).filter(|value| !value.is_empty());
        let conditions = word("filter").and_then(|text| crate::json::read::<Vec<Condition>>(&text).ok());
        let conditions = conditions.unwrap_or_default();
        Some(Self {
            account: account.parse().ok()?,
            tab: word("tab").and_then(|tab| tab.parse().ok()).unwrap_or(usual_tab(&view, &conditions)),
            view,
            open,
            conditions,
            status: word("status").and_then(|status| Status::parse(&status)),
            sort: word("sort").and_then(|sort| sort.parse().ok()).unwrap_or(DEFAULT_SORT),
            search: word("q").unwrap_or_default(),
        })
    }

    /// The address.
    #[must_use]
    pub fn href(&self) -> String {
        let mut out = ["/app/accounts/", &self.account.to_string()].concat();
        match &self.view {
            View::All if self.open.is_none() => out.push_str("/conversations"),
            View::All => {}
            View::Inbox(id) => out.push_str(&["/inbox/", &id.to_string()].concat()),
            View::Label(title) => out.push_str(&["/label/", &encoded(title)].concat()),
            View::Team(id) => out.push_str(&["/team/", &id.to_string()].concat()),
            View::Unattended => out.push_str("/unattended"),
            View::Involved(Involvement::Mentioned) => out.push_str("/mentions"),
            View::Involved(Involvement::Participating) => out.push_str("/participating"),
            View::Saved(id) => out.push_str(&["/custom_view/", &id.to_string()].concat()),
        }
        if let Some(id) = self.open {
            out.push_str(&["/conversations/", &id.to_string()].concat());
        }
        let parameters = [
            ("tab", (self.tab != usual_tab(&self.view, &self.conditions)).then(|| self.tab.as_str().to_owned())),
            ("status", self.status.map(|status| status.as_str().to_owned())),
            ("sort", (self.sort != DEFAULT_SORT).then(|| self.sort.as_str().to_owned())),
            ("q", (!self.search.is_empty()).then(|| encoded(&self.search))),
            ("filter", conditions_word(&self.conditions)),
        ];
        let mut mark = '?';
        for (name, value) in parameters.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            out.push(mark);
            out.push_str(&[name, "=", &value].concat());
            mark = '&';
        }
        out
    }

    /// The list of a view, as it opens.
    #[must_use]
    pub fn of(account: AccountId, view: View) -> Self {
        Self { tab: usual_tab(&view, &[]), view, ..Self::home(account) }
    }

    /// The same list under these conditions, from its usual tab.
    #[must_use]
    pub fn under(&self, conditions: Vec<Condition>) -> Self {
        Self { tab: usual_tab(&self.view, &conditions), status: None, conditions, ..self.clone() }
    }

    /// The same list with another conversation open, or none.
    #[must_use]
    pub fn opening(&self, open: Option<DisplayId>) -> Self {
        Self { open, ..self.clone() }
    }

    /// The status in force.
    #[must_use]
    pub fn status(&self) -> Status {
        // Whoever searches for words means the whole history, and conditions say themselves which status they mean.
        let is_open = self.search.is_empty() && self.conditions.is_empty() && !matches!(self.view, View::Saved(_));
        let usual = if is_open { Status::Only(ConversationStatus::Open) } else { Status::Any };
        self.status.unwrap_or(usual)
    }

    /// What the list is asked for.
    #[must_use]
    pub fn filter(&self) -> ConversationFilter {
        ConversationFilter {
            involved: if let View::Involved(involved) = self.view { Some(involved) } else { None },
            status: match self.status() {
                Status::Any => None,
                Status::Only(status) => Some(status),
            },
            tab: self.tab,
            inbox_id: if let View::Inbox(id) = self.view { Some(id) } else { None },
            team_id: if let View::Team(id) = self.view { Some(id) } else { None },
            labels: if let View::Label(title) = &self.view { vec![title.clone()] } else { Vec::new() },
            sort: self.sort,
            query: (!self.search.is_empty()).then(|| self.search.clone()),
            contact_id: None,
            unattended: self.view == View::Unattended,
            view: if let View::Saved(id) = self.view { Some(id) } else { None },
            conditions: self.conditions.clone(),
        }
    }
}

/// The tab in which a list opens: whoever looks for something in particular looks everywhere.
fn usual_tab(view: &View, conditions: &[Condition]) -> Tab {
    if matches!(view, View::Saved(_) | View::Involved(_)) || !conditions.is_empty() { Tab::All } else { Tab::Mine }
}

fn conditions_word(conditions: &[Condition]) -> Option<String> {
    if conditions.is_empty() { None } else { serde_json::to_string(conditions).ok().map(|text| encoded(&text)) }
}

fn decoded(text: &str) -> String {
    let hex = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%')
            .then(|| Some(bytes.get(at + 1).and_then(hex)? << 4 | bytes.get(at + 2).and_then(hex)?))
            .flatten();
        out.push(escaped.unwrap_or(*byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Option<Place> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let value = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(key, _)| *key == name).map(|(_, value)| decoded(value)).next()
        };
        Place::read(path, value)
    }

    #[test]
    fn addresses_lead_where_they_say() {
        for address in [
            "/app/accounts/1/conversations",
            "/app/accounts/1/conversations/12",
            "/app/accounts/1/inbox/3?tab=unassigned",
            "/app/accounts/1/inbox/3/conversations/12?tab=all&status=snoozed&sort=priority_desc",
            "/app/accounts/1/label/p%C3%B3s-venda/conversations/9",
            "/app/accounts/1/team/4?status=all",
            "/app/accounts/1/unattended",
            "/app/accounts/1/mentions",
            "/app/accounts/1/participating/conversations/12?tab=me",
            "/app/accounts/1/custom_view/5/conversations/12?tab=me",
            "/app/accounts/1/conversations?q=nota%20fiscal%20%26%20%22boleto%22",
        ] {
            assert_eq!(read(address).map(|place| place.href()).as_deref(), Some(address));
        }
    }

    #[test]
    fn other_addresses_are_not_the_inbox() {
        for address in [
            "/app/accounts/1/settings/inboxes",
            "/app/accounts/x/dashboard",
            "/app/accounts/1/inbox/x",
            "/app/accounts/1/conversations/x",
            "/app/login",
        ] {
            assert_eq!(read(address), None, "{address}");
        }
    }

    #[test]
    fn the_filter_is_what_the_address_says() {
        let filter = |address: &str| read(address).map(|place| place.filter()).unwrap_or_default();
        assert_eq!(filter("/app/accounts/1/dashboard").status, Some(ConversationStatus::Open));
        assert_eq!(filter("/app/accounts/1/dashboard").tab, Tab::Mine);
        assert_eq!(filter("/app/accounts/1/dashboard?status=all").status, None);
        assert_eq!(filter("/app/accounts/1/label/vip").labels, ["vip"]);
        assert!(filter("/app/accounts/1/unattended").unattended);
        let saved = filter("/app/accounts/1/custom_view/5");
        assert_eq!((saved.view, saved.status, saved.tab), (Some(SavedViewId(5)), None, Tab::All));
        let condition = Condition::new("contact_name", model::filter::Operator::Contains, &["João & Cia"]);
        let place = Place::home(AccountId(1)).under(vec![condition]);
        assert_eq!(read(&place.href()), Some(place.clone()));
        assert_eq!(filter(&place.href()).status, None);
        let search = filter("/app/accounts/1/inbox/3?q=pix");
        assert_eq!((search.status, search.query.as_deref(), search.inbox_id), (None, Some("pix"), Some(InboxId(3))));
    }

    #[test]
    fn broken_escapes_stay_as_they_are() {
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%4"), "%zz%4");
        assert_eq!(decoded(&encoded("ação/?#")), "ação/?#");
    }
}
