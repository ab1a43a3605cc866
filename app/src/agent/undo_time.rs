//! For how long somebody can take a message back after sending it.

use model::agent::Profile;

/// Where it stands among a person's settings.
const KEY: &str = "undo_send";

/// For how long sending can be undone: so long the server holds a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndoTime(i64);

impl Default for UndoTime {
    /// Long enough to notice a slip, too short to be noticed on the other side.
    fn default() -> Self {
        Self(5)
    }
}

impl UndoTime {
    /// What can be chosen; not at all first.
    pub const CHOICES: [Self; 4] = [Self(0), Self(5), Self(10), Self(20)];

    /// What somebody chose, or what is usual.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        let chosen = profile.ui_settings.get(KEY).and_then(serde_json::Value::as_i64).map(Self);
        chosen.filter(|chosen| Self::CHOICES.contains(chosen)).unwrap_or_default()
    }

    /// The choice by its number of seconds.
    #[must_use]
    pub fn parse(seconds: &str) -> Self {
        let chosen = seconds.parse().ok().map(Self);
        chosen.filter(|chosen| Self::CHOICES.contains(chosen)).unwrap_or_default()
    }

    /// Seconds; 0 for not at all.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// What it is called.
    #[must_use]
    pub fn name(self, lang: text::Lang) -> String {
        match self.0 {
            0 => text::composer::undo::off(lang).to_owned(),
            seconds => text::composer::undo::seconds(lang, &seconds.to_string()),
        }
    }

    /// As it is kept with the person.
    #[must_use]
    pub fn settings(self) -> serde_json::Map<String, serde_json::Value> {
        std::iter::once((KEY.to_owned(), self.0.into())).collect()
    }

    /// Puts the choice into a profile, as the server will have it.
    pub fn put(self, profile: &mut Profile) {
        match &mut profile.ui_settings {
            serde_json::Value::Object(settings) => settings.extend(self.settings()),
            other => *other = serde_json::Value::Object(self.settings()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_counts_and_five_seconds_otherwise() {
        let mut profile = Profile {
            id: model::UserId(1),
            name: String::new(),
            display_name: String::new(),
            email: String::new(),
            avatar_url: None,
            message_signature: String::new(),
            locale: None,
            ui_settings: serde_json::json!({ "other": 1 }),
            memberships: Vec::new(),
        };
        assert_eq!(UndoTime::of(&profile).seconds(), 5);
        UndoTime::parse("0").put(&mut profile);
        assert_eq!((UndoTime::of(&profile).seconds(), &profile.ui_settings["other"]), (0, &1.into()));
        profile.ui_settings = serde_json::json!({ "undo_send": 7 });
        assert_eq!(UndoTime::of(&profile), UndoTime::default());
    }
}
