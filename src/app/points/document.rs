//! A document of points in, a document of their owners out.

use std::io::{Read, Write};

use serde::Serialize;

use super::locator::{Locator, RowAnswer};
use super::pieces::carry;
use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{Code, PointsDocument, push_json};
use crate::query::{Batch, level_names};
use crate::snapshot::Snapshot;

/// What is said once of all points.
#[derive(Serialize)]
struct Envelope<'a> {
    version: u64,
    crs: String,
    approximate: bool,
    at: String,
    levels: &'a [String],
}

/// Answers a document of points: `version`, `levels`, and `results` with one element for each point, in order. The document is
/// read whole, as what it asks may stand behind its points; what it asks goes before what is asked beside it.
///
/// # Errors
/// Where the document is none, or the answer cannot be written; nothing is written before the document was read whole.
pub fn locate_document(
    snapshot: &Snapshot,
    question: PointsQuestion,
    input: impl Read,
    mut output: impl Write + Send,
) -> Result<PointsTally, PointsError> {
    let PointsDocument {
        question: texts,
        mut points,
    } = PointsDocument::read(input)?;
    let question = question.with(texts)?;
    let schemes = question.schemes(snapshot)?;
    let batch = Batch::new(snapshot, &schemes, question.time);
    let mut locator = Locator::new(&batch, question.crs)?;
    let levels = level_names(&schemes, &[]);
    let mut out = begin(snapshot, &question, &levels);
    let nothing = nothing(levels.len());
    let mut is_first = true;
    let mut piece = Vec::new();
    let make = || {
        points.read(&mut piece).map_err(PointsError::Spool)?;
        Ok((!piece.is_empty()).then(|| locator.locate(&piece)))
    };
    carry(make, |located| {
        located.each_row(&batch, |_, answer, codes| {
            if !std::mem::take(&mut is_first) {
                out.push(b',');
            }
            write_result(answer, codes, &nothing, &mut out);
        });
        output.write_all(&out).map_err(PointsError::Write)?;
        out.clear();
        Ok(())
    })?;
    out.extend_from_slice(b"]}");
    output.write_all(&out).map_err(PointsError::Write)?;
    output.flush().map_err(PointsError::Write)?;
    Ok(locator.tally)
}

/// The answer up to its first result.
fn begin(snapshot: &Snapshot, question: &PointsQuestion, levels: &[String]) -> Vec<u8> {
    let envelope = Envelope {
        version: snapshot.version,
        crs: question.crs.to_string(),
        approximate: question.crs.is_approximate(),
        at: question.time.to_string(),
        levels,
    };
    let mut out = serde_json::to_vec(&envelope).unwrap_or_default();
    // Its closing brace comes after the results.
    out.pop();
    out.extend_from_slice(b",\"results\":[");
    out
}

/// The result of no point, but for why.
fn nothing(levels: usize) -> String {
    let codes = vec!["null"; levels].join(",");
    format!("{{\"outcome\":null,\"codes\":[{codes}],\"error\":")
}

fn write_result(
    answer: RowAnswer<'_>,
    codes: &[Option<Code<'_>>],
    nothing: &str,
    out: &mut Vec<u8>,
) {
    let reason = match answer {
        RowAnswer::Found(found) => {
            out.extend_from_slice(b"{\"outcome\":\"");
            out.extend_from_slice(found.outcome.name().as_bytes());
            out.extend_from_slice(b"\",\"codes\":[");
            for (level, code) in codes.iter().enumerate() {
                if level > 0 {
                    out.push(b',');
                }
                match code {
                    Some(code) => code.push_json(out),
                    None => out.extend_from_slice(b"null"),
                }
            }
            out.extend_from_slice(b"]}");
            return;
        }
        RowAnswer::Bad(reason) => reason,
        RowAnswer::None => "there is no point",
    };
    out.extend_from_slice(nothing.as_bytes());
    push_json(reason, out);
    out.push(b'}');
}
