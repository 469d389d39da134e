//! The answer for one point as JSON.

use std::fmt::Display;
use std::io::Write;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::exchange::push_json;
use crate::query::{Answer, Candidate, Duty, Outcome, Owner, SchemeAnswer, responsible};
use crate::snapshot::Snapshot;

use super::super::asked::Asked;

/// Bytes in which a usual answer has room: one scheme of five levels, with a duty. The C library keeps blocks of up to 1032 bytes
/// at hand; for a longer one it searches and tidies first.
const USUAL: usize = 1024;

/// What all schemes answer for one point, with the question as it was understood.
pub(super) fn response(snapshot: &Snapshot, answer: &Answer<'_>, asked: &Asked) -> Response {
    let writer = Writer {
        snapshot,
        asked,
        out: Vec::with_capacity(USUAL),
    };
    let mut response = Response::new(Body::from(writer.answer(answer)));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

/// An answer being written, straight into the bytes that are sent.
struct Writer<'a> {
    snapshot: &'a Snapshot,
    asked: &'a Asked,
    out: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn answer(mut self, answer: &Answer<'a>) -> Vec<u8> {
        let Asked {
            given, crs, time, ..
        } = self.asked;
        if let Some(first) = &answer.first {
            first.fetch_texts();
        }
        self.number("{\"lon\":", given.lon);
        self.number(",\"lat\":", given.lat);
        self.word(",\"crs\":", crs);
        self.truth(",\"approximate\":", crs.is_approximate());
        self.word(",\"at\":", time);
        let version = self.snapshot.version;
        // A vector takes whatever is written.
        let _ = write!(self.out, ",\"version\":{version},");
        match &answer.first {
            Some(first) => self.scheme(first, answer.community()),
            None => self.no_scheme(),
        }
        self.list(",\"overlays\":", &answer.overlays, |out, overlay| {
            out.put("{");
            out.scheme(overlay, answer.community_of(overlay));
            out.put("}");
        });
        self.list(",\"warnings\":", &answer.warnings, |out, warning| {
            out.text("", Some(&warning.text()));
        });
        self.put("}");
        self.out
    }

    /// What one scheme answers.
    fn scheme(&mut self, answer: &SchemeAnswer<'a>, community: Option<Owner<'a>>) {
        self.text("\"scheme\":", Some(answer.scheme.name()));
        self.text(",\"outcome\":", Some(answer.outcome.name()));
        self.truth(",\"certain\":", answer.is_certain());
        self.grid(",\"grid\":", answer.lowest());
        self.grid(",\"community\":", community);
        self.list(",\"chain\":", answer.chain(), |out, owner| {
            out.grid("", Some(owner));
        });
        let staff = responsible(self.snapshot, answer.owner(), community, self.asked.time);
        self.list(",\"staff\":", &staff, Self::duty);
        self.list(",\"candidates\":", &answer.candidates, Self::candidate);
    }

    /// Of no scheme at all, that the point is outside.
    fn no_scheme(&mut self) {
        self.text("\"scheme\":", None);
        self.text(",\"outcome\":", Some(Outcome::Outside.name()));
        self.put(",\"certain\":false,\"grid\":null,\"community\":null,\"chain\":[],\"staff\":[],\"candidates\":[]");
    }

    fn grid(&mut self, name: &str, owner: Option<Owner<'_>>) {
        self.put(name);
        match owner {
            Some(owner) => {
                self.grid_members(owner);
                self.put("}");
            }
            None => self.put("null"),
        }
    }

    fn grid_members(&mut self, owner: Owner<'_>) {
        self.text("{\"code\":", owner.grid.code.as_deref());
        self.text(",\"name\":", owner.grid.name.as_deref());
        self.text(",\"level\":", Some(&owner.level.name));
    }

    /// A grid that may be the one.
    fn candidate(&mut self, candidate: &Candidate<'_>) {
        self.grid_members(candidate.owner);
        if let Some(share) = candidate.share {
            // No more places than are right; rounded down, so that shares never add up to more than 1.
            self.number(",\"share\":", (share * 1e4 + 1e-6).floor() / 1e4);
        }
        let distance_m = (candidate.distance_m * 1e3).round() / 1e3;
        self.number(",\"distance_m\":", distance_m);
        self.put("}");
    }

    /// A duty and the grid that it is for, without the phone number, which is restricted.
    fn duty(&mut self, duty: &Duty<'_>) {
        self.text("{\"role\":", Some(&duty.staff.role));
        self.text(",\"name\":", Some(&duty.staff.name));
        self.text(",\"level\":", Some(&duty.owner.level.name));
        self.text(",\"code\":", duty.owner.grid.code.as_deref());
        self.put("}");
    }

    fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.put(name);
        self.put("[");
        for (place, item) in items.into_iter().enumerate() {
            if place > 0 {
                self.put(",");
            }
            write(self, item);
        }
        self.put("]");
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        self.put(name);
        match text {
            Some(text) => push_json(text, &mut self.out),
            None => self.put("null"),
        }
    }

    /// A word of ours, in which nothing is to be escaped.
    fn word(&mut self, name: &str, word: impl Display) {
        let _ = write!(self.out, "{name}\"{word}\"");
    }

    /// A number in as few digits as tell it from all others.
    fn number(&mut self, name: &str, number: f64) {
        self.put(name);
        let _ = serde_json::to_writer(&mut self.out, &number);
    }

    fn truth(&mut self, name: &str, truth: bool) {
        self.put(name);
        self.put(if truth { "true" } else { "false" });
    }

    fn put(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }
}
