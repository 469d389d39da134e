//! Geometry in well-known binary, right and wrong.

use proptest::prelude::*;

/// Well-known binary as it may be written: any order of bytes, any dimension, with or without the mark and number of a
/// reference system, counts that may lie.
#[derive(Clone, Debug)]
pub(super) struct Binary {
    kind: u32,
    is_little: bool,
    dimension: u32,
    has_reference: bool,
    /// Said more or less than there is.
    lie: i32,
    numbers: Vec<f64>,
    members: Vec<Binary>,
}

pub(super) fn binary() -> impl Strategy<Value = Binary> {
    let number = prop_oneof![
        4 => -90.0..90.0_f64,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, 1e300, -0.0, 180.0, 90.000_000_1]),
    ];
    let numbers = prop::collection::vec(number, 0..20);
    let said = (
        any::<bool>(),
        0..4_u32,
        prop::bool::weighted(0.1),
        prop_oneof![9 => Just(0), 1 => -1..2],
    );
    let leaf = (1..=3_u32, said.clone(), numbers)
        .prop_map(|(kind, said, numbers)| Binary::of(kind, said, numbers, vec![]));
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let members = prop::collection::vec(inner, 0..3);
        (4..=7_u32, said.clone(), members)
            .prop_map(|(kind, said, members)| Binary::of(kind, said, vec![], members))
    })
}

impl Binary {
    fn of(
        kind: u32,
        (is_little, dimension, has_reference, lie): (bool, u32, bool, i32),
        numbers: Vec<f64>,
        members: Vec<Self>,
    ) -> Self {
        Self {
            kind,
            is_little,
            dimension,
            has_reference,
            lie,
            numbers,
            members,
        }
    }

    fn number(&self, number: u32) -> [u8; 4] {
        if self.is_little {
            number.to_le_bytes()
        } else {
            number.to_be_bytes()
        }
    }

    fn count(&self, count: usize) -> [u8; 4] {
        self.number(u32::try_from(count).unwrap().wrapping_add_signed(self.lie))
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mark = if self.has_reference { 0x2000_0000 } else { 0 };
        let mut bytes = vec![u8::from(self.is_little)];
        bytes.extend(self.number((self.kind + 1000 * self.dimension) | mark));
        if self.has_reference {
            bytes.extend(self.number(4326));
        }
        let width = [2, 3, 3, 4][self.dimension as usize];
        let spots: Vec<&[f64]> = self.numbers.chunks_exact(width).collect();
        let spot = |spot: &[f64]| -> Vec<u8> {
            let number = |number: &f64| {
                if self.is_little {
                    number.to_le_bytes()
                } else {
                    number.to_be_bytes()
                }
            };
            spot.iter().flat_map(number).collect()
        };
        match self.kind {
            1 => bytes.extend(spots.first().map_or_else(Vec::new, |first| spot(first))),
            2 => {
                bytes.extend(self.count(spots.len()));
                bytes.extend(spots.iter().flat_map(|one| spot(one)));
            }
            3 => {
                bytes.extend(self.count(1));
                bytes.extend(self.count(spots.len()));
                bytes.extend(spots.iter().flat_map(|one| spot(one)));
            }
            _ => {
                bytes.extend(self.count(self.members.len()));
                bytes.extend(self.members.iter().flat_map(Self::bytes));
            }
        }
        bytes
    }
}
