//! An import that is killed at any moment has happened or has not; an archive of tiles that is stopped leaves nothing behind.

use std::fmt::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::support::program::Desk;

/// Enough that an import has several moments.
const COUNT: u32 = 8_000;
/// Moments at which the import is killed.
const KILLS: u32 = 10;

/// Small squares in rows, as GeoJSON; `name` tells one file's features from another's.
fn squares(name: &str) -> String {
    let mut text = String::from(r#"{"type":"FeatureCollection","features":["#);
    for number in 0..COUNT {
        let (column, row) = (number % 200, number / 200);
        let (west, south) = (
            104.0 + f64::from(column) * 1e-3,
            28.0 + f64::from(row) * 1e-3,
        );
        let (east, north) = (west + 1e-3, south + 1e-3);
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"type":"Feature","properties":{{"code":"{number}","name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west:.3},{south:.3}],[{east:.3},{south:.3}],[{east:.3},{north:.3}],[{west:.3},{north:.3}],[{west:.3},{south:.3}]]]}}}}"#
        )
        .unwrap();
    }
    text + "]}"
}

/// Features of the layer by name, after a check of the whole file.
fn content(desk: &Desk) -> Vec<(String, u32)> {
    let store = Connection::open(desk.path("wangge.gpkg")).unwrap();
    let check: String = store
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
    let mut rows = store
        .prepare("SELECT name, count(*) FROM \"base.grid\" GROUP BY name")
        .unwrap();
    let found = rows
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    found.collect::<Result<_, _>>().unwrap()
}

#[test]
fn an_import_that_is_killed_at_any_moment_leaves_the_old_features_or_the_new_ones_whole() {
    let desk = Desk::new();
    desk.must(&["scheme", "add", "base", "--levels", "grid"]);
    desk.write("old.geojson", squares("old"));
    desk.write("new.geojson", squares("new"));
    let import = |file| ["import", file, "--layer", "base.grid", "--mode", "replace"];
    // Spread over a run as long as the one just before: the machine may be busier by then.
    let moments = (0..KILLS).map(|n| 0.05 + 0.95 * f64::from(n) / f64::from(KILLS));
    let (mut killed, mut old) = (0, 0);
    for moment in moments {
        let began = Instant::now();
        desk.must(&import("old.geojson"));
        let whole = began.elapsed();
        let mut child = desk
            .command(&import("new.geojson"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * moment));
        // SIGKILL; an import that has ended already is a moment too.
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        let content = content(&desk);
        let is_old = content == [("old".to_owned(), COUNT)];
        assert!(
            is_old || content == [("new".to_owned(), COUNT)],
            "{moment}: {content:?}"
        );
        old += u32::from(is_old);
    }
    assert!(killed >= 3, "only {killed} imports were killed under way");
    assert!(old >= 1);
}

/// Sends SIGINT, as Ctrl-C does, and answers whether it ended the program before its time.
fn interrupt(mut child: Child) -> bool {
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    !child.wait().unwrap().success()
}

#[test]
fn an_archive_of_tiles_that_is_interrupted_at_any_moment_leaves_what_was_there_and_no_part_of_itself()
 {
    let desk = Desk::new();
    desk.must(&["scheme", "add", "base", "--levels", "grid"]);
    desk.write("grids.geojson", squares("grid"));
    desk.must(&["import", "grids.geojson", "--layer", "base.grid"]);
    let files = || {
        let entries = std::fs::read_dir(desk.path("")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        // SQLite's own beside the store, where the program ended while it read that.
        let mut names: Vec<String> = names
            .filter(|name| !name.starts_with("wangge.gpkg-"))
            .collect();
        names.sort();
        names
    };
    for file in ["city.pmtiles", "city.mbtiles"] {
        let arguments = ["tiles", "base.grid", "-o", file, "--min-zoom", "12"];
        let began = Instant::now();
        desk.must(&arguments);
        let whole = began.elapsed();
        let (mut stopped, mut under_way) = (0, 0);
        for moment in 0..KILLS {
            desk.write(file, "before");
            let before = files();
            let child = desk
                .command(&arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let share = f64::from(moment + 1) / f64::from(KILLS + 1);
            std::thread::sleep(whole.mul_f64(share));
            under_way += u32::from(files().len() > before.len());
            if interrupt(child) {
                stopped += 1;
                assert_eq!(desk.read(file), "before", "{file} {share}");
            }
            assert_eq!(files(), before, "{file} {share}");
        }
        assert!(stopped >= 3, "only {stopped} were stopped");
        assert!(under_way >= 1, "none was stopped while it wrote");
    }
}
