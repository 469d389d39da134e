//! A county of four layers, and all of its tiles as they are asked for.

use std::path::{Path, PathBuf};

use wangge::app::{App, Found, TileWish};
use wangge::model::{
    Access, ClusterCell, Clustering, Clusters, Feature, FieldKind, Geometry, GeometryKind, Layer,
    TileFormat, Time, Value, Zooms,
};
use wangge::snapshot::{Difference, Snapshot};
use wangge::store::{Mode, Put, Store};
use wangge::tile::{Footprint, Pyramid, Shown, TileAddress, TileOptions, mlt, tile};

use crate::support::{at, field, grid, layer, put, rectangle, time};

/// Grids along a side of the county: an eighth of a degree.
pub(super) const SIDE: i32 = 12;
/// What is asked for in one tile.
const ASKED: [&[&str]; 4] = [
    &["base.grid", "road", "camera", "base.grid.label"],
    &["base.grid"],
    &["base.grid.label"],
    &["road", "station"],
];

pub(super) fn present() -> Time {
    time("2026-06-01")
}

pub(super) struct County {
    _folder: tempfile::TempDir,
    pub(super) path: PathBuf,
    pub(super) app: App,
}

pub(super) fn grids() -> (Layer, Vec<Feature>) {
    let side = |number: i32| f64::from(number);
    let all = (0..SIDE * SIDE).map(|n| {
        let (east, north) = (side(n % SIDE), side(n / SIDE));
        let ground = rectangle(east, north, east + 1.0, north + 1.0);
        grid(&format!("G{n}"), None, ground)
    });
    (
        layer("base.grid", GeometryKind::Polygon, vec![]),
        all.collect(),
    )
}

pub(super) fn points(name: &str, clustering: Clustering) -> (Layer, Vec<Feature>) {
    let defined = Layer {
        clustering,
        zooms: Zooms { min: 0, max: 14 },
        ..layer(
            name,
            GeometryKind::Point,
            vec![field("kind", FieldKind::Text)],
        )
    };
    let all = (0..SIDE * SIDE).map(|n| point(name, n, f64::from(n % SIDE), f64::from(n / SIDE)));
    (defined, all.collect())
}

pub(super) fn point(layer: &str, number: i32, east: f64, north: f64) -> Feature {
    Feature {
        geometry: Geometry::points([at(east + 0.37, north + 0.41)]).unwrap(),
        values: [Value::Text(format!("kind{}", number % 7).into())].into(),
        ..grid(
            &format!("{layer}{number}"),
            None,
            rectangle(0.0, 0.0, 1.0, 1.0),
        )
    }
}

pub(super) fn roads() -> (Layer, Vec<Feature>) {
    let all = (0..SIDE).map(|n| {
        let north = f64::from(n) + 0.5;
        let line = vec![at(0.0, north), at(f64::from(SIDE), north + 0.01)];
        let geometry = Geometry::lines([line]).unwrap();
        Feature {
            geometry,
            ..grid(&format!("R{n}"), None, rectangle(0.0, 0.0, 1.0, 1.0))
        }
    });
    (layer("road", GeometryKind::Line, vec![]), all.collect())
}

pub(super) fn layers() -> [(Layer, Vec<Feature>); 4] {
    let clusters = Clustering::Below(Clusters {
        to: 13,
        cell: ClusterCell::of_pixels(64).unwrap(),
        by: Some("kind".into()),
    });
    [
        grids(),
        roads(),
        points("camera", Clustering::Never),
        points("station", clusters),
    ]
}

impl County {
    pub(super) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("county.gpkg");
        let mut store = Store::open_or_create(&path).unwrap();
        let change = store.change().unwrap();
        for (layer, features) in layers() {
            change.define_layer(&layer).unwrap();
            change
                .put_features(&layer, &put(Mode::Append), &features)
                .unwrap();
        }
        change.commit().unwrap();
        let app = App::open(&path).unwrap();
        Self {
            _folder: folder,
            path,
            app,
        }
    }

    pub(super) fn ask(&self, of: &Snapshot, tile: Asked, at: Time) -> (Option<Vec<u8>>, Found) {
        let shown = shown(of, tile.names);
        let tiles = self.app.tiles();
        let wish = TileWish {
            address: tile.address,
            at,
            access: Access::LOCAL,
            format: tile.format,
            filter: None,
        };
        let (bytes, found) = tiles.tile(of.content(), &shown, &wish).unwrap();
        (bytes.map(|tile| tile.bytes.clone()), found)
    }

    /// Asks for all tiles of the county at all zooms.
    pub(super) fn warm(&self) -> Vec<Asked> {
        let snapshot = self.app.snapshot();
        let all: Vec<Asked> = all_tiles(&snapshot).collect();
        for tile in &all {
            self.ask(&snapshot, *tile, present());
        }
        for tile in &all {
            assert_eq!(self.ask(&snapshot, *tile, present()).1, Found::Kept);
        }
        all
    }

    /// Edits, looks at the store, and compares what was dropped with what the edit touches; answers how many that were.
    pub(super) fn edit(&self, warm: &[Asked], edit: impl FnOnce(&Path)) -> usize {
        let (before, dropped) = (self.app.snapshot(), self.app.tiles().dropped());
        edit(&self.path);
        self.app.follow().unwrap();
        let dropped = usize::try_from(self.app.tiles().dropped() - dropped).unwrap();
        let after = self.app.snapshot();
        let mut touched = 0;
        for tile in warm {
            let is_touched = touches(&before, &after, *tile);
            touched += usize::from(is_touched);
            // An MLT tile is made from the MVT, and puts it back.
            let (bytes, found) = self.ask(&after, *tile, present());
            assert!(bytes == fresh(&after, *tile, present()), "{tile:?}");
            let is_mvt = tile.format == TileFormat::Mvt;
            if is_mvt || !is_touched {
                assert_eq!(found == Found::Made, is_touched, "{tile:?}");
            }
        }
        assert_eq!(dropped, touched);
        dropped
    }
}

/// A tile as it is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) names: &'static [&'static str],
    pub(super) address: TileAddress,
    pub(super) format: TileFormat,
}

pub(super) fn all_tiles(snapshot: &Snapshot) -> impl Iterator<Item = Asked> {
    ASKED.into_iter().flat_map(|names| {
        let shown = shown(snapshot, names);
        let options = TileOptions {
            labels: &shown.labels,
            ..TileOptions::default()
        };
        let zooms = Zooms { min: 0, max: 14 };
        let all: Vec<TileAddress> =
            Pyramid::new(&shown.layers, zooms, None, present(), &options).collect();
        // MLT is made from MVT: one of the lists is enough.
        let mlt = (names.len() == 1).then_some(TileFormat::Mlt);
        [TileFormat::Mvt]
            .into_iter()
            .chain(mlt)
            .flat_map(move |format| {
                let asked = move |address| Asked {
                    names,
                    address,
                    format,
                };
                all.clone().into_iter().map(asked)
            })
    })
}

pub(super) fn shown<'a>(snapshot: &'a Snapshot, names: &[&str]) -> Shown<'a> {
    let mut shown = Shown::default();
    for name in names {
        shown.add(snapshot, name).unwrap();
    }
    shown
}

/// The tile without a cache.
pub(super) fn fresh(snapshot: &Snapshot, asked: Asked, at: Time) -> Option<Vec<u8>> {
    let shown = shown(snapshot, asked.names);
    let options = TileOptions {
        labels: &shown.labels,
        ..TileOptions::default()
    };
    let drawn = tile(&shown.layers, asked.address, at, Access::LOCAL, &options).unwrap();
    match asked.format {
        TileFormat::Mvt => drawn,
        TileFormat::Mlt => drawn.map(|bytes| mlt(&bytes).unwrap()),
    }
}

pub(super) fn touches(before: &Snapshot, after: &Snapshot, asked: Asked) -> bool {
    let differences = after.differences(before);
    let touched = shown(after, asked.names);
    touched
        .all()
        .any(|layer| match differences.get(&layer.layer().name) {
            None => false,
            Some(Difference::Whole) => true,
            Some(Difference::Features { marks, .. }) => {
                Footprint::new(layer, marks.clone(), 64).touches(asked.address)
            }
        })
}

pub(super) fn write(path: &Path, layer: &Layer, put: &Put, features: &[Feature]) {
    let mut store = Store::open(path).unwrap();
    let change = store.change().unwrap();
    change.put_features(layer, put, features).unwrap();
    change.commit().unwrap();
}
