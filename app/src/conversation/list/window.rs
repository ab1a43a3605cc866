//! Which rows of a long list are drawn, and how the list keeps still while rows move.

use std::ops::Range;

/// Rows drawn beyond both edges, so that scrolling and arrow keys find them there.
const BEYOND: usize = 8;

/// The rows to draw: `top` is how far the list is scrolled, `height` how much of it can be seen, `row` the height of a row.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a screen")]
pub fn rows(len: usize, top: f64, height: f64, row: f64) -> Range<usize> {
    let row = row.max(1.0);
    let first = (top.max(0.0) / row) as usize;
    let count = (height.max(0.0) / row) as usize + 2;
    let start = first.saturating_sub(BEYOND).min(len);
    start..(first + count + BEYOND).min(len)
}

/// By how many rows the visible ones moved: what most of them did, so that the one that jumped to the top does not drag the list
/// along. `before` are the visible rows with their places, `place` says where each is now.
#[must_use]
pub fn shift<K: Copy>(before: &[(K, usize)], place: impl Fn(K) -> Option<usize>) -> isize {
    let mut votes: Vec<(isize, usize)> = Vec::new();
    for (key, old) in before {
        let Some(moved) = place(*key).and_then(|new| new.checked_signed_diff(*old)) else { continue };
        match votes.iter_mut().find(|(other, _)| *other == moved) {
            Some((_, count)) => *count += 1,
            None => votes.push((moved, 1)),
        }
    }
    // Of equals the smaller movement: in doubt nothing moves.
    let best = votes.into_iter().max_by_key(|(moved, count)| (*count, std::cmp::Reverse(moved.unsigned_abs())));
    best.map_or(0, |(moved, _)| moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_near_the_screen_are_drawn() {
        assert_eq!(rows(100_000, 0.0, 720.0, 72.0), 0..20);
        assert_eq!(rows(100_000, 72_000.0, 720.0, 72.0), 992..1_020);
        assert_eq!(rows(100_000, 7_199_280.0, 720.0, 72.0), 99_982..100_000);
        assert_eq!(rows(3, 0.0, 720.0, 72.0), 0..3);
        assert_eq!(rows(0, 500.0, 720.0, 72.0), 0..0);
    }

    fn visible(ids: &[u32], first: usize) -> Vec<(u32, usize)> {
        ids.iter().copied().zip(first..).collect()
    }

    fn place(order: &[u32]) -> impl Fn(u32) -> Option<usize> + '_ {
        |id| order.iter().position(|other| *other == id)
    }

    #[test]
    fn a_row_that_jumps_to_the_top_pushes_the_others_down_by_one() {
        let before = visible(&[3, 4, 5], 3);
        assert_eq!(shift(&before, place(&[9, 0, 1, 2, 3, 4, 5])), 1);
        assert_eq!(shift(&before, place(&[4, 0, 1, 2, 3, 5])), 0, "of two halves the one that stays");
        assert_eq!(shift(&visible(&[3, 4, 5, 6], 3), place(&[6, 0, 1, 2, 3, 4, 5])), 1);
    }

    #[test]
    fn a_row_that_leaves_above_pulls_the_others_up() {
        assert_eq!(shift(&visible(&[3, 4, 5], 3), place(&[0, 2, 3, 4, 5])), -1);
        assert_eq!(shift(&visible(&[3, 4, 5], 3), place(&[0, 1, 2, 4, 5])), -1, "the visible row itself left");
        assert_eq!(shift(&visible(&[3], 3), place(&[])), 0);
    }
}
