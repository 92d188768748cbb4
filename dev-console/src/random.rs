//! Random values from the operating system, and reproducible ones from a seed.

use std::fmt::Write as _;

/// `BYTES` random bytes from the operating system, in hexadecimal.
pub(crate) fn hex<const BYTES: usize>() -> Result<String, getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// A SplitMix64 generator: the same seed always gives the same sequence.
///
/// Implemented here because the `rand` crate's generators may change between versions, and tests
/// count the rows of the demo data.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64(u64);

impl SplitMix64 {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// An integer in `0..bound`; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        // Scales the high 32 bits to the range. The bias is negligible for demo data.
        let high_half = self.next() >> 32;
        u32::try_from((high_half * u64::from(bound)) >> 32).unwrap_or(0)
    }

    /// True with a probability of `percent` / 100.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// A random choice; `None` when there are no choices.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let position = self.below(u32::try_from(choices.len()).unwrap_or(u32::MAX));
        choices.get(usize::try_from(position).ok()?).copied()
    }

    /// Random text of `length` characters from an ASCII alphabet.
    pub(crate) fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .filter_map(|_| self.pick(alphabet))
            .map(char::from)
            .collect()
    }

    /// Shuffles the items (Fisher–Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let bound = u32::try_from(last + 1).unwrap_or(u32::MAX);
            items.swap(last, usize::try_from(self.below(bound)).unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_values_have_their_full_length_and_differ() {
        let (first, second) = (hex::<32>().unwrap(), hex::<32>().unwrap());
        assert_eq!(first.len(), 64);
        assert_ne!(first, second);
    }

    #[test]
    fn sequences_match_the_published_values() {
        // The published first values of SplitMix64 for the seed 1234567.
        let mut sequence = SplitMix64::new(1_234_567);
        assert_eq!(sequence.next(), 6_457_827_717_110_365_317);
        assert_eq!(sequence.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn below_covers_all_values_under_the_bound() {
        let mut sequence = SplitMix64::new(1);
        let numbers: Vec<_> = (0..200).map(|_| sequence.below(4)).collect();
        assert_eq!(numbers.iter().max(), Some(&3));
        assert_eq!(numbers.iter().min(), Some(&0));
        assert_eq!(sequence.below(0), 0);
    }

    #[test]
    fn shuffling_keeps_every_item() {
        let mut items: Vec<u32> = (0..50).collect();
        SplitMix64::new(1).shuffle(&mut items);
        assert_ne!(items, (0..50).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
