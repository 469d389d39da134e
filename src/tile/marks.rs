//! A few kilobytes that spare most edges a look into a table.

/// Says of most edges at once that they are not cut.
pub(super) struct Marks([u64; 1 << 10]);

impl Marks {
    pub(super) fn of(edges: impl Iterator<Item = u64>) -> Self {
        let mut marks = [0; 1 << 10];
        for edge in edges {
            let (word, bit) = Self::place(edge);
            marks[word] |= bit;
        }
        Self(marks)
    }

    /// Sixteen bits of a product that mixes all of the edge's.
    fn place(edge: u64) -> (usize, u64) {
        let mixed = edge.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48;
        (
            usize::from(u16::try_from(mixed >> 6).unwrap_or_default()),
            1 << (mixed & 63),
        )
    }

    pub(super) fn may_hold(&self, edge: u64) -> bool {
        let (word, bit) = Self::place(edge);
        self.0[word] & bit != 0
    }
}
