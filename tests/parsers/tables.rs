//! Tables of points: every row and cell is kept, whatever is in them and however the bytes arrive.

use std::io::{self, Cursor, Read};

use encoding_rs::GB18030;
use proptest::prelude::*;
use wangge::exchange::{
    FoundCells, FoundRow, PointColumns, PointRows, PointTable, RowPoint, Rows, TableError,
};

/// Bytes that arrive in pieces of a few, as from a network or an unpacker.
struct Slowly(Cursor<Vec<u8>>, usize);

impl Read for Slowly {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(self.1);
        self.0.read(&mut into[..most])
    }
}

/// What is read of each row, and the table that is written.
type Widened = (Vec<RowPoint>, Vec<u8>);

/// Widens a table by three columns, of which the last says `yes`.
fn widen(bytes: Vec<u8>, piece: usize) -> Result<Widened, TableError> {
    let table = PointTable::open(Slowly(Cursor::new(bytes), piece), &PointColumns::default())?;
    let mut table = PointRows::Table(Box::new(table));
    let (mut rows, mut points, mut out) = (Rows::default(), Vec::new(), Vec::new());
    let names = ADDED.map(|name| (name.to_owned(), format!("other.{name}")));
    let writer = table.begin(&names, &mut out);
    let cells = FoundCells {
        outcome: None,
        error: Some("yes"),
    };
    while table.read(&mut rows)? {
        for row in 0..rows.points().len() {
            let row = FoundRow {
                rows: &rows,
                row,
                cells,
                codes: &[],
            };
            writer.write(row, &mut out);
        }
        points.extend_from_slice(rows.points());
    }
    Ok((points, out))
}

/// What is added to each row.
const ADDED: [&str; 3] = ["outcome", "certain", "seen"];

/// A table as one writes it by hand: all cells in quotes.
#[derive(Clone, Debug)]
struct Written {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    delimiter: char,
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Encoding {
    Utf8,
    Utf8WithMark,
    Gb18030,
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        (-200.0..200.0_f64).prop_map(|number| number.to_string()),
        "[ 0-9.e+-]{0,6}",
        prop::sample::select(vec!["", " ", "NaN", "inf", "1e999", "-", "104.7 ", "\t28"])
            .prop_map(str::to_owned),
        "[a\",;\t\r\n '网格珙縣]{0,6}",
    ]
}

fn written() -> impl Strategy<Value = Written> {
    let others = prop::collection::vec(
        prop::sample::select(vec!["id", "名称", "网格", "备 注", "a'b"]),
        0..4,
    );
    let header = (
        others,
        prop::sample::select(vec!["lon", "LNG", "经度"]),
        prop::sample::select(vec!["Lat", "纬度", "Y"]),
    );
    let header = header.prop_map(|(others, lon, lat)| {
        others
            .into_iter()
            .chain([lon, lat])
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    let rows = prop::collection::vec(prop::collection::vec(cell(), 1..8), 0..6);
    let encoding = prop::sample::select(vec![
        Encoding::Utf8,
        Encoding::Utf8WithMark,
        Encoding::Gb18030,
    ]);
    let delimiter = prop::sample::select(vec![',', ';', '\t']);
    (header.prop_shuffle(), rows, delimiter, encoding).prop_map(
        |(header, rows, delimiter, encoding)| Written {
            header,
            rows,
            delimiter,
            encoding,
        },
    )
}

impl Written {
    fn bytes(&self) -> Vec<u8> {
        let line = |row: &Vec<String>| {
            let cells = row
                .iter()
                .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
            cells.collect::<Vec<_>>().join(&self.delimiter.to_string()) + "\n"
        };
        let text: String = std::iter::once(&self.header)
            .chain(&self.rows)
            .map(line)
            .collect();
        match self.encoding {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Utf8WithMark => format!("\u{feff}{text}").into_bytes(),
            Encoding::Gb18030 => GB18030.encode(&text).0.into_owned(),
        }
    }

    /// What a row's cells say of its point.
    fn point(&self, row: &[String]) -> Option<(Option<f64>, Option<f64>)> {
        let blank = String::new();
        let cell = |column: usize| {
            row.get(column)
                .unwrap_or(&blank)
                .trim_matches([' ', '\t', '\r', '\n'])
                .to_owned()
        };
        let (lon, lat) = (cell(self.lon()), cell(self.lat()));
        let is_there = !(lon.is_empty() && lat.is_empty());
        let number = |cell: &str| cell.parse().ok().filter(|number: &f64| number.is_finite());
        is_there.then(|| (number(&lon), number(&lat)))
    }

    fn lon(&self) -> usize {
        self.header
            .iter()
            .position(|name| ["lon", "LNG", "经度"].contains(&name.as_str()))
            .unwrap()
    }

    fn lat(&self) -> usize {
        self.header
            .iter()
            .position(|name| ["Lat", "纬度", "Y"].contains(&name.as_str()))
            .unwrap()
    }

    /// The rows with the added columns in their place.
    fn widened(&self) -> Vec<Vec<String>> {
        let width = self.header.len();
        let widen = |row: &Vec<String>, words: [&str; 3]| {
            let mut cells = row.clone();
            cells.resize(cells.len().max(width), String::new());
            cells.splice(width..width, words.map(str::to_owned));
            cells
        };
        let head = widen(&self.header, ADDED);
        std::iter::once(head)
            .chain(self.rows.iter().map(|row| widen(row, ["", "", "yes"])))
            .collect()
    }
}

fn same(point: &RowPoint, cells: Option<(Option<f64>, Option<f64>)>) -> bool {
    match (point, cells) {
        (RowPoint::None, None) | (RowPoint::Bad { .. }, Some((None, _) | (_, None))) => true,
        (RowPoint::At(at), Some((Some(lon), Some(lat)))) => {
            // Zero has two signs.
            let bits = |number: f64| number.to_bits();
            (bits(at.lon), bits(at.lat)) == (bits(lon), bits(lat))
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn every_row_and_cell_of_a_table_is_kept_in_order_in_whatever_encoding_and_pieces_it_comes(
        table in written(),
        piece in prop_oneof![1..9_usize, Just(usize::MAX)],
    ) {
        let bytes = table.bytes();
        // A few words of GB18030 are UTF-8 by chance; nobody can tell them apart.
        let is_doubtful = !bytes.is_ascii() && std::str::from_utf8(&bytes).is_ok();
        prop_assume!(table.encoding != Encoding::Gb18030 || !is_doubtful);
        let (points, out) = widen(bytes, piece).unwrap();
        prop_assert_eq!(points.len(), table.rows.len());
        for (point, row) in points.iter().zip(&table.rows) {
            prop_assert!(same(point, table.point(row)), "{:?} of {:?}", point, row);
        }
        let delimiter = u8::try_from(table.delimiter).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(out.as_slice());
        let rows: Vec<Vec<String>> = reader.deserialize().collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(rows, table.widened());
    }

    #[test]
    fn a_table_of_any_bytes_has_as_many_rows_written_as_read(
        head in prop::sample::select(vec![
            "lon,lat", "\"lon\",\"lat\"\r", "a\tlon\tlat", "", "\u{feff}lat;lon;",
        ]),
        body in prop::collection::vec(prop_oneof![
            prop::sample::select(b",;\t\"\n\r 0123456789.-\0\xff\x80".as_slice()),
            any::<u8>(),
        ], 0..120),
        piece in prop_oneof![1..9_usize, Just(usize::MAX)],
    ) {
        let bytes = [head.as_bytes(), b"\n", &body].concat();
        if let Ok((points, out)) = widen(bytes, piece) {
            let yes = b"yes".as_slice();
            let marks = out.windows(yes.len()).filter(|window| *window == yes).count();
            prop_assert_eq!(marks, points.len());
        }
    }
}

#[test]
fn a_table_larger_than_what_is_looked_at_keeps_its_names_where_the_look_ends_within_a_character() {
    for shift in 0..3 {
        let rows = "104.7,28.4,珙县\n".repeat(6000);
        let table = format!("lon,lat,name{}\n{rows}", "x".repeat(shift));
        let (points, out) = widen(table.clone().into_bytes(), usize::MAX).unwrap();
        assert_eq!(points.len(), 6000);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text.lines().filter(|line| line.contains("珙县")).count(),
            6000
        );
    }
}
