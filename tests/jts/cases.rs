//! The XML of the JTS test cases: geometries as WKT, operations on them with what must come out.

use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use wkt::Wkt;

/// A file of cases by its name, as text.
pub(crate) type File = (String, String);

/// One operation of a case.
pub(crate) struct Operation {
    /// Where it is, for a person: file, description, operation.
    pub place: String,
    /// In lower case.
    pub name: String,
    pub first: String,
    /// Empty where the operation takes one geometry.
    pub second: String,
    /// The pattern of a `relate`.
    pub pattern: String,
    pub expected: String,
}

fn is_xml(path: &Path) -> bool {
    path.extension().is_some_and(|suffix| suffix == "xml")
}

/// All XML files of a folder.
pub(crate) fn folder(path: &Path) -> Vec<File> {
    let files = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = files.filter(|path| is_xml(path));
    let file = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    files.map(file).collect()
}

/// All XML files of a packed archive (ustar: a block of 512 bytes with name and size, then the content in whole blocks).
pub(crate) fn archive(path: &Path) -> Vec<File> {
    let packed = std::fs::File::open(path).unwrap();
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed)
        .read_to_end(&mut bytes)
        .unwrap();
    let mut files = Vec::new();
    let mut rest = &bytes[..];
    while let Some((header, content)) = rest.split_at_checked(512) {
        let text = |span: std::ops::Range<usize>| {
            let text = String::from_utf8_lossy(&header[span]).into_owned();
            text.trim_matches(['\0', ' ']).to_owned()
        };
        let size = usize::from_str_radix(&text(124..136), 8).unwrap_or(0);
        let name = text(0..100);
        if is_xml(Path::new(&name)) {
            let xml = String::from_utf8_lossy(&content[..size]).into_owned();
            files.push((name, xml));
        }
        rest = &content[size.next_multiple_of(512).min(content.len())..];
    }
    files
}

/// All operations of a file.
pub(crate) fn operations((file, text): &File) -> Vec<Operation> {
    let document = roxmltree::Document::parse(text).unwrap();
    let mut operations = Vec::new();
    for case in document
        .descendants()
        .filter(|node| node.has_tag_name("case"))
    {
        let child = |name: &str| {
            let mut children = case.children();
            let found = children.find(|node| node.has_tag_name(name));
            let text = found.and_then(|node| node.text()).unwrap_or_default();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        for op in case.descendants().filter(|node| node.has_tag_name("op")) {
            let name = op.attribute("name").unwrap_or_default().to_lowercase();
            let argument = |number: &str| {
                let argument = op.attribute(number).unwrap_or_default();
                child(&argument.to_lowercase())
            };
            operations.push(Operation {
                place: format!("{file}: {}: {name}", child("desc")),
                first: argument("arg1"),
                second: argument("arg2"),
                pattern: op.attribute("arg3").unwrap_or_default().to_owned(),
                expected: op.text().unwrap_or_default().trim().to_lowercase(),
                name,
            });
        }
    }
    operations
}

/// Vertices as the text has them; rings are closed.
pub(crate) enum Shape {
    Points(Vec<[f64; 2]>),
    Area(Vec<Vec<Vec<[f64; 2]>>>),
}

fn spot(at: &wkt::types::Coord<f64>) -> [f64; 2] {
    [at.x, at.y]
}

fn rings(polygon: &wkt::types::Polygon<f64>) -> Vec<Vec<[f64; 2]>> {
    let rings = polygon.rings().iter();
    rings
        .map(|ring| ring.coords().iter().map(spot).collect())
        .collect()
}

/// Points or an area; `None` for any other text.
pub(crate) fn shape(text: &str) -> Option<Shape> {
    Some(match Wkt::<f64>::from_str(text).ok()? {
        Wkt::Point(point) => Shape::Points(point.coord().iter().map(|at| spot(at)).collect()),
        Wkt::MultiPoint(points) => {
            let points = points.points().iter().filter_map(|point| point.coord());
            Shape::Points(points.map(spot).collect())
        }
        Wkt::Polygon(polygon) => {
            let parts = [rings(&polygon)].into_iter();
            Shape::Area(parts.filter(|rings| !rings.is_empty()).collect())
        }
        Wkt::MultiPolygon(polygons) => {
            let parts = polygons.polygons().iter().map(rings);
            Shape::Area(parts.filter(|rings| !rings.is_empty()).collect())
        }
        _ => return None,
    })
}
