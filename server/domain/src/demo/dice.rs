//! Chance that falls the same way for the same seed, on every machine and with every version of every library.

/// A row of numbers that look random (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The row that begins with a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A row of its own for a part of the work, so that one part does not shift the others.
    pub fn branch(&self, name: u64) -> Self {
        let mut dice = Self(self.0 ^ name.wrapping_mul(0xd6e8_feb8_6659_fd93));
        dice.roll();
        dice
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.roll() % span)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, chance: i64) -> bool {
        self.between(0, 99) < chance
    }

    /// One of the items; `items` must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.roll() % items.len().max(1) as u64).unwrap_or_default()]
    }

    /// The place of one of the weights, the heavier the likelier.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut at = self.roll() % weights.iter().sum::<u64>().max(1);
        for (place, weight) in weights.iter().enumerate() {
            if at < *weight {
                return place;
            }
            at -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same_way() {
        let rolls = |seed| {
            let mut dice = Dice::new(seed);
            [dice.roll(), dice.roll(), dice.branch(7).roll()]
        };
        assert_eq!(rolls(1), rolls(1));
        assert_ne!(rolls(1), rolls(2));
        assert_eq!(Dice::new(0).roll(), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn bounds_are_kept() {
        let mut dice = Dice::new(3);
        for _ in 0..1000 {
            assert!((-2..=2).contains(&dice.between(-2, 2)));
            assert!(dice.weighted(&[0, 1, 0]) == 1);
        }
    }
}
