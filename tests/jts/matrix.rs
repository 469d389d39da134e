//! What points and an area have in common, as the nine intersections (DE-9IM), from the side of each point.

use wangge::model::Side;

/// Dimension of the intersection of interior, boundary and exterior of the points (rows) with those of the area; `None` where
/// they share nothing.
pub(crate) struct Matrix([[Option<u8>; 3]; 3]);

impl Matrix {
    pub(crate) fn of(sides: &[Side], area_is_empty: bool) -> Self {
        let shares = |side| sides.contains(&side).then_some(0);
        let of_area = |dimension| (!area_is_empty).then_some(dimension);
        Self([
            [
                shares(Side::Inside),
                shares(Side::Border),
                shares(Side::Outside),
            ],
            [None; 3],
            [of_area(2), of_area(1), Some(2)],
        ])
    }

    /// The same with the area first.
    pub(crate) fn turned(&self) -> Self {
        Self([0, 1, 2].map(|row| [0, 1, 2].map(|column| self.0[column][row])))
    }

    pub(crate) fn matches(&self, pattern: &str) -> bool {
        let cells = self.0.iter().flatten();
        pattern.len() == 9
            && cells.zip(pattern.chars()).all(|(cell, sign)| match sign {
                '*' => true,
                'T' => cell.is_some(),
                'F' => cell.is_none(),
                digit => digit.to_digit(10) == cell.map(u32::from),
            })
    }

    /// The named predicate of points and an area; `None` for another name. `is_empty` says that both are.
    pub(crate) fn predicate(&self, name: &str, points_first: bool, is_empty: bool) -> Option<bool> {
        let any = |patterns: &[&str]| patterns.iter().any(|pattern| self.matches(pattern));
        Some(match name {
            "intersects" => !self.matches("FF*FF****"),
            "disjoint" => self.matches("FF*FF****"),
            "contains" => self.matches("T*****FF*"),
            "within" => self.matches("T*F**F***"),
            "covers" => any(&["T*****FF*", "*T****FF*", "***T**FF*", "****T*FF*"]),
            "coveredby" => any(&["T*F**F***", "*TF**F***", "**FT*F***", "**F*TF***"]),
            "touches" => any(&["FT*******", "F**T*****", "F***T****"]),
            "crosses" if points_first => self.matches("T*T******"),
            "crosses" => self.matches("T*****T**"),
            // Of two things of one dimension only.
            "overlaps" => false,
            "equalstopo" => is_empty,
            _ => return None,
        })
    }
}
