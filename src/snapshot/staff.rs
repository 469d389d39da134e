//! Who is responsible for which grid.

use std::collections::HashMap;

use crate::model::{LayerName, Staff};

/// The staff of all grids, found by level and code.
#[derive(Debug, Default)]
pub struct StaffRoster(HashMap<LayerName, HashMap<Box<str>, Vec<Staff>>>);

impl StaffRoster {
    #[must_use]
    pub fn build(staff: impl IntoIterator<Item = Staff>) -> Self {
        let mut roster = Self::default();
        for duty in staff {
            let grids = roster.0.entry(duty.layer.clone()).or_default();
            grids.entry(duty.code.clone()).or_default().push(duty);
        }
        roster
    }

    /// All duties for one grid, past and future ones too.
    #[must_use]
    pub fn of(&self, layer: &LayerName, code: &str) -> &[Staff] {
        self.0
            .get(layer)
            .and_then(|grids| grids.get(code))
            .map_or(&[], Vec::as_slice)
    }
}
