//! The rooms of the house and the one direction in which they may call each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms below that it may see. A room not named here fails the test: give it its place first.
const ROOMS: [(&str, &[&str]); 14] = [
    ("model", &[]),
    ("index", &["model"]),
    ("topology", &["model"]),
    ("snapshot", &["index", "topology", "model"]),
    ("query", &["snapshot", "index", "topology", "model"]),
    ("tile", &["snapshot", "index", "topology", "model"]),
    ("style", &["model"]),
    ("store", &["model"]),
    ("exchange", &["model"]),
    ("config", &["model"]),
    ("demo", &["config", "index", "model"]),
    (
        "app",
        &[
            "query", "tile", "snapshot", "store", "exchange", "config", "demo", "model",
        ],
    ),
    (
        "http",
        &[
            "app", "query", "tile", "style", "snapshot", "store", "exchange", "config", "model",
        ],
    ),
    (
        "cli",
        &[
            "http", "app", "query", "tile", "snapshot", "store", "exchange", "config", "model",
        ],
    ),
];

/// Rooms that compute only.
const CORE: [&str; 7] = [
    "model", "index", "topology", "snapshot", "query", "tile", "style",
];

/// What a room that computes only has no business with.
const EDGE: [&str; 12] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "SystemTime",
    "Instant::now",
    "tokio",
    "axum",
    "rusqlite",
    "gdal::",
    "async fn",
    "Timestamp::now",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|suffix| suffix == "rs") {
            found.push(path);
        }
    }
}

/// Each source file below `src` with its room; `lib.rs`, `main.rs` only name the rooms.
fn rooms() -> Vec<(String, PathBuf)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&src, &mut found);
    found
        .into_iter()
        .map(|path| {
            let first = path
                .strip_prefix(&src)
                .unwrap()
                .iter()
                .next()
                .unwrap()
                .to_str()
                .unwrap();
            (first.trim_end_matches(".rs").to_owned(), path)
        })
        .filter(|(room, _)| room != "lib" && room != "main")
        .collect()
}

/// The rooms that a text names as `crate::room`, also in `use crate::{a, b}`.
fn named(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for piece in text.split("crate::").skip(1) {
        assert!(
            !piece.starts_with('{'),
            "write one `use crate::room` a line, so that arrows can be read"
        );
        names.insert(
            piece
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect(),
        );
    }
    names
}

#[test]
fn every_arrow_between_rooms_points_down() {
    let rooms = rooms();
    assert!(rooms.len() > 30, "the sources are not found");
    for (room, path) in rooms {
        let (_, below) = ROOMS
            .iter()
            .find(|(name, _)| *name == room)
            .unwrap_or_else(|| panic!("room {room} has no place in the house"));
        for name in named(&fs::read_to_string(&path).unwrap()) {
            let is_room = ROOMS.iter().any(|(other, _)| *other == name);
            assert!(
                !is_room || name == room || below.contains(&name.as_str()),
                "{}: {room} may not call {name}",
                path.display()
            );
        }
    }
}

#[test]
fn the_core_does_no_input_or_output_and_reads_no_clock() {
    for (room, path) in rooms()
        .into_iter()
        .filter(|(room, _)| CORE.contains(&room.as_str()))
    {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in EDGE {
            assert!(
                !code.contains(word),
                "{}: {word} has no place in {room}",
                path.display()
            );
        }
    }
}
