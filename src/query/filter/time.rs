//! Times written in a filter: DATE, TIMESTAMP, INTERVAL.

use super::error::FilterFault;
use super::lexer::Token;
use super::parser::{Operand, Parsed, Parser, fault, into_scalar, wrong_kind};
use super::scalar::{Form, Item, Kind, Scalar};
use super::temporal::{End, Span};
use crate::model::Time;

/// Characters of a date.
const DATE: usize = "2026-01-31".len();
/// Milliseconds of a day, without its last.
const REST_OF_DAY: i64 = 86_400_000 - 1;

/// Times.
impl Parser<'_> {
    /// What stands in `DATE(…)` or `TIMESTAMP(…)`. A date is its midnight in Beijing, as everywhere.
    pub(super) fn instant(&mut self, function: &str) -> Parsed<Operand> {
        let at = self.at();
        let Token::Text(text) = self.peek() else {
            return Err(self.unexpected("a time in single quotes"));
        };
        let text = text.clone();
        self.advance();
        let is_date = function == "DATE";
        if is_date != (text.len() == DATE) {
            let (what, example) = if is_date {
                ("date", "DATE('2026-01-31')")
            } else {
                ("timestamp", "TIMESTAMP('2026-01-31T08:00:00+08:00')")
            };
            let given = text;
            return Err(fault(
                at,
                FilterFault::TimeForm {
                    given,
                    what,
                    example,
                },
            ));
        }
        let time: Time = text
            .parse()
            .map_err(|error| fault(at, FilterFault::Time(error)))?;
        let form = Form::Literal(Item::Time(time));
        let kind = Kind::Time;
        Ok(Operand::Scalar(Scalar { kind, form }))
    }

    /// What stands in `INTERVAL(…, …)`; `'..'` is an open end, and a date at the end counts to the end of its day.
    pub(super) fn interval(&mut self) -> Parsed<Span> {
        let at = self.at();
        let from = self.end(false)?;
        self.needs(",", ", and the end of the interval")?;
        let to = self.end(true)?;
        if let (End::At(Form::Literal(Item::Time(from))), End::At(Form::Literal(Item::Time(to)))) =
            (&from, &to)
            && from > to
        {
            return Err(fault(at, FilterFault::BackwardInterval));
        }
        Ok(Span::Interval(from, to))
    }

    fn end(&mut self, is_last: bool) -> Parsed<End> {
        let at = self.at();
        let mut is_date = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case("DATE"))
            && self.is_before_parenthesis();
        let form = if let Token::Text(text) = self.peek() {
            let text = text.clone();
            self.advance();
            if text == ".." {
                return Ok(End::Open);
            }
            is_date = text.len() == DATE;
            let time: Time = text
                .parse()
                .map_err(|error| fault(at, FilterFault::Time(error)))?;
            Form::Literal(Item::Time(time))
        } else {
            let operand = self.sum()?;
            let scalar = into_scalar(operand, at, "INTERVAL")?;
            if scalar.kind != Kind::Time {
                let needed = "times, or '..' for an open end";
                return Err(wrong_kind(at, "INTERVAL", needed, scalar.kind));
            }
            scalar.form
        };
        Ok(End::At(match form {
            Form::Literal(Item::Time(time)) if is_date && is_last => {
                let last = time.millis().saturating_add(REST_OF_DAY);
                Form::Literal(Item::Time(Time::from_millis(last)))
            }
            form => form,
        }))
    }
}
