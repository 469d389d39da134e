//! The tile cache of a store that is being edited: an edit drops the tiles that it touches, and no other.

mod county;

use std::sync::atomic::{AtomicBool, Ordering};

use wangge::app::Found;
use wangge::model::{Clustering, Feature, Layer, TileFormat, Validity};
use wangge::store::{Mode, Store};
use wangge::tile::TileAddress;

use crate::support::{grid, put, rectangle, time};
use county::{
    Asked, County, SIDE, all_tiles, fresh, layers, point, points, present, touches, write,
};

#[test]
fn only_the_tiles_that_an_edit_touches_are_dropped() {
    let county = County::open();
    let warm = county.warm();
    assert!(warm.len() > 400, "{}", warm.len());
    let few = warm.len() / 3;
    let [(grids, _), (roads, same), (cameras, _), (stations, _)] = layers();
    let upsert = put(Mode::Upsert);
    // Another border, another name, another place, and one more.
    let redrawn = grid("G42", None, rectangle(2.0, 2.0, 2.9, 2.95));
    let renamed = Feature {
        name: Some("别名".into()),
        ..point("camera", 7, 7.0, 0.0)
    };
    let moved = point("station", 9, 8.0, 10.0);
    let added = point("camera", 999, 11.0, 3.0);
    for (layer, feature) in [
        (&grids, redrawn),
        (&cameras, renamed),
        (&stations, moved),
        (&cameras, added),
    ] {
        let dropped = county.edit(&warm, |path| write(path, layer, &upsert, &[feature]));
        assert!((1..few).contains(&dropped), "{dropped} of {}", warm.len());
    }
    // A program that keeps no versions.
    let dropped = county.edit(&warm, |path| {
        let other = rusqlite::Connection::open(path).unwrap();
        let gone = "DELETE FROM camera WHERE code = 'camera100'";
        assert_eq!(other.execute(gone, []).unwrap(), 1);
    });
    assert!((1..few).contains(&dropped), "{dropped}");
    // What is written as it was touches nothing.
    let dropped = county.edit(&warm, |path| write(path, &roads, &upsert, &same));
    assert_eq!(dropped, 0);
}

#[test]
fn a_layer_that_is_defined_otherwise_or_replaced_takes_all_its_tiles_with_it_and_no_other() {
    let county = County::open();
    let warm = county.warm();
    let of = |name: &str| {
        let shows = |tile: &&Asked| tile.names.iter().any(|one| one.starts_with(name));
        warm.iter().filter(shows).count()
    };
    let [_, _, (cameras, _), (stations, _)] = layers();
    let dropped = county.edit(&warm, |path| {
        let store = &mut Store::open(path).unwrap();
        let change = store.change().unwrap();
        let defined = Layer {
            clustering: Clustering::Never,
            ..stations
        };
        change.define_layer(&defined).unwrap();
        change.commit().unwrap();
    });
    assert_eq!(dropped, of("station"));
    let many = (0..2000).map(|n| point("camera", n, f64::from(n % SIDE), 3.0));
    let many: Vec<Feature> = many.collect();
    let dropped = county.edit(&warm, |path| {
        write(path, &cameras, &put(Mode::Replace), &many);
    });
    assert_eq!(dropped, of("camera"));
}

#[test]
fn a_dated_change_keeps_all_tiles_elsewhere_before_and_after_it() {
    let county = County::open();
    let warm = county.warm();
    let (past, later) = (time("2020-01-01"), time("2026-12-01"));
    let [(grids, _), ..] = layers();
    let begins = Feature {
        validity: Validity {
            from: Some(time("2026-07-01")),
            to: None,
        },
        ..grid("G143", None, rectangle(11.0, 11.0, 11.5, 12.0))
    };
    let dropped = county.edit(&warm, |path| {
        write(path, &grids, &put(Mode::Upsert), &[begins]);
    });
    assert!((1..warm.len() / 3).contains(&dropped), "{dropped}");
    // The former period has become two. What was kept for it is right in both.
    let after = county.app.snapshot();
    let mut kept = 0;
    for tile in &warm {
        for at in [past, later] {
            let (bytes, found) = county.ask(&after, *tile, at);
            assert!(bytes == fresh(&after, *tile, at), "{tile:?}");
            kept += usize::from(found == Found::Kept);
        }
    }
    assert!(kept > warm.len(), "{kept}");
    for tile in &warm {
        for at in [past, present(), later] {
            let (bytes, found) = county.ask(&after, *tile, at);
            assert!(bytes == fresh(&after, *tile, at), "{tile:?}");
            assert_eq!(found, Found::Kept);
        }
    }
}

#[test]
fn a_tile_made_from_a_former_snapshot_is_kept_only_where_nothing_touched_it_since() {
    let county = County::open();
    let former = county.app.snapshot();
    let all: Vec<Asked> = all_tiles(&former).collect();
    let [(grids, _), _, (cameras, _), _] = layers();
    let redrawn = [grid("G42", None, rectangle(2.0, 2.0, 2.9, 2.95))];
    write(&county.path, &grids, &put(Mode::Upsert), &redrawn);
    county.app.follow().unwrap();
    let moved = [point("camera", 7, 9.0, 9.0)];
    write(&county.path, &cameras, &put(Mode::Upsert), &moved);
    county.app.follow().unwrap();
    let after = county.app.snapshot();
    let (mut kept, mut made) = (0, 0);
    for tile in &all {
        // As a request that began before both changes, and is done after them.
        county.ask(&former, *tile, present());
        let (bytes, found) = county.ask(&after, *tile, present());
        assert!(bytes == fresh(&after, *tile, present()), "{tile:?}");
        let is_touched = touches(&former, &after, *tile);
        assert_eq!(found == Found::Made, is_touched, "{tile:?}");
        *if is_touched { &mut made } else { &mut kept } += 1;
    }
    assert!(made > 0 && kept > 2 * made, "{made} made, {kept} kept");
}

#[test]
fn a_tile_older_than_all_changes_that_are_remembered_is_not_kept() {
    let county = County::open();
    let former = county.app.snapshot();
    let (cameras, _) = points("camera", Clustering::Never);
    let far = Asked {
        names: &["base.grid"],
        address: TileAddress::new(10, 809, 427).unwrap(),
        format: TileFormat::Mvt,
    };
    let edit = |number: i32| {
        let moved = [point("camera", 7, f64::from(number % SIDE), 5.0)];
        write(&county.path, &cameras, &put(Mode::Upsert), &moved);
        county.app.follow().unwrap();
    };
    (0..64).for_each(edit);
    county.ask(&former, far, present());
    let snapshot = county.app.snapshot();
    assert_eq!(county.ask(&snapshot, far, present()).1, Found::Kept);
    let (_, found) = county.ask(
        &former,
        Asked {
            names: &["road"],
            ..far
        },
        present(),
    );
    assert_eq!(found, Found::Made);
    edit(64);
    let other = Asked {
        names: &["base.grid", "road"],
        ..far
    };
    county.ask(&former, other, present());
    let snapshot = county.app.snapshot();
    assert_eq!(county.ask(&snapshot, other, present()).1, Found::Made);
}

#[test]
fn no_tile_of_a_former_state_stays_whoever_asks_while_the_store_is_edited() {
    let county = County::open();
    let all: Vec<Asked> = all_tiles(&county.app.snapshot()).collect();
    let [(grids, _), ..] = layers();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for tile in all.iter().cycle() {
                if is_done.load(Ordering::Relaxed) {
                    return;
                }
                county.ask(&county.app.snapshot(), *tile, present());
            }
        });
        for turn in 1..12 {
            let north = 1.0 - 0.05 * f64::from(turn);
            let redrawn = [grid("G0", None, rectangle(0.0, 0.0, 1.0, north))];
            write(&county.path, &grids, &put(Mode::Upsert), &redrawn);
            county.app.follow().unwrap();
            let snapshot = county.app.snapshot();
            for tile in all.iter().step_by(7) {
                let (bytes, _) = county.ask(&snapshot, *tile, present());
                assert!(bytes == fresh(&snapshot, *tile, present()), "{tile:?}");
            }
        }
        is_done.store(true, Ordering::Relaxed);
    });
}
