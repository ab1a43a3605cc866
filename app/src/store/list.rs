//! The list of conversations under a filter: its order, its rows and the counts of its tabs.

use std::cmp::Ordering;
use std::collections::HashMap;

use model::contact::Contact;
use model::conversation::{Conversation, ConversationFilter, ConversationRow, Page, SortBy, Tab, TabCounts};
use model::{ConversationId, DisplayId, Priority, UserId};

/// Where a row stands in the order. The id decides between equals, as it does in the database.
type Key = (i64, i64);

/// What is known of the rest of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum More {
    /// Everything is here.
    End,
    /// The next page begins at the cursor; rows behind the edge belong to it.
    After { cursor: String, edge: (i64, i64) },
}

/// What of a conversation decides in which tab it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// Passes everything of the filter but the tab.
    passes: bool,
    assignee: Option<UserId>,
}

/// A loaded beginning of the list, kept in order as changes arrive.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    filter: ConversationFilter,
    me: UserId,
    order: Vec<ConversationId>,
    rows: HashMap<ConversationId, ConversationRow>,
    more: More,
    counts: TabCounts,
    /// Conversations of which it is known in which tabs they are counted.
    places: HashMap<ConversationId, Place>,
    counts_stale: bool,
}

impl List {
    /// The first page under a filter, for the agent who looks.
    #[must_use]
    pub fn new(me: UserId, filter: ConversationFilter, page: Page<ConversationRow>, counts: TabCounts) -> Self {
        let mut list = Self {
            filter,
            me,
            order: Vec::with_capacity(page.items.len()),
            rows: HashMap::new(),
            more: More::End,
            counts,
            places: HashMap::new(),
            counts_stale: false,
        };
        list.extend(page);
        list
    }

    /// What the list shows.
    #[must_use]
    pub fn filter(&self) -> &ConversationFilter {
        &self.filter
    }

    /// Loaded rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether nothing is loaded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Ids of the loaded rows, in order.
    #[must_use]
    pub fn order(&self) -> &[ConversationId] {
        &self.order
    }

    /// A loaded row.
    #[must_use]
    pub fn row(&self, id: ConversationId) -> Option<&ConversationRow> {
        self.rows.get(&id)
    }

    /// The row at a place of the list.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&ConversationRow> {
        self.order.get(index).and_then(|id| self.rows.get(id))
    }

    /// The loaded row with a number.
    #[must_use]
    pub fn find(&self, id: DisplayId) -> Option<&ConversationRow> {
        self.rows.values().find(|row| row.display_id == id)
    }

    /// Where a conversation stands, if it is loaded.
    #[must_use]
    pub fn position(&self, id: ConversationId) -> Option<usize> {
        self.order.iter().position(|other| *other == id)
    }

    /// Whether there is a next page, and where it begins.
    #[must_use]
    pub fn more(&self) -> &More {
        &self.more
    }

    /// How many conversations each tab holds.
    #[must_use]
    pub fn counts(&self) -> TabCounts {
        self.counts
    }

    /// How many the tab shown holds.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.counts.of(self.filter.tab)
    }

    /// How many of the loaded conversations hold messages that nobody has seen.
    #[must_use]
    pub fn unread(&self) -> i64 {
        let unread = self.rows.values().filter(|row| row.unread_count > 0).count();
        i64::try_from(unread).unwrap_or(i64::MAX)
    }

    /// Whether something changed that the counts could not follow: they must be asked for anew.
    #[must_use]
    pub fn counts_stale(&self) -> bool {
        self.counts_stale
    }

    /// Takes counts as the server has them now.
    pub fn set_counts(&mut self, counts: TabCounts) {
        self.counts = counts;
        self.counts_stale = false;
    }

    /// Whether only the server knows what the list shows: somebody wrote conditions, or it is about who has to do with what.
    #[must_use]
    pub fn is_written(&self) -> bool {
        !self.filter.conditions.is_empty() || self.filter.view.is_some() || self.filter.involved.is_some()
    }

    /// Takes the first page and the counts as the server has them now; what is loaded behind it stays.
    pub fn refresh(&mut self, page: Page<ConversationRow>, counts: TabCounts) {
        let sort = self.filter.sort;
        let edge = page.items.last().filter(|_| page.next.is_some()).map(|row| key(row, sort));
        let is_page = |row: &ConversationRow| edge.is_none_or(|edge| compare(key(row, sort), edge, sort).is_le());
        let gone: Vec<ConversationId> = self
            .rows
            .values()
            .filter(|row| is_page(row) && !page.items.iter().any(|other| other.id == row.id))
            .map(|row| row.id)
            .collect();
        for id in gone {
            self.places.insert(id, Place { passes: false, assignee: None });
            self.take_out(id);
        }
        let is_all = self.rows.values().all(is_page);
        for row in page.items {
            self.places.insert(row.id, Place { passes: true, assignee: row.assignee.as_ref().map(|agent| agent.id) });
            if !self.rows.contains_key(&row.id) {
                self.order.push(row.id);
            }
            self.rows.insert(row.id, row);
        }
        if is_all {
            self.more = match (page.next, edge) {
                (Some(cursor), Some(edge)) => More::After { cursor, edge },
                _ => More::End,
            };
        }
        self.sort();
        self.set_counts(counts);
    }

    /// The loaded rows in their order, with their numbers.
    #[must_use]
    pub fn numbers(&self) -> Vec<(ConversationId, DisplayId)> {
        self.order.iter().filter_map(|id| self.rows.get(id).map(|row| (*id, row.display_id))).collect()
    }

    /// Adds the page that the cursor led to.
    pub fn extend(&mut self, page: Page<ConversationRow>) {
        let edge = page.items.last().map(|row| key(row, self.filter.sort));
        for row in page.items {
            self.places.insert(row.id, Place { passes: true, assignee: row.assignee.as_ref().map(|agent| agent.id) });
            // A row that moved up while the page was on its way is here already, and newer.
            if self.rows.contains_key(&row.id) {
                continue;
            }
            self.order.push(row.id);
            self.rows.insert(row.id, row);
        }
        self.more = match (page.next, edge) {
            (Some(cursor), Some(edge)) => More::After { cursor, edge },
            _ => More::End,
        };
        self.sort();
    }

    /// Takes a conversation as it is now: moves, adds or removes its row and follows the counts.
    pub fn put(&mut self, conversation: &Conversation) {
        let before = self.places.get(&conversation.row.id).copied();
        self.counts_stale |= before.is_none() || self.is_written();
        self.place(conversation, before);
    }

    /// Like `put`, for a conversation that did not exist before.
    pub fn put_new(&mut self, conversation: &Conversation) {
        let nowhere = Place { passes: false, assignee: None };
        let before = self.places.get(&conversation.row.id).copied().unwrap_or(nowhere);
        self.counts_stale |= self.is_written();
        self.place(conversation, Some(before));
    }

    /// Removes a conversation that is gone, or out of sight.
    pub fn remove(&mut self, id: ConversationId) {
        match self.places.insert(id, Place { passes: false, assignee: None }) {
            Some(before) => self.count(before, -1),
            None => self.counts_stale = true,
        }
        self.take_out(id);
    }

    /// Takes the name and picture of a contact as they are now.
    pub fn set_contact(&mut self, contact: &Contact) {
        for row in self.rows.values_mut().filter(|row| row.contact.id == contact.id) {
            row.contact.name.clone_from(&contact.name);
            row.contact.avatar_url.clone_from(&contact.avatar_url);
        }
    }

    fn place(&mut self, conversation: &Conversation, before: Option<Place>) {
        let row = &conversation.row;
        let now = Place { passes: self.passes(conversation), assignee: row.assignee.as_ref().map(|agent| agent.id) };
        self.places.insert(row.id, now);
        if let Some(before) = before {
            self.count(before, -1);
            self.count(now, 1);
        }
        let is_shown = now.passes && self.in_tab(now);
        let is_near = match &self.more {
            More::End => true,
            More::After { edge, .. } => compare(key(row, self.filter.sort), *edge, self.filter.sort).is_le(),
        };
        if !(is_shown && is_near) {
            self.take_out(row.id);
            return;
        }
        self.take_out(row.id);
        let (sort, own) = (self.filter.sort, key(row, self.filter.sort));
        let is_before = |id: &ConversationId| {
            self.rows.get(id).is_some_and(|other| compare(key(other, sort), own, sort) == Ordering::Less)
        };
        let index = self.order.partition_point(is_before);
        self.order.insert(index, row.id);
        self.rows.insert(row.id, row.clone());
    }

    fn take_out(&mut self, id: ConversationId) {
        if self.rows.remove(&id).is_some() {
            self.order.retain(|other| *other != id);
        }
    }

    fn count(&mut self, place: Place, by: i64) {
        if !place.passes {
            return;
        }
        self.counts.all += by;
        match place.assignee {
            None => self.counts.unassigned += by,
            Some(assignee) => {
                self.counts.assigned += by;
                self.counts.mine += if assignee == self.me { by } else { 0 };
            }
        }
    }

    fn in_tab(&self, place: Place) -> bool {
        match self.filter.tab {
            Tab::All => true,
            Tab::Mine => place.assignee == Some(self.me),
            Tab::Unassigned => place.assignee.is_none(),
            Tab::Assigned => place.assignee.is_some(),
        }
    }

    /// Whether a conversation passes everything of the filter but the tab.
    fn passes(&self, conversation: &Conversation) -> bool {
        let (filter, row) = (&self.filter, &conversation.row);
        let is_unattended = conversation.first_reply_created_at.is_none() || row.waiting_since.is_some();
        // Only the server can search texts and knows what conditions mean: a row that it found stays found until it is asked again.
        let is_asked = filter.query.is_some() || self.is_written();
        let is_found = !is_asked || self.places.get(&row.id).is_some_and(|place| place.passes);
        filter.status.is_none_or(|status| status == row.status)
            && filter.inbox_id.is_none_or(|id| id == row.inbox_id)
            && filter.team_id.is_none_or(|id| row.team.as_ref().is_some_and(|team| team.id == id))
            && filter.contact_id.is_none_or(|id| id == row.contact.id)
            && (filter.labels.is_empty() || filter.labels.iter().any(|label| row.labels.contains(label)))
            && (!filter.unattended || is_unattended)
            && is_found
    }

    fn sort(&mut self) {
        let (rows, sort) = (&self.rows, self.filter.sort);
        let key_of = |id: &ConversationId| rows.get(id).map_or((0, id.0), |row| key(row, sort));
        self.order.sort_by(|a, b| compare(key_of(a), key_of(b), sort));
    }
}

/// The values that the database sorts by.
fn key(row: &ConversationRow, sort: SortBy) -> Key {
    let value = match sort {
        SortBy::LastActivityDesc | SortBy::LastActivityAsc => row.last_activity_at,
        SortBy::CreatedDesc | SortBy::CreatedAsc => row.created_at,
        SortBy::PriorityDesc | SortBy::PriorityAsc => rank(row.priority),
        SortBy::WaitingSinceAsc => row.waiting_since.unwrap_or(i64::MAX),
        SortBy::WaitingSinceDesc => row.waiting_since.unwrap_or(0),
    };
    (value, row.id.0)
}

fn rank(priority: Option<Priority>) -> i64 {
    match priority {
        None => 0,
        Some(Priority::Low) => 1,
        Some(Priority::Medium) => 2,
        Some(Priority::High) => 3,
        Some(Priority::Urgent) => 4,
    }
}

fn compare(a: Key, b: Key, sort: SortBy) -> Ordering {
    let descending = matches!(
        sort,
        SortBy::LastActivityDesc | SortBy::CreatedDesc | SortBy::PriorityDesc | SortBy::WaitingSinceDesc
    );
    if descending { b.cmp(&a) } else { a.cmp(&b) }
}

#[cfg(test)]
mod tests {
    use model::ConversationStatus;

    use model::conversation::Counted;

    use super::*;
    use crate::store::samples::{assigned, conversation, with};

    const ME: UserId = UserId(1);
    const OTHER: UserId = UserId(2);

    fn list(tab: Tab, ids: &[i64], next: Option<&str>, counts: TabCounts) -> List {
        let filter = ConversationFilter { tab, ..ConversationFilter::default() };
        let items = ids.iter().map(|id| conversation(*id).row).collect();
        List::new(ME, filter, Page { items, next: next.map(str::to_owned) }, counts)
    }

    fn order(list: &List) -> Vec<i64> {
        list.order().iter().map(|id| id.0).collect()
    }

    fn counts(mine: i64, unassigned: i64, assigned: i64) -> TabCounts {
        TabCounts { mine, unassigned, assigned, all: unassigned + assigned, counted: Counted::Whole }
    }

    #[test]
    fn new_activity_moves_a_row_to_the_top() {
        let mut list = list(Tab::All, &[30, 20, 10], None, counts(0, 3, 0));
        let active = with(conversation(10), |c| c.row.last_activity_at = 99);
        list.put(&active);
        list.put(&active);
        assert_eq!(order(&list), [10, 30, 20]);
        assert_eq!(list.counts(), counts(0, 3, 0));
        assert!(!list.counts_stale());
    }

    #[test]
    fn a_resolved_conversation_leaves_and_comes_back() {
        let mut list = list(Tab::All, &[30, 20], None, counts(0, 2, 0));
        list.put(&with(conversation(30), |c| c.row.status = ConversationStatus::Resolved));
        assert_eq!((order(&list), list.counts()), (vec![20], counts(0, 1, 0)));
        list.put(&conversation(30));
        assert_eq!((order(&list), list.counts()), (vec![30, 20], counts(0, 2, 0)));
    }

    #[test]
    fn assigning_moves_between_tabs() {
        let mut list = list(Tab::Unassigned, &[30, 20], None, counts(0, 2, 5));
        list.put(&assigned(conversation(30), ME));
        assert_eq!((order(&list), list.counts()), (vec![20], counts(1, 1, 6)));
        list.put(&assigned(conversation(30), OTHER));
        assert_eq!((order(&list), list.counts()), (vec![20], counts(0, 1, 6)));
    }

    #[test]
    fn rows_behind_the_loaded_part_wait_for_their_page() {
        let mut list = list(Tab::All, &[30, 20], Some("20.20"), counts(0, 50, 0));
        list.put(&conversation(5));
        assert_eq!(order(&list), [30, 20]);
        list.put(&conversation(25));
        assert_eq!(order(&list), [30, 25, 20]);
        assert!(list.counts_stale(), "it is not known whether these were counted");
        list.extend(Page { items: vec![conversation(25).row, conversation(15).row], next: None });
        assert_eq!(order(&list), [30, 25, 20, 15]);
        assert_eq!(list.more(), &More::End);
    }

    #[test]
    fn a_loaded_row_that_falls_behind_the_edge_leaves() {
        let mut list = list(Tab::All, &[30, 20], Some("20.20"), counts(0, 50, 0));
        list.put(&with(conversation(30), |c| c.row.last_activity_at = 7));
        assert_eq!(order(&list), [20]);
    }

    #[test]
    fn a_new_conversation_is_counted_once() {
        let mut list = list(Tab::All, &[30], None, counts(0, 1, 0));
        list.put_new(&conversation(40));
        list.put_new(&conversation(40));
        list.put(&conversation(40));
        assert_eq!((order(&list), list.counts()), (vec![40, 30], counts(0, 2, 0)));
        assert!(!list.counts_stale());
    }

    #[test]
    fn what_is_gone_leaves_and_is_not_counted() {
        let mut list = list(Tab::All, &[30, 20], None, counts(0, 2, 0));
        list.remove(ConversationId(30));
        list.remove(ConversationId(30));
        assert_eq!((order(&list), list.counts()), (vec![20], counts(0, 1, 0)));
        list.remove(ConversationId(77));
        assert!(list.counts_stale());
    }

    #[test]
    fn a_search_does_not_take_in_what_it_did_not_find() {
        let filter = ConversationFilter { query: Some("pix".to_owned()), ..ConversationFilter::default() };
        let page = Page { items: vec![conversation(30).row], next: None };
        let mut list = List::new(ME, filter, page, counts(0, 1, 0));
        list.put(&conversation(40));
        list.put(&with(conversation(30), |c| c.row.unread_count = 3));
        assert_eq!(order(&list), [30]);
        assert_eq!(list.row(ConversationId(30)).map(|row| row.unread_count), Some(3));
    }

    #[test]
    fn a_written_filter_is_read_anew() {
        let conditions = vec![model::filter::Condition::new("status", model::filter::Operator::EqualTo, &["open"])];
        let filter = ConversationFilter { conditions, status: None, ..ConversationFilter::default() };
        let page = Page { items: vec![conversation(30).row, conversation(20).row], next: Some("20.20".into()) };
        let mut list = List::new(ME, filter, page, counts(0, 9, 0));
        list.extend(Page { items: vec![conversation(10).row], next: None });
        list.put(&conversation(25));
        assert_eq!((order(&list), list.counts_stale()), (vec![30, 20, 10], true), "what it did not find waits");
        let page = Page { items: vec![conversation(40).row, conversation(25).row], next: Some("25.25".into()) };
        list.refresh(page, counts(0, 10, 0));
        assert_eq!((order(&list), list.counts_stale()), (vec![40, 25, 20, 10], false));
        assert_eq!((list.more(), list.counts()), (&More::End, counts(0, 10, 0)));
        list.refresh(Page { items: vec![conversation(25).row], next: None }, counts(0, 1, 0));
        assert_eq!(order(&list), [25]);
    }

    #[test]
    fn every_order_agrees_with_its_first_page() {
        for sort in SortBy::ALL {
            let filter = ConversationFilter { sort: *sort, ..ConversationFilter::default() };
            let priorities = [Some(Priority::Urgent), None, Some(Priority::Low), Some(Priority::High), None];
            let conversations = [10, 20, 30, 40, 50].map(|id| {
                with(conversation(id), |c| {
                    c.row.priority = priorities[usize::try_from(id / 10 - 1).unwrap()];
                    c.row.waiting_since = (id != 30).then_some(100 - id);
                })
            });
            let mut list = List::new(ME, filter, Page { items: Vec::new(), next: None }, TabCounts::default());
            conversations.iter().for_each(|c| list.put_new(c));
            let placed = list.order().to_vec();
            list.sort();
            assert_eq!(placed, list.order(), "{sort}");
        }
    }
}
