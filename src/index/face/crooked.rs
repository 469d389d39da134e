//! What is known of crooked grids while tiles are built.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::model::{Backward, Geometry};

/// Where one grid winds backward, once that was looked for; `None` where it is too crooked to tell.
type Places = OnceLock<Option<Arc<[Backward]>>>;

/// Where crooked grids wind backward, by their numbers: many tiles ask for the same ones.
#[derive(Debug, Default)]
pub(super) struct Crooked(Mutex<HashMap<usize, Arc<Places>>>);

impl Crooked {
    /// What is known, or what is found now. Others who ask for the same grid wait, those who ask for another do not.
    pub(super) fn backward(&self, grid: usize, geometry: &Geometry) -> Option<Arc<[Backward]>> {
        let places = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(grid).or_default())
        };
        let look = || Backward::places(geometry).map(Arc::from);
        places.get_or_init(look).clone()
    }
}
