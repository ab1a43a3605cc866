//! One line of the palette.

use model::MacroId;
use model::bulk::BulkAct;
use ui::{Choice, Icon, Mark};

use crate::command::Entry;

/// What choosing a line does.
#[derive(Clone, Debug)]
pub enum Does {
    /// Goes to an address.
    Go(String),
    Run(&'static Entry),
    /// Changes the conversation, or the ticked ones.
    Act(BulkAct),
    /// Runs a macro in the conversation, or in the ticked ones.
    Macro(MacroId),
}

impl PartialEq for Does {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Go(one), Self::Go(other)) => one == other,
            (Self::Run(one), Self::Run(other)) => one.command == other.command,
            (Self::Act(one), Self::Act(other)) => one == other,
            (Self::Macro(one), Self::Macro(other)) => one == other,
            _ => false,
        }
    }
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub choice: Choice,
    pub does: Does,
    pub keys: Option<&'static str>,
    /// The heading under which it stands.
    pub group: Option<&'static str>,
    pub is_picked: bool,
}

impl Item {
    /// A line that leads somewhere.
    pub fn go(group: &'static str, mark: Mark, label: impl Into<String>, address: String) -> Self {
        let choice = Choice::new(address.clone(), label).mark(mark);
        Self { choice, does: Does::Go(address), keys: None, group: Some(group), is_picked: false }
    }

    /// A line that does what a command does.
    pub fn run(group: &'static str, label: String, entry: &'static Entry) -> Self {
        let choice = Choice::new(entry.word, label).mark(Mark::Icon(entry.icon));
        Self { choice, does: Does::Run(entry), keys: entry.keys.first().copied(), group: Some(group), is_picked: false }
    }

    /// A line that changes the conversation.
    pub fn act(mark: Mark, label: impl Into<String>, act: BulkAct, is_picked: bool) -> Self {
        let choice = Choice::new("", label).mark(mark);
        Self { choice, does: Does::Act(act), keys: None, group: None, is_picked }
    }

    /// A line that runs a macro.
    pub fn macro_(group: &'static str, label: &str, id: MacroId) -> Self {
        let choice = Choice::new(id.to_string(), label).mark(Mark::Icon(Icon::Play));
        Self { choice, does: Does::Macro(id), keys: None, group: Some(group), is_picked: false }
    }

    /// A line for nobody, no team, no priority.
    pub fn none(label: &'static str, act: BulkAct, is_picked: bool) -> Self {
        Self::act(Mark::Icon(Icon::CircleDashed), label, act, is_picked)
    }
}
