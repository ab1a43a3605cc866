//! A filter while it is being built.

use leptos::prelude::{Owner as Scope, *};
use model::filter::{
    CONTACT, CONVERSATION, Condition, Field, Kind, Operator, Owner, Subject, alternatives, joined, operators_of,
};

/// One condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: u32,
    pub subject: Subject,
    /// The fields that everybody has.
    pub fields: &'static [Field],
    /// A field's key.
    pub field: RwSignal<String>,
    /// The operator's word.
    pub operator: RwSignal<String>,
    /// Values that are chosen from a list.
    pub values: RwSignal<Vec<String>>,
    /// A value that is typed.
    pub text: RwSignal<String>,
    customs: StoredValue<Vec<(String, Kind)>>,
}

/// Conditions of which all must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    pub id: u32,
    pub rows: RwSignal<Vec<Row>>,
}

/// The whole filter.
#[derive(Clone, Copy, Debug)]
pub struct Draft {
    subject: Subject,
    pub cards: RwSignal<Vec<Card>>,
    next: StoredValue<u32>,
    customs: StoredValue<Vec<(String, Kind)>>,
    /// The dialog: what is made while a button is pressed must outlive that button.
    owner: StoredValue<Option<Scope>>,
}

impl Draft {
    /// Begins with these conditions, or with an empty one.
    pub fn new(subject: Subject, conditions: &[Condition], customs: Vec<(String, Kind)>) -> Self {
        let draft = Self {
            subject,
            cards: RwSignal::new(Vec::new()),
            customs: StoredValue::new(customs),
            next: StoredValue::new(0),
            owner: StoredValue::new(Scope::current()),
        };
        for alternative in alternatives(conditions) {
            let rows = alternative.into_iter().map(|(_, condition)| draft.row(Some(condition))).collect();
            let card = Card { id: draft.number(), rows: RwSignal::new(rows) };
            draft.cards.update(|cards| cards.push(card));
        }
        if conditions.is_empty() {
            draft.add_card();
        }
        draft
    }

    fn number(self) -> u32 {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        number
    }

    fn lasting<T>(self, make: impl FnOnce() -> T) -> T {
        match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }

    fn row(self, condition: Option<&Condition>) -> Row {
        self.lasting(|| self.new_row(condition))
    }

    fn new_row(self, condition: Option<&Condition>) -> Row {
        let (fields, first) = match self.subject {
            Subject::Conversation => (CONVERSATION, Condition::new("status", Operator::EqualTo, &["open"])),
            Subject::Contact => (CONTACT, Condition::new("labels", Operator::EqualTo, &[])),
        };
        let condition = condition.unwrap_or(&first);
        Row {
            id: self.number(),
            subject: self.subject,
            fields,
            field: RwSignal::new(name_of(self.subject, fields, condition)),
            operator: RwSignal::new(condition.filter_operator.to_string()),
            values: RwSignal::new(condition.values.clone()),
            text: RwSignal::new(condition.values.first().cloned().unwrap_or_default()),
            customs: self.customs,
        }
    }

    /// One more condition that must hold too.
    pub fn add(self, card: Card) {
        let row = self.row(None);
        card.rows.update(|rows| rows.push(row));
    }

    /// One more alternative.
    pub fn add_card(self) {
        let card = self.lasting(|| Card { id: self.number(), rows: RwSignal::new(vec![self.new_row(None)]) });
        self.cards.update(|cards| cards.push(card));
    }

    /// Takes a condition away; an alternative without conditions goes with it.
    pub fn remove(self, id: u32) {
        for card in self.cards.get_untracked() {
            if card.rows.with_untracked(|rows| rows.iter().any(|row| row.id == id)) {
                card.rows.update(|rows| rows.retain(|row| row.id != id));
            }
        }
        self.cards.update(|cards| cards.retain(|card| card.rows.with_untracked(|rows| !rows.is_empty())));
    }

    /// The conditions; `None` while one is not finished.
    pub fn read(self) -> Option<Vec<Condition>> {
        let cards = self.cards.get_untracked();
        let all: Option<Vec<Vec<Condition>>> =
            cards.iter().map(|card| card.rows.get_untracked().iter().map(|row| row.read()).collect()).collect();
        Some(joined(all?))
    }
}

/// What a condition is about, in one word: custom attributes say whose they are.
fn name_of(subject: Subject, fields: &'static [Field], condition: &Condition) -> String {
    let key = &condition.attribute_key;
    let is_known = Field::find(fields, key).is_some();
    let own = match subject {
        Subject::Conversation => Owner::Conversation,
        Subject::Contact => Owner::Contact,
    };
    match condition.custom_attribute_type {
        Some(owner) => [owner.as_str(), ".", key].concat(),
        None if is_known => key.clone(),
        None => [own.as_str(), ".", key].concat(),
    }
}

impl Row {
    /// What its values are.
    pub fn kind(self) -> Kind {
        self.field.with(|key| match Field::find(self.fields, key) {
            Some(field) => field.kind,
            None => self.customs.with_value(|customs| {
                customs.iter().find(|(name, _)| name == key).map_or(Kind::Text, |(_, kind)| *kind)
            }),
        })
    }

    /// What it can be compared by.
    pub fn operators(self) -> &'static [Operator] {
        let own = self.field.with(|key| Field::find(self.fields, key).map(|field| field.operators));
        own.unwrap_or_else(|| operators_of(self.kind()))
    }

    /// The operator in force.
    pub fn operator(self) -> Operator {
        let operators = self.operators();
        let chosen = self.operator.with(|word| word.parse::<Operator>().ok());
        chosen.filter(|chosen| operators.contains(chosen)).unwrap_or_else(|| operators[0])
    }

    /// Whether its value is typed rather than chosen.
    pub fn is_typed(kind: Kind) -> bool {
        matches!(kind, Kind::Text | Kind::Number | Kind::Time | Kind::Date)
    }

    fn read(self) -> Option<Condition> {
        let (kind, operator) = untrack(|| (self.kind(), self.operator()));
        let values = if !operator.takes_values() {
            Vec::new()
        } else if Self::is_typed(kind) {
            vec![self.text.get_untracked().trim().to_owned()]
        } else {
            self.values.get_untracked()
        };
        let is_whole = !operator.takes_values() || values.iter().any(|value| !value.is_empty());
        let name = self.field.get_untracked();
        let (owner, key) = match name.split_once('.') {
            Some((owner, key)) => (owner.parse::<Owner>().ok(), key),
            None => (None, name.as_str()),
        };
        let mut condition = Condition::new(key, operator, &[]);
        condition.custom_attribute_type = owner;
        condition.values = values;
        is_whole.then_some(condition)
    }
}
