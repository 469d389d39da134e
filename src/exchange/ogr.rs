//! What an OGR feature holds: its vertices and its values. The only place that leaves the safe part of the gdal crate.

use gdal::vector::{Defn, Feature, Geometry, geometry_type_flatten};
use gdal_sys::{OGRFieldSubType, OGRwkbGeometryType as wkb};

use super::shape::{Refusal, Shape, kind_word};
use crate::model::LonLat;

/// A shape as read, with what was odd about it.
#[derive(Debug)]
pub(super) struct Drawn {
    pub shape: Shape,
    /// Some ring did not end where it began; it is taken as closed.
    pub unclosed: bool,
}

/// The feature's geometry; `None` where it has none.
pub(super) fn geometry<'a>(feature: &'a Feature<'_>) -> Option<&'a Geometry> {
    #[expect(
        unsafe_code,
        reason = "the crate hands out a geometry around a null pointer where the feature has none"
    )]
    // SAFETY: the handle is only compared with null while the feature that owns it is borrowed.
    feature
        .geometry()
        .filter(|geometry| unsafe { !geometry.c_geometry().is_null() })
}

/// Whether a field of the feature has a value at all; the crate reads an unset one as 0 or as empty text.
pub(super) fn has_value(feature: &Feature<'_>, index: usize) -> bool {
    let Ok(index) = i32::try_from(index) else {
        return false;
    };
    #[expect(unsafe_code, reason = "the crate has no call for it")]
    // SAFETY: the feature is alive while borrowed, and GDAL checks the index against the feature's own field count.
    unsafe {
        gdal_sys::OGR_F_IsFieldSetAndNotNull(feature.c_feature(), index) != 0
    }
}

/// Whether a field says yes or no; OGR has that as a kind of whole number.
pub(super) fn is_boolean(defn: &Defn, index: usize) -> bool {
    is_of(defn, index, OGRFieldSubType::OFSTBoolean)
}

/// Whether a field holds JSON; OGR has that as a kind of text.
pub(super) fn is_json(defn: &Defn, index: usize) -> bool {
    is_of(defn, index, OGRFieldSubType::OFSTJSON)
}

fn is_of(defn: &Defn, index: usize, kind: OGRFieldSubType::Type) -> bool {
    let Ok(index) = i32::try_from(index) else {
        return false;
    };
    #[expect(unsafe_code, reason = "the crate has no call for it")]
    // SAFETY: the definition is alive while borrowed; GDAL answers null for an index that it does not have, checked here.
    unsafe {
        let field = gdal_sys::OGR_FD_GetFieldDefn(defn.c_defn(), index);
        !field.is_null() && gdal_sys::OGR_Fld_GetSubType(field) == kind
    }
}

/// A geometry that we own and the crate cannot own for us.
struct Straight(Geometry);

impl Drop for Straight {
    fn drop(&mut self) {
        #[expect(
            unsafe_code,
            reason = "the crate frees only geometries that it made itself"
        )]
        // SAFETY: the handle came from OGR_G_GetLinearGeometry, which gives it away, and is used nowhere else.
        unsafe {
            gdal_sys::OGR_G_DestroyGeometry(self.0.c_geometry());
        }
    }
}

/// The geometry with its arcs drawn as short lines, 4 degrees of arc each; `None` where it has no arcs or GDAL fails.
fn straighten(geometry: &Geometry) -> Option<Straight> {
    #[expect(unsafe_code, reason = "the crate has no call for curves")]
    // SAFETY: the geometry is alive while borrowed; the new handle is checked and owned by the guard, set once.
    unsafe {
        if gdal_sys::OGR_G_HasCurveGeometry(geometry.c_geometry(), 0) == 0 {
            return None;
        }
        let handle =
            gdal_sys::OGR_G_GetLinearGeometry(geometry.c_geometry(), 0.0, std::ptr::null_mut());
        if handle.is_null() {
            return None;
        }
        let straight = Geometry::lazy_feature_geometry();
        straight.set_c_geometry(handle);
        Some(Straight(straight))
    }
}

/// Reads the vertices of a geometry of one kind, in any number of parts; height and measure are left behind.
pub(super) fn draw(geometry: &Geometry) -> Result<Drawn, Refusal> {
    let mut pencil = Pencil::default();
    match straighten(geometry) {
        Some(straight) => pencil.draw(&straight.0)?,
        None => pencil.draw(geometry)?,
    }
    pencil.finish()
}

#[derive(Default)]
struct Pencil {
    points: Vec<LonLat>,
    lines: Vec<Vec<LonLat>>,
    polygons: Vec<Vec<Vec<LonLat>>>,
    unclosed: bool,
}

impl Pencil {
    fn draw(&mut self, geometry: &Geometry) -> Result<(), Refusal> {
        match geometry_type_flatten(geometry.geometry_type()) {
            wkb::wkbPoint => self.points.extend(vertices(geometry)),
            wkb::wkbLineString | wkb::wkbLinearRing => {
                let line = vertices(geometry);
                if !line.is_empty() {
                    self.lines.push(line);
                }
            }
            wkb::wkbPolygon | wkb::wkbTriangle => self.polygon(geometry),
            wkb::wkbMultiPoint
            | wkb::wkbMultiLineString
            | wkb::wkbMultiPolygon
            | wkb::wkbGeometryCollection => {
                for index in 0..geometry.geometry_count() {
                    self.draw(&geometry.get_geometry(index))?;
                }
            }
            _ => {
                return Err(Refusal::new(
                    "wrong_geometry",
                    format!(
                        "a {} has no outline on the ground; export the footprint as polygons",
                        geometry.geometry_name()
                    ),
                ));
            }
        }
        Ok(())
    }

    fn polygon(&mut self, geometry: &Geometry) {
        let mut rings = Vec::with_capacity(geometry.geometry_count());
        for index in 0..geometry.geometry_count() {
            let ring = vertices(&geometry.get_geometry(index));
            match (ring.is_empty(), index) {
                // Without an outer ring the holes are holes in nothing.
                (true, 0) => return,
                (true, _) => {}
                (false, _) => {
                    self.unclosed |= ring.first() != ring.last();
                    rings.push(ring);
                }
            }
        }
        if !rings.is_empty() {
            self.polygons.push(rings);
        }
    }

    fn finish(self) -> Result<Drawn, Refusal> {
        let mut shapes = Vec::new();
        if !self.points.is_empty() {
            shapes.push(Shape::Points(self.points));
        }
        if !self.lines.is_empty() {
            shapes.push(Shape::Lines(self.lines));
        }
        if !self.polygons.is_empty() {
            shapes.push(Shape::Polygons(self.polygons));
        }
        let words: Vec<&str> = shapes.iter().map(|shape| kind_word(shape.kind())).collect();
        match (shapes.pop(), words.as_slice()) {
            (None, _) => Err(Refusal::new("no_geometry", "the geometry is empty")),
            (Some(shape), [_]) => Ok(Drawn {
                shape,
                unclosed: self.unclosed,
            }),
            (Some(_), words) => Err(Refusal::new(
                "wrong_geometry",
                format!("one feature mixes {}; split it", words.join(" and ")),
            )),
        }
    }
}

fn vertices(geometry: &Geometry) -> Vec<LonLat> {
    let count = i32::try_from(geometry.point_count()).unwrap_or(0);
    // An empty point says that it has one vertex.
    if geometry.is_empty() {
        return Vec::new();
    }
    (0..count)
        .map(|index| {
            let (x, y, _) = geometry.get_point(index);
            LonLat::new(x, y)
        })
        .collect()
}
