//! Record after record: draw, project, snap, repair, convert; refused ones with their reason.

use std::collections::{HashMap, HashSet};

use super::columns::{Column, Place, Plan};
use super::reach::{Lie, Reach};
use super::record::{Record, Sketch};
use super::repair::{self, repair};
use super::shape::{Refusal, Shape, kind_word};
use super::snap::{Snapped, snap};
use super::value;
use super::versions::Versions;
use super::{ReadOptions, Remark, Transform, Verdict};
use crate::model::{Feature, FeatureId, Geometry, GeometryKind, LonLat, Value};

/// Degrees that cannot be: beyond this, a coordinate is in metres.
const METRES: f64 = 1000.0;

/// Features whose place is held against the area of use of their system.
const SAMPLE: usize = 1000;

/// What has come in so far.
pub(super) struct Intake<'a> {
    columns: Vec<Column>,
    plan: &'a Plan,
    transform: Transform,
    options: &'a ReadOptions,
    only: Vec<(usize, String)>,
    kept: Vec<(u64, Feature)>,
    remarks: Vec<Remark>,
    /// Some text has characters that its encoding does not have.
    is_garbled: bool,
    /// The first vertices of the first features, in the numbers of the source.
    sample: Vec<LonLat>,
    /// Rows with nothing in them.
    blank: u64,
    /// Records seen.
    pub read: u64,
}

/// A refusal and as much of the shape as was read.
struct Refused {
    refusal: Refusal,
    shape: Option<Shape>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            shape: None,
        }
    }
}

/// Something about a feature that comes in.
struct Aside {
    verdict: Verdict,
    problem: &'static str,
    reason: String,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        columns: Vec<Column>,
        plan: &'a Plan,
        transform: Transform,
        options: &'a ReadOptions,
        only: Vec<(usize, String)>,
    ) -> Self {
        Self {
            only,
            columns,
            plan,
            transform,
            options,
            kept: Vec::new(),
            remarks: Vec::new(),
            is_garbled: false,
            sample: Vec::new(),
            blank: 0,
            read: 0,
        }
    }

    /// Forgets a pass that did not reach the end.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.remarks.clear();
        self.sample.clear();
        self.blank = 0;
        self.read = 0;
    }

    /// Takes or refuses one record.
    pub(super) fn take(&mut self, record: &Record<'_>) {
        if self.plan.place != Place::Geometry && record.is_blank() {
            self.blank += 1;
            return;
        }
        // What could not be read whole may have been meant: it is never passed over in silence.
        if record.refusal.is_none() && !self.is_chosen(record) {
            return;
        }
        self.read += 1;
        let code = self.plan.code().and_then(|at| record.text(at));
        let remark = |aside: Aside, geometry| Remark {
            line: record.line,
            code: code.as_deref().map(str::to_owned),
            verdict: aside.verdict,
            reason: aside.reason,
            problem: aside.problem,
            geometry,
        };
        match self.accept(record) {
            Ok((feature, asides, shape)) => {
                for aside in asides {
                    self.remarks.push(remark(aside, Some(shape.clone())));
                }
                self.is_garbled |= is_garbled(&feature);
                self.kept.push((record.line, feature));
            }
            Err(Refused { refusal, shape }) => self.remarks.push(remark(
                Aside {
                    verdict: Verdict::Refused,
                    problem: refusal.problem,
                    reason: refusal.reason,
                },
                shape,
            )),
        }
    }

    fn is_chosen(&self, record: &Record<'_>) -> bool {
        let has =
            |(at, value): &(usize, String)| record.text(*at).as_deref().unwrap_or("") == value;
        self.only.iter().all(has)
    }

    fn accept(&mut self, record: &Record<'_>) -> Result<(Feature, Vec<Aside>, Shape), Refused> {
        if let Some(refusal) = &record.refusal {
            return Err(refusal.clone().into());
        }
        let mut sketch = record.sketch(self.plan.place, &self.columns)?;
        let first = sketch.drawn.shape.runs_mut().into_iter().flatten().next();
        if let Some(first) = first.filter(|_| self.sample.len() < SAMPLE) {
            self.sample.push(*first);
        }
        let projected = self.project(&mut sketch);
        let shape = sketch.drawn.shape.clone();
        let refuse = |refusal| Refused {
            refusal,
            shape: Some(shape.clone()),
        };
        projected.map_err(refuse)?;
        let (geometry, asides) = self.settle(&sketch).map_err(refuse)?;
        let feature = self.describe(record, geometry).map_err(refuse)?;
        Ok((feature, asides, shape))
    }

    fn project(&self, sketch: &mut Sketch<'_>) -> Result<(), Refusal> {
        for run in sketch.drawn.shape.runs_mut() {
            self.transform
                .apply_all(run)
                .map_err(|error| Refusal::new("out_of_range", error.to_string()))?;
        }
        Ok(())
    }

    /// The feature of a record and its settled geometry.
    fn describe(&self, record: &Record<'_>, geometry: Geometry) -> Result<Feature, Refusal> {
        let plan = self.plan;
        let text = |at: Option<usize>| at.and_then(|at| record.text(at));
        let value = |at: Option<usize>| {
            at.and_then(|at| record.values.get(at).cloned())
                .unwrap_or(Value::Null)
        };
        let code = text(plan.code());
        if self.options.is_grid && code.is_none() {
            return Err(Refusal::new("missing_code", "a grid needs a code"));
        }
        if let Some(at) = [plan.code(), plan.parent()]
            .into_iter()
            .flatten()
            .find(|&at| record.values.get(at).is_some_and(value::has_lost_digits))
        {
            let reason = format!(
                "the number in {} has more digits than such numbers keep; write it as text",
                self.columns[at].name
            );
            return Err(Refusal::new("bad_value", reason));
        }
        let (from, to) = plan.validity();
        let validity = value::validity(value(from), value(to), self.options.validity)?;
        let values = plan
            .fields
            .iter()
            .map(|(field, at)| {
                value::convert(value(*at), field.kind)
                    .map_err(|misfit| value::bad(&field.name, &misfit))
            })
            .collect::<Result<_, _>>()?;
        Ok(Feature {
            id: FeatureId(0),
            code,
            name: text(plan.name()),
            parent: text(plan.parent()),
            validity,
            geometry,
            values,
        })
    }

    /// Snaps and repairs the shape.
    fn settle(&self, sketch: &Sketch<'_>) -> Result<(Geometry, Vec<Aside>), Refusal> {
        let shape = &sketch.drawn.shape;
        let is_fit = match shape.kind() {
            GeometryKind::Polygon => true,
            GeometryKind::Line => self.options.takes_lines,
            GeometryKind::Point => false,
        };
        if self.options.is_grid && !is_fit {
            let reason = format!(
                "a grid is a polygon, this one has {}",
                kind_word(shape.kind())
            );
            return Err(Refusal::new("wrong_geometry", reason));
        }
        let mut asides = Vec::new();
        if sketch.drawn.unclosed {
            asides.push(Aside {
                verdict: Verdict::Noted,
                problem: "unclosed_ring",
                reason: "a ring did not end where it began and was closed".into(),
            });
        }
        let refuse =
            |error: crate::model::GeometryError| Refusal::new("no_geometry", error.to_string());
        let geometry = match snap(shape)? {
            Snapped::Points(points) => Geometry::points(points).map_err(refuse)?,
            Snapped::Lines { lines, lost } => {
                if lost > 0 && !lines.is_empty() {
                    asides.push(Aside {
                        verdict: Verdict::Noted,
                        problem: "snapped",
                        reason: format!(
                            "{lost} of its lines were shorter than 1 cm and were left out"
                        ),
                    });
                }
                if lines.is_empty() {
                    return Err(Refusal::new("no_geometry", "the line is shorter than 1 cm"));
                }
                Geometry::lines(lines).map_err(refuse)?
            }
            Snapped::Polygons { polygons, lost } => {
                let is_valid = || sketch.geometry.is_valid();
                let repaired = repair(polygons, lost, shape, self.options.strict, is_valid)?;
                asides.extend(repaired.change.map(aside));
                repaired.geometry
            }
        };
        Ok((geometry, asides))
    }

    /// Where nothing came in because the coordinates are metres: the words for it.
    pub(super) fn metres(&self) -> Option<String> {
        if !self.kept.is_empty() {
            return None;
        }
        let mut far = self
            .remarks
            .iter()
            .filter(|remark| remark.problem == "out_of_range");
        far.find(|remark| {
            remark.geometry.clone().is_some_and(|mut shape| {
                let mut runs = shape.runs_mut().into_iter();
                runs.any(|run| run.iter().any(|at| at.lon.abs().max(at.lat.abs()) > METRES))
            })
        })
        .map(|remark| {
            remark
                .reason
                .split("; it looks")
                .next()
                .unwrap_or_default()
                .to_owned()
        })
    }

    /// How the points lie to the area that their system is meant for.
    pub(super) fn lie(&self, reach: &Reach) -> Lie {
        reach.lie(&self.sample, &self.transform)
    }

    /// What the records say about the file as a whole.
    pub(super) fn notes(&self) -> Vec<String> {
        let garbled = "some text has characters that its encoding does not have; give --encoding";
        let mut notes = Vec::new();
        notes.extend(self.is_garbled.then(|| garbled.to_owned()));
        notes.extend(blank_note(self.blank));
        notes
    }

    /// Keeps one kind of geometry and, where asked, one feature of each code; numbers the features.
    pub(super) fn finish(
        mut self,
        known: Option<GeometryKind>,
    ) -> (GeometryKind, Vec<Feature>, Vec<Remark>) {
        let kind = known.unwrap_or_else(|| self.usual_kind());
        let mut late: HashMap<u64, Refusal> = HashMap::new();
        let mut versions = Versions::default();
        for (line, feature) in &self.kept {
            if feature.geometry.kind() != kind {
                late.insert(*line, wrong_kind(feature.geometry.kind(), kind));
            } else if self.options.unique_codes
                && let Err(refusal) = versions.add(*line, feature)
            {
                late.insert(*line, refusal);
            }
        }
        let dropped: HashSet<u64> = late.keys().copied().collect();
        self.remarks
            .retain(|remark| !dropped.contains(&remark.line));
        let mut features = Vec::with_capacity(self.kept.len());
        for (line, mut feature) in self.kept {
            if let Some(refusal) = late.remove(&line) {
                self.remarks.push(refused_late(line, &feature, refusal));
                continue;
            }
            feature.id = FeatureId(i64::try_from(features.len() + 1).unwrap_or(i64::MAX));
            features.push(feature);
        }
        self.remarks.sort_by_key(|remark| remark.line);
        (kind, features, self.remarks)
    }

    /// The kind that most features have.
    fn usual_kind(&self) -> GeometryKind {
        if self.options.is_grid && !self.options.takes_lines {
            return GeometryKind::Polygon;
        }
        let count = |kind| {
            let is = |(_, feature): &&(u64, Feature)| feature.geometry.kind() == kind;
            self.kept.iter().filter(is).count()
        };
        // The last of equals: of as many polygons as points, the polygons.
        [
            GeometryKind::Point,
            GeometryKind::Line,
            GeometryKind::Polygon,
        ]
        .into_iter()
        .max_by_key(|&kind| count(kind))
        .unwrap_or(GeometryKind::Polygon)
    }
}

/// The words for rows that were passed over.
pub(super) fn blank_note(rows: u64) -> Option<String> {
    (rows > 0).then(|| format!("rows with nothing in them were passed over: {rows}"))
}

fn aside(change: repair::Change) -> Aside {
    Aside {
        verdict: if change.only_snapped {
            Verdict::Noted
        } else {
            Verdict::Repaired {
                area_change: change.area,
            }
        },
        problem: change.problem,
        reason: change.reason,
    }
}

fn wrong_kind(is: GeometryKind, wanted: GeometryKind) -> Refusal {
    let reason = format!(
        "the layer has {}, this feature has {}",
        kind_word(wanted),
        kind_word(is)
    );
    Refusal::new("wrong_geometry", reason)
}

fn refused_late(line: u64, feature: &Feature, refusal: Refusal) -> Remark {
    Remark {
        line,
        code: feature.code.as_deref().map(str::to_owned),
        verdict: Verdict::Refused,
        reason: refusal.reason,
        problem: refusal.problem,
        geometry: Some(Shape::of(&feature.geometry)),
    }
}

fn is_garbled(feature: &Feature) -> bool {
    let texts = feature.values.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text),
        _ => None,
    });
    texts
        .chain(&feature.name)
        .chain(&feature.code)
        .any(|text| text.contains('\u{fffd}'))
}
