//! The clusters of a layer of points, as written and as checked.

use super::ConfigError;
use crate::model::{ClusterCell, Clustering, Clusters, Field, GeometryKind, LayerName, Zooms};

/// What a layer says of its clusters. A layer of points that says nothing has them.
pub(super) struct WrittenClusters {
    pub(super) cluster: Option<bool>,
    /// `cluster_to`, and so on.
    pub(super) to: Option<u8>,
    pub(super) px: Option<u16>,
    pub(super) by: Option<String>,
}

/// What the rest of the layer says.
pub(super) struct Drawn<'a> {
    pub(super) layer: &'a LayerName,
    pub(super) geometry: GeometryKind,
    pub(super) zooms: Zooms,
    pub(super) fields: &'a [Field],
}

impl WrittenClusters {
    /// The first key that is written, `cluster` left aside.
    fn detail(&self) -> Option<&'static str> {
        let keys = [
            (self.to.is_some(), "cluster_to"),
            (self.px.is_some(), "cluster_px"),
            (self.by.is_some(), "cluster_by"),
        ];
        let written = keys.into_iter().find(|(is_written, _)| *is_written);
        written.map(|(_, key)| key)
    }

    pub(super) fn checked(self, drawn: &Drawn<'_>) -> Result<Clustering, ConfigError> {
        let refuse = |field: &'static str, reason: String| {
            Err(ConfigError::Cluster {
                layer: drawn.layer.clone(),
                field,
                reason,
            })
        };
        let detail = self.detail();
        if drawn.geometry != GeometryKind::Point {
            return match self.cluster.map(|_| "cluster").or(detail) {
                Some(field) => refuse(field, "only layers of points have clusters; drop it".into()),
                None => Ok(Clustering::default()),
            };
        }
        if self.cluster == Some(false) {
            return match detail {
                Some(field) => refuse(
                    field,
                    "cluster = false leaves it without use; drop one".into(),
                ),
                None => Ok(Clustering::Never),
            };
        }
        let Zooms { min, max } = drawn.zooms;
        let to = self.to.unwrap_or(max.saturating_sub(1).max(min));
        if !(min..=max).contains(&to) {
            let reason = format!("{to} is none of the layer's zooms, {min} to {max}");
            return refuse("cluster_to", reason);
        }
        let cell = match self.px.map(ClusterCell::of_pixels).transpose() {
            Ok(cell) => cell.unwrap_or_default(),
            Err(error) => return refuse("cluster_px", error.to_string()),
        };
        if let Some(by) = &self.by
            && drawn.fields.iter().all(|field| field.name != *by)
        {
            let reason = format!("the layer has no field {by:?}; name one of its fields");
            return refuse("cluster_by", reason);
        }
        let by = self.by;
        Ok(Clustering::Below(Clusters { to, cell, by }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Configuration;
    use super::*;

    /// A layer of points and one of polygons; `more` belongs to the points.
    fn parsed(geometry: &str, more: &str) -> Result<Clustering, ConfigError> {
        let text = format!(
            "[[layer]]\nname = \"station\"\ngeometry = \"{geometry}\"\nmin_zoom = 8\n{more}\n
             fields = [{{ name = \"kind\", type = \"text\" }}]"
        );
        let mut layers = Configuration::parse(&text)?.layers;
        Ok(layers.remove(0).clustering)
    }

    #[test]
    fn a_layer_of_points_has_clusters_unless_it_says_no() {
        let usual = Clusters {
            to: 13,
            cell: ClusterCell::of_pixels(64).unwrap(),
            by: None,
        };
        let below = parsed("point", "").unwrap();
        assert_eq!(below, Clustering::Below(usual));
        assert_eq!(parsed("point", "cluster = true").unwrap(), below);
        assert_eq!(
            parsed("point", "cluster = false").unwrap(),
            Clustering::Never
        );
        assert_eq!(parsed("polygon", "").unwrap(), Clustering::default());
        let own = "cluster_to = 11\ncluster_px = 32\ncluster_by = \"kind\"";
        let own = parsed("point", own).unwrap();
        let Clustering::Below(clusters) = own else {
            panic!("{own:?}")
        };
        assert_eq!((clusters.to, clusters.cell.pixels()), (11, 32));
        assert_eq!(clusters.by.as_deref(), Some("kind"));
        // A layer of one zoom has none.
        let deep = parsed("point", "max_zoom = 8").unwrap();
        assert!(matches!(deep, Clustering::Below(Clusters { to: 8, .. })));
    }

    #[test]
    fn a_refusal_names_the_layer_the_key_and_what_would_do() {
        for (geometry, more, words) in [
            (
                "point",
                "cluster_to = 15",
                "cluster_to is refused: 15 is none of the layer's zooms, 8 to 14",
            ),
            ("point", "cluster_to = 7", "8 to 14"),
            (
                "point",
                "cluster_px = 40",
                "cluster_px is refused: 40 pixels is no side of a cell; take 8, 16",
            ),
            (
                "point",
                "cluster_by = \"sort\"",
                "cluster_by is refused: the layer has no field \"sort\"",
            ),
            (
                "point",
                "cluster = false\ncluster_to = 9",
                "cluster_to is refused: cluster = false",
            ),
            (
                "line",
                "cluster = true",
                "cluster is refused: only layers of points",
            ),
            (
                "polygon",
                "cluster_px = 64",
                "cluster_px is refused: only layers of points",
            ),
        ] {
            let text = parsed(geometry, more).unwrap_err().to_string();
            assert!(text.contains(words) && text.contains("station"), "{text}");
        }
    }
}
