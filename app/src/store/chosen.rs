//! Rows of the list that are ticked, for doing something with all of them.

use std::collections::BTreeMap;

use model::{ConversationId, DisplayId};

/// What is ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    rows: BTreeMap<ConversationId, DisplayId>,
    /// The row ticked last: a range begins there.
    from: Option<ConversationId>,
    /// Also what matches and is not loaded.
    is_everything: bool,
}

impl Chosen {
    /// Whether nothing is ticked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Ticked rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether a row is ticked.
    #[must_use]
    pub fn has(&self, id: ConversationId) -> bool {
        self.rows.contains_key(&id)
    }

    /// Whether everything that matches is meant, loaded or not.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.is_everything
    }

    /// The numbers of the ticked rows.
    #[must_use]
    pub fn numbers(&self) -> Vec<DisplayId> {
        self.rows.values().copied().collect()
    }

    /// Ticks a row, or takes its tick away.
    pub fn toggle(&mut self, id: ConversationId, number: DisplayId) {
        self.is_everything = false;
        if self.rows.remove(&id).is_none() {
            self.rows.insert(id, number);
        }
        self.from = Some(id);
    }

    /// Ticks everything from the row ticked last up to this one. `order` is the list as it is shown.
    pub fn extend_to(&mut self, id: ConversationId, order: &[(ConversationId, DisplayId)]) {
        let place = |id: ConversationId| order.iter().position(|(other, _)| *other == id);
        let Some((one, other)) = self.from.and_then(place).zip(place(id)) else {
            if let Some((id, number)) = order.iter().find(|(other, _)| *other == id) {
                self.toggle(*id, *number);
            }
            return;
        };
        self.is_everything = false;
        self.rows.extend(order[one.min(other)..=one.max(other)].iter().copied());
        self.from = Some(id);
    }

    /// Ticks all these rows.
    pub fn all(&mut self, order: &[(ConversationId, DisplayId)]) {
        self.rows.extend(order.iter().copied());
    }

    /// Means everything that matches.
    pub fn everything(&mut self) {
        self.is_everything = true;
    }

    /// Takes all ticks away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: [(ConversationId, DisplayId); 5] = [
        (ConversationId(50), DisplayId(5)),
        (ConversationId(40), DisplayId(4)),
        (ConversationId(30), DisplayId(3)),
        (ConversationId(20), DisplayId(2)),
        (ConversationId(10), DisplayId(1)),
    ];

    fn numbers(chosen: &Chosen) -> Vec<i64> {
        chosen.numbers().into_iter().map(|number| number.0).collect()
    }

    #[test]
    fn a_range_goes_from_the_last_tick_either_way() {
        let mut chosen = Chosen::default();
        chosen.toggle(ConversationId(30), DisplayId(3));
        chosen.extend_to(ConversationId(10), &ORDER);
        assert_eq!(numbers(&chosen), [1, 2, 3]);
        chosen.extend_to(ConversationId(40), &ORDER);
        assert_eq!(numbers(&chosen), [1, 2, 3, 4]);
        chosen.toggle(ConversationId(20), DisplayId(2));
        assert_eq!(numbers(&chosen), [1, 3, 4]);
        chosen.clear();
        chosen.extend_to(ConversationId(50), &ORDER);
        assert_eq!(numbers(&chosen), [5], "without a beginning it is a tick like any other");
    }

    #[test]
    fn everything_ends_with_the_next_tick() {
        let mut chosen = Chosen::default();
        chosen.all(&ORDER);
        chosen.everything();
        assert!(chosen.is_everything());
        chosen.toggle(ConversationId(50), DisplayId(5));
        assert_eq!((chosen.is_everything(), chosen.len()), (false, 4));
    }
}
