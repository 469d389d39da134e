//! Tables of staff: who is responsible for which grid, CSV or spreadsheet.

use std::path::Path;

use super::columns::{self, Column};
use super::intake::blank_note;
use super::opened::Opened;
use super::record::Record;
use super::shape::Refusal;
use super::source;
use super::{FieldMap, ReadError, ReadOptions, Remark, Verdict, messages, value};
use crate::model::{LayerName, Staff, Validity, Value};

/// How a table of staff is to be read.
#[derive(Clone, Debug, Default)]
pub struct StaffOptions {
    /// The scheme of rows that name none. `None`: a column scheme (体系) is needed.
    pub scheme: Option<String>,
    /// The level of rows that name none. `None`: a column level (层级) is needed.
    pub level: Option<String>,
    /// The levels that there are, as their layers; a row that names another is refused. Empty: any level.
    pub levels: Vec<LayerName>,
    /// Which source column becomes which of scheme, level, code, role, name, phone, valid_from, valid_to. Empty: those names or
    /// 体系 层级 编码 职责 姓名 电话 起 止.
    pub fields: FieldMap,
    /// The sheet. `None`: the only one with rows.
    pub source_layer: Option<String>,
    /// The encoding of a CSV. `None`: guessed with a note.
    pub encoding: Option<String>,
    /// When the duty of rows that name no times holds. Default: always.
    pub validity: Validity,
}

/// What a table of staff held.
#[derive(Debug)]
pub struct StaffReading {
    pub staff: Vec<Staff>,
    /// Refused rows, in the order of the file.
    pub remarks: Vec<Remark>,
    pub notes: Vec<String>,
    /// Rows in the table, refused ones too.
    pub read: u64,
}

const COLUMNS: [(&str, &[&str]); 8] = [
    ("scheme", &["scheme", "体系", "网格体系"]),
    ("level", &["level", "层级", "级别"]),
    ("code", &["code", "编码", "网格编码", "代码", "网格代码"]),
    ("role", &["role", "职责", "角色"]),
    ("name", &["name", "姓名"]),
    ("phone", &["phone", "电话", "手机", "联系电话"]),
    ("valid_from", &["valid_from", "起"]),
    ("valid_to", &["valid_to", "止"]),
];

/// Reads a table of staff.
///
/// # Errors
/// Where the file cannot be read at all or lacks a column that is needed; single rows are refused in the remarks.
pub fn read_staff(path: &Path, options: &StaffOptions) -> Result<StaffReading, ReadError> {
    messages::listen();
    let source = source::locate(path, options.source_layer.as_deref())?;
    let how = ReadOptions {
        encoding: options.encoding.clone(),
        source_layer: options.source_layer.clone(),
        ..ReadOptions::default()
    };
    let mut opened = Opened::open(path, &source, &how)?;
    let roster = Roster {
        at: find(path, opened.columns(), options).map_err(|error| error.hinted(&opened.hint()))?,
        options,
    };
    let mut reading = StaffReading {
        staff: Vec::new(),
        remarks: Vec::new(),
        notes: Vec::new(),
        read: 0,
    };
    let mut blank = 0;
    opened.for_each(&mut |record| {
        if record.is_blank() {
            blank += 1;
            return;
        }
        reading.read += 1;
        match roster.duty(&record) {
            Ok(duty) => reading.staff.push(duty),
            Err(refusal) => reading.remarks.push(Remark {
                line: record.line,
                code: roster.text(&record, "code").map(Into::into),
                verdict: Verdict::Refused,
                reason: refusal.reason,
                problem: refusal.problem,
                geometry: None,
            }),
        }
    })?;
    reading.notes = opened.into_notes();
    reading.notes.extend(blank_note(blank));
    Ok(reading)
}

/// Where each column is.
fn find(
    path: &Path,
    columns: &[Column],
    options: &StaffOptions,
) -> Result<[Option<usize>; 8], ReadError> {
    let mut at = [None; 8];
    for (at, (target, names)) in at.iter_mut().zip(COLUMNS) {
        *at =
            match options.fields.source(target) {
                None => columns::find(columns, names),
                Some(given) => Some(columns::find(columns, &[given]).ok_or_else(|| {
                    ReadError::UnknownField {
                        path: path.to_owned(),
                        target: target.to_owned(),
                        given: given.to_owned(),
                        names: columns::names(columns),
                    }
                })?),
            };
        let is_needed = match target {
            "scheme" => options.scheme.is_none(),
            "level" => options.level.is_none(),
            "code" | "role" | "name" => true,
            _ => false,
        };
        if at.is_none() && is_needed {
            return Err(ReadError::NoColumn {
                path: path.to_owned(),
                missing: names.get(..2).unwrap_or(names).join(" or "),
                names: columns::names(columns),
                hint: String::new(),
            });
        }
    }
    Ok(at)
}

struct Roster<'a> {
    at: [Option<usize>; 8],
    options: &'a StaffOptions,
}

impl Roster<'_> {
    fn column(&self, target: &str) -> Option<usize> {
        let index = COLUMNS.iter().position(|(known, _)| *known == target)?;
        self.at[index]
    }

    fn text(&self, record: &Record<'_>, target: &str) -> Option<Box<str>> {
        record.text(self.column(target)?)
    }

    fn needed(&self, record: &Record<'_>, target: &'static str) -> Result<Box<str>, Refusal> {
        let problem = if target == "code" {
            "missing_code"
        } else {
            "missing_value"
        };
        self.text(record, target)
            .ok_or_else(|| Refusal::new(problem, format!("{target} is empty")))
    }

    fn duty(&self, record: &Record<'_>) -> Result<Staff, Refusal> {
        if let Some(refusal) = &record.refusal {
            return Err(refusal.clone());
        }
        let or = |target, default: &Option<String>| match (self.text(record, target), default) {
            (Some(text), _) => Ok(text),
            (None, Some(default)) => Ok(default.as_str().into()),
            (None, None) => self.needed(record, target),
        };
        let scheme = or("scheme", &self.options.scheme)?;
        let level = or("level", &self.options.level)?;
        let layer: LayerName =
            format!("{scheme}.{level}")
                .parse()
                .map_err(|error: crate::model::NameError| {
                    Refusal::new("bad_value", error.to_string())
                })?;
        if !self.options.levels.is_empty() && !self.options.levels.contains(&layer) {
            let levels: Vec<&str> = self.options.levels.iter().map(LayerName::as_str).collect();
            let reason = format!("{layer} is no level; levels are {}", levels.join(", "));
            return Err(Refusal::new("unknown_level", reason));
        }
        Ok(Staff {
            layer,
            code: self.needed(record, "code")?,
            role: self.needed(record, "role")?,
            name: self.needed(record, "name")?,
            phone: self.text(record, "phone"),
            validity: self.validity(record)?,
        })
    }

    fn validity(&self, record: &Record<'_>) -> Result<Validity, Refusal> {
        let value = |target| {
            let at = self.column(target);
            at.and_then(|at| record.values.get(at).cloned())
                .unwrap_or(Value::Null)
        };
        value::validity(
            value("valid_from"),
            value("valid_to"),
            self.options.validity,
        )
    }
}
