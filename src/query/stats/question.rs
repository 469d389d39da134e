//! What is asked, as written and as checked.

use crate::model::{Access, Field, FieldKind, GeometryKind, Layer, LayerName, Level, Scheme};
use crate::query::filter::Filter;
use crate::snapshot::{LayerSnapshot, Snapshot};

use super::{Measure, StatsError};

/// A question for numbers by grid as it is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct StatsQuestion<'q> {
    /// `SCHEME.LEVEL`.
    pub level: &'q str,
    pub measure: Option<&'q str>,
    /// Whose features are counted.
    pub layer: Option<&'q str>,
    /// Whose numbers are summed up.
    pub field: Option<&'q str>,
    /// CQL2 text: what is counted; of a share, what is counted among all.
    pub filter: Option<&'q str>,
}

/// The same as checked against a snapshot and for a reader.
#[derive(Clone, Debug)]
pub struct StatsOptions<'a> {
    pub measure: Measure,
    pub(super) scheme: &'a Scheme,
    /// The place of the level among the scheme's.
    pub(super) depth: usize,
    /// `None` for the measure that is of no layer.
    pub(super) layer: Option<&'a LayerSnapshot>,
    /// The place of the field among the layer's.
    pub(super) field: Option<usize>,
    pub(super) filter: Option<Filter>,
}

impl<'a> StatsOptions<'a> {
    #[must_use]
    pub fn scheme(&self) -> &'a Scheme {
        self.scheme
    }

    #[must_use]
    pub fn level(&self) -> &'a Level {
        &self.scheme.levels()[self.depth]
    }

    /// Whose features are counted.
    #[must_use]
    pub fn layer(&self) -> Option<&'a Layer> {
        self.layer.map(LayerSnapshot::layer)
    }
}

impl StatsQuestion<'_> {
    /// Checks the question. A field that the reader may not see is not there.
    ///
    /// # Errors
    /// Where something is not there, missing, needless or cannot be read.
    pub fn check<'a>(
        &self,
        snapshot: &'a Snapshot,
        access: Access,
    ) -> Result<StatsOptions<'a>, StatsError> {
        let (scheme, depth) = self.level(snapshot)?;
        let measure = self.measure()?;
        self.refuse_needless(measure)?;
        let level = &scheme.levels()[depth].layer;
        let has_area = |layer: &LayerSnapshot| layer.layer().geometry == GeometryKind::Polygon;
        if measure.needs_area() && snapshot.layers.get(level).is_some_and(|own| !has_area(own)) {
            return Err(StatsError::NoArea {
                level: level.clone(),
                measure: measure.name(),
            });
        }
        let mut options = StatsOptions {
            measure,
            scheme,
            depth,
            layer: None,
            field: None,
            filter: None,
        };
        if measure.needs_layer() {
            let layer = self.layer(snapshot)?;
            options.layer = Some(layer);
            options.filter = self.filter(measure, layer.layer(), access)?;
            if measure.needs_field() {
                options.field = Some(self.field(layer.layer(), access)?);
            }
        }
        Ok(options)
    }

    fn level<'a>(&self, snapshot: &'a Snapshot) -> Result<(&'a Scheme, usize), StatsError> {
        let found = snapshot.schemes.iter().find_map(|scheme| {
            let mut levels = scheme.levels().iter();
            let depth = levels.position(|level| level.layer.as_str() == self.level)?;
            Some((scheme, depth))
        });
        found.ok_or_else(|| {
            let levels = snapshot.schemes.iter().flat_map(Scheme::levels);
            StatsError::Level {
                given: self.level.to_owned(),
                known: listed(levels.map(|level| level.layer.as_str()), "none"),
            }
        })
    }

    fn measure(&self) -> Result<Measure, StatsError> {
        let known = || listed(Measure::ALL.into_iter().map(Measure::name), "none");
        let Some(given) = self.measure else {
            return Err(StatsError::NoMeasure { known: known() });
        };
        Measure::named(given).ok_or_else(|| StatsError::Measure {
            given: given.to_owned(),
            known: known(),
        })
    }

    /// A part of the question that the answer would not follow is refused.
    fn refuse_needless(&self, measure: Measure) -> Result<(), StatsError> {
        let parts = [
            ("layer", self.layer, measure.needs_layer()),
            ("field", self.field, measure.needs_field()),
            ("filter", self.filter, measure.needs_layer()),
        ];
        let mut needless = parts.into_iter().filter(|(.., is_needed)| !is_needed);
        match needless.find_map(|(field, given, _)| Some((field, given?))) {
            None => Ok(()),
            Some((field, given)) => Err(StatsError::Needless {
                field,
                given: given.to_owned(),
                measure: measure.name(),
            }),
        }
    }

    fn layer<'a>(&self, snapshot: &'a Snapshot) -> Result<&'a LayerSnapshot, StatsError> {
        let known = || listed(snapshot.layers.keys().map(LayerName::as_str), "none");
        let Some(given) = self.layer else {
            return Err(StatsError::NoLayer { known: known() });
        };
        let name: Option<LayerName> = given.parse().ok();
        let found = name.and_then(|name| snapshot.layers.get(&name));
        found.map(AsRef::as_ref).ok_or_else(|| StatsError::Layer {
            given: given.to_owned(),
            known: known(),
        })
    }

    fn field(&self, layer: &Layer, access: Access) -> Result<usize, StatsError> {
        let holds_numbers = |field: &Field| {
            matches!(field.kind, FieldKind::Integer | FieldKind::Real) && access.sees(field)
        };
        let known = || {
            let fields = layer.fields.iter().filter(|field| holds_numbers(field));
            listed(
                fields.map(|field| field.name.as_str()),
                "no fields of numbers",
            )
        };
        let name = layer.name.clone();
        let Some(given) = self.field else {
            let (layer, known) = (name, known());
            return Err(StatsError::NoField { layer, known });
        };
        let mut fields = layer.fields.iter();
        let found = fields.position(|field| field.name == given && holds_numbers(field));
        found.ok_or_else(|| StatsError::Field {
            layer: name,
            given: given.to_owned(),
            known: known(),
        })
    }

    fn filter(
        &self,
        measure: Measure,
        layer: &Layer,
        access: Access,
    ) -> Result<Option<Filter>, StatsError> {
        let Some(given) = self.filter else {
            let is_missing = measure == Measure::Share;
            return if is_missing {
                Err(StatsError::NoFilter)
            } else {
                Ok(None)
            };
        };
        let read = Filter::parse(given, layer, access).map_err(|fault| StatsError::Filter {
            layer: layer.name.clone(),
            given: given.to_owned(),
            fault,
        });
        read.map(Some)
    }
}

fn listed<'n>(names: impl Iterator<Item = &'n str>, none: &str) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return none.to_owned();
    }
    names.join(", ")
}
