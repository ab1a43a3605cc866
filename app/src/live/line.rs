//! How the line to the server is kept: what is known, when to try again, when it counts as dead. No socket and no clock in here.

use model::Millis;
use model::live::{Change, Frame, Passing};

/// Whether what the page shows is up to date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// The page has just been opened.
    #[default]
    Connecting,
    /// Everything that happened is shown.
    UpToDate,
    /// The line is lost and is being built again.
    Behind,
    /// The computer has no network.
    Offline,
}

impl Link {
    /// Its word in the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::UpToDate => "live",
            Self::Behind => "behind",
            Self::Offline => "offline",
        }
    }
}

/// What a frame means for the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Change(Change),
    Passing(Passing),
    /// Too much was missed: everything shown must be read anew.
    Reload,
}

/// Waits between tries, in milliseconds; the last one repeats.
const WAITS: [i64; 6] = [300, 1_000, 2_000, 4_000, 8_000, 15_000];
/// The server says something at least every 25 seconds; after two silences the line is dead.
const DEAD_AFTER: i64 = 55_000;

/// The line's memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub link: Link,
    /// The newest change seen; the next connection begins after it.
    pub cursor: Option<String>,
    tries: usize,
    heard_at: Millis,
}

impl Line {
    /// A line that begins after a change the page was drawn with.
    #[must_use]
    pub fn after(cursor: Option<String>) -> Self {
        Self { cursor, ..Self::default() }
    }

    /// A frame arrived.
    pub fn hear(&mut self, frame: Frame, now: Millis) -> Option<Heard> {
        self.heard_at = now;
        match frame {
            Frame::Ready { cursor } => {
                self.cursor = Some(cursor);
                self.link = Link::UpToDate;
                self.tries = 0;
                None
            }
            Frame::Event { cursor, change } => {
                self.cursor = Some(cursor);
                Some(Heard::Change(*change))
            }
            Frame::Reload { cursor } => {
                self.cursor = Some(cursor);
                Some(Heard::Reload)
            }
            Frame::Passing { passing } => Some(Heard::Passing(passing)),
            Frame::Ping | Frame::Bye => None,
        }
    }

    /// A connection is being tried.
    pub fn dial(&mut self, now: Millis) {
        self.heard_at = now;
    }

    /// The connection ended or did not come about; how long to wait before the next try. `luck` is between 0 and 1 and keeps a
    /// thousand pages from coming back in the same moment.
    pub fn lose(&mut self, is_online: bool, luck: f64) -> Millis {
        self.link = if is_online { Link::Behind } else { Link::Offline };
        let wait = WAITS[self.tries.min(WAITS.len() - 1)];
        self.tries += 1;
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a few seconds")]
        let spread = (wait as f64 * luck.clamp(0.0, 1.0) * 0.5) as i64;
        wait + spread
    }

    /// Tries that failed one after the other.
    #[must_use]
    pub fn tries(&self) -> usize {
        self.tries
    }

    /// Whether nothing was heard for so long that the connection must be dead.
    #[must_use]
    pub fn is_dead(&self, now: Millis) -> bool {
        now - self.heard_at > DEAD_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(cursor: &str) -> Frame {
        Frame::Event { cursor: cursor.to_owned(), change: Box::new(Change::SettingsChanged) }
    }

    #[test]
    fn the_newest_change_seen_is_remembered() {
        let mut line = Line::after(Some("0.5".into()));
        assert_eq!(line.hear(event("0.6"), 1), Some(Heard::Change(Change::SettingsChanged)));
        assert_eq!((line.cursor.as_deref(), line.link), (Some("0.6"), Link::Connecting));
        line.hear(Frame::Ready { cursor: "0.7".into() }, 2);
        assert_eq!((line.cursor.as_deref(), line.link), (Some("0.7"), Link::UpToDate));
        assert_eq!(line.hear(Frame::Reload { cursor: "0.8".into() }, 3), Some(Heard::Reload));
        assert_eq!(line.cursor.as_deref(), Some("0.8"));
    }

    #[test]
    fn a_page_that_knows_nothing_begins_where_the_server_is() {
        let mut line = Line::default();
        line.hear(Frame::Ready { cursor: "0.9".into() }, 1);
        assert_eq!(line.cursor.as_deref(), Some("0.9"));
    }

    #[test]
    fn tries_become_rarer_and_start_over_after_a_success() {
        let mut line = Line::default();
        let waits: Vec<_> = (0..8).map(|_| line.lose(true, 0.0)).collect();
        assert_eq!(waits, [300, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
        assert!((15_000..=22_500).contains(&line.lose(true, 1.0)));
        line.hear(Frame::Ready { cursor: "0.1".into() }, 1);
        assert_eq!(line.lose(false, 0.0), 300);
        assert_eq!(line.link, Link::Offline);
    }

    #[test]
    fn silence_means_a_dead_line() {
        let mut line = Line::default();
        line.dial(0);
        line.hear(Frame::Ping, 25_000);
        assert!(!line.is_dead(75_000));
        assert!(line.is_dead(81_000));
    }
}
