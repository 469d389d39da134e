//! Points as a service is sent them.

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema};
use wangge::model::{Coord, LonLat};

/// Rows of one Arrow batch.
const BATCH: usize = 65_536;

pub(crate) fn write(
    points: &[Coord],
    format: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let all = || points.iter().map(|at| at.degrees());
    match format {
        "csv" => {
            writeln!(out, "lon,lat")?;
            for LonLat { lon, lat } in all() {
                writeln!(out, "{lon},{lat}")?;
            }
        }
        "ndjson" => {
            for LonLat { lon, lat } in all() {
                writeln!(out, r#"{{"lon":{lon},"lat":{lat}}}"#)?;
            }
        }
        "json" => {
            let points = all().map(|LonLat { lon, lat }| format!("[{lon},{lat}]"));
            let points: Vec<String> = points.collect();
            write!(out, r#"{{"points":[{}]}}"#, points.join(","))?;
        }
        "arrow" => arrow(points, out)?,
        other => return Err(format!("{other} is none of csv, ndjson, json, arrow").into()),
    }
    Ok(())
}

fn arrow(points: &[Coord], out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let field = |name| Field::new(name, DataType::Float64, false);
    let schema = Arc::new(Schema::new(vec![field("lon"), field("lat")]));
    let mut stream = StreamWriter::try_new(out, &schema)?;
    for batch in points.chunks(BATCH) {
        let column = |value: fn(LonLat) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(
                batch.iter().map(|at| value(at.degrees())),
            ))
        };
        let columns = vec![column(|at| at.lon), column(|at| at.lat)];
        stream.write(&RecordBatch::try_new(Arc::clone(&schema), columns)?)?;
    }
    stream.finish()?;
    Ok(())
}
