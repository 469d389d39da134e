//! The fields of a layer and the columns that fill them.

use super::{Column, Mapped, Plan, find, is_taken, mapped_to};
use crate::model::{Field, FieldKind, Layer, OWN_FIELDS, Sensitivity, Title};

impl Plan {
    /// Takes the fields that the layer has.
    pub(super) fn fit(&mut self, layer: &Layer, columns: &[Column], mapped: &Mapped<'_>) {
        for field in &layer.fields {
            let at = mapped_to(mapped, &field.name)
                .or_else(|| find(columns, &[&field.name]).filter(|at| !is_taken(mapped, *at)));
            self.fields.push((field.clone(), at));
        }
    }

    /// Says what a configured layer has no field for: its form is not the file's to change.
    pub(super) fn leave_out(
        &mut self,
        layer: &Layer,
        columns: &[Column],
        mapped: &Mapped<'_>,
        used: &[usize],
    ) {
        let ignored: Vec<&str> = (0..columns.len())
            .filter(|at| !used.contains(at) && !self.fields.iter().any(|(_, f)| *f == Some(*at)))
            .map(|at| columns[at].name.as_str())
            .collect();
        if !ignored.is_empty() {
            self.notes.push(format!(
                "fields that layer {} does not have were left out: {}",
                layer.name,
                ignored.join(", ")
            ));
        }
        let unknown: Vec<&str> = mapped
            .iter()
            .map(|&(target, _)| target)
            .filter(|target| {
                !self.is_taken(target) && layer.fields.iter().all(|f| f.name != *target)
            })
            .collect();
        if !unknown.is_empty() {
            self.notes.push(format!(
                "--fields names {}, which layer {} does not have",
                unknown.join(", "),
                layer.name
            ));
        }
    }

    /// Makes a field of every column that has no place yet.
    pub(super) fn infer(&mut self, columns: &[Column], mapped: &Mapped<'_>, used: &[usize]) {
        for (at, column) in columns.iter().enumerate() {
            if self.fields.iter().any(|(_, taken)| *taken == Some(at)) {
                continue;
            }
            let mut targets: Vec<&str> = mapped
                .iter()
                .filter(|&&(target, taken)| taken == at && !self.is_taken(target))
                .map(|&(target, _)| target)
                .collect();
            if targets.is_empty() && !used.contains(&at) {
                targets.push(column.name.trim());
            }
            for target in targets {
                let name = self.free_name(target, at);
                self.fields.push((field(name, column.kind), Some(at)));
            }
        }
    }

    /// The name itself, or with a number where the store or another field has it.
    fn free_name(&mut self, wanted: &str, at: usize) -> String {
        let wanted = match wanted {
            "" => format!("column_{}", at + 1),
            name => name.to_owned(),
        };
        let is_free = |name: &str| {
            let lower = name.to_lowercase();
            !OWN_FIELDS.contains(&lower.as_str())
                && self
                    .fields
                    .iter()
                    .all(|(field, _)| field.name.to_lowercase() != lower)
        };
        if is_free(&wanted) {
            return wanted;
        }
        // Among as many numbers as there are names, one more is free.
        let tries = self.fields.len() + OWN_FIELDS.len() + 2;
        let name = (2..=tries + 1)
            .map(|number| format!("{wanted}_{number}"))
            .find(|name| is_free(name))
            .unwrap_or_else(|| wanted.clone());
        self.notes.push(format!(
            "field {wanted} became {name}, as the name is taken"
        ));
        name
    }
}

fn field(name: String, kind: FieldKind) -> Field {
    Field {
        title: Title {
            zh: name.clone(),
            en: name.clone(),
        },
        name,
        kind,
        sensitivity: Sensitivity::default(),
        in_tiles: kind != FieldKind::Time,
    }
}
