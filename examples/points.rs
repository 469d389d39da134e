//! Writes random points to stdout, for measuring: `points csv|ndjson|json|arrow COUNT WEST SOUTH EAST NORTH`.

use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_ipc::writer::StreamWriter;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng;

/// Rows of one Arrow batch, as many as pyarrow and others make by default.
const BATCH: usize = 65_536;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [form, count, corners @ ..] = arguments.as_slice() else {
        return Err("usage: points csv|ndjson|json|arrow COUNT WEST SOUTH EAST NORTH".into());
    };
    let count: usize = count.parse()?;
    let corners: Vec<f64> = corners
        .iter()
        .map(|c| c.parse())
        .collect::<Result<_, _>>()?;
    let [west, south, east, north] = corners[..] else {
        return Err("four corners are wanted, in degrees".into());
    };
    let mut dice = Pcg64Mcg::new(7);
    let mut between = |from: f64, to: f64| {
        let share = f64::from(dice.next_u32()) / f64::from(u32::MAX);
        // Six decimals, as receivers and other programs write them.
        ((from + share * (to - from)) * 1e6).round() / 1e6
    };
    let points: Vec<(f64, f64)> = (0..count)
        .map(|_| (between(west, east), between(south, north)))
        .collect();
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match form.as_str() {
        "arrow" => arrow(&points, &mut out)?,
        form => text(form, &points, &mut out)?,
    }
    out.flush()?;
    Ok(())
}

fn text(form: &str, points: &[(f64, f64)], out: &mut impl Write) -> io::Result<()> {
    match form {
        "csv" => writeln!(out, "id,lon,lat")?,
        "json" => write!(out, "{{\"points\":[")?,
        _ => {}
    }
    for (id, (lon, lat)) in points.iter().enumerate() {
        match form {
            "csv" => writeln!(out, "{id},{lon:.6},{lat:.6}")?,
            "json" if id > 0 => write!(out, ",[{lon:.6},{lat:.6}]")?,
            "json" => write!(out, "[{lon:.6},{lat:.6}]")?,
            _ => writeln!(out, "{{\"id\":{id},\"lon\":{lon:.6},\"lat\":{lat:.6}}}")?,
        }
    }
    if form == "json" {
        write!(out, "]}}")?;
    }
    Ok(())
}

fn arrow(points: &[(f64, f64)], out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let batch = |points: &[(f64, f64)]| {
        let lon: ArrayRef = Arc::new(points.iter().map(|at| at.0).collect::<Float64Array>());
        let lat: ArrayRef = Arc::new(points.iter().map(|at| at.1).collect::<Float64Array>());
        RecordBatch::try_from_iter([("lon", lon), ("lat", lat)])
    };
    let mut writer = StreamWriter::try_new(out, &batch(&[])?.schema())?;
    for points in points.chunks(BATCH) {
        writer.write(&batch(points)?)?;
    }
    writer.finish()?;
    Ok(())
}
