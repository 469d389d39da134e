//! Conditions: OR, AND, NOT and what compares values (CQL2, annex B, by recursive descent).
//!
//! One run through the pieces without ever going back: a parenthesis may hold a condition or a value, so everything is read as
//! an [`Operand`] and asked what it is where that matters.

use super::condition::{Comparison, Condition};
use super::error::{FilterError, FilterFault};
use super::lexer::{Placed, Token, lex};
use super::pattern::Pattern;
use super::scalar::{Form, Item, Kind, Scalar};
use super::spatial::Shape;
use super::temporal::Span;
use crate::model::{Access, Layer};

/// How deep parentheses, NOT and signs may nest; so the stack that a text needs is bounded.
const DEEPEST: usize = 24;

/// Something in a filter, of a kind that is known.
#[derive(Debug)]
pub(super) enum Operand {
    Condition(Condition),
    Scalar(Scalar),
    Shape(Shape),
    Interval(Span),
}

impl Operand {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Condition(_) => Kind::Condition,
            Self::Scalar(scalar) => scalar.kind,
            Self::Shape(_) => Kind::Geometry,
            Self::Interval(_) => Kind::Interval,
        }
    }

    fn is(&self, kind: Kind) -> bool {
        self.kind() == kind
    }
}

/// Reads a whole text as one condition.
pub(super) fn parse(text: &str, layer: &Layer, access: Access) -> Result<Condition, FilterError> {
    let mut parser = Parser {
        tokens: lex(text)?,
        place: 0,
        depth: 0,
        layer,
        access,
    };
    let at = parser.at();
    let operand = parser.either()?;
    let condition = into_condition(operand, at, "the filter")?;
    match parser.peek() {
        Token::End => Ok(condition),
        _ => Err(parser.unexpected("AND, OR, a comparison or the end")),
    }
}

pub(super) struct Parser<'a> {
    tokens: Vec<Placed>,
    /// The piece that is read next; never behind the last.
    place: usize,
    depth: usize,
    pub(super) layer: &'a Layer,
    pub(super) access: Access,
}

pub(super) type Parsed<T> = Result<T, FilterError>;

/// What is asked of pieces, and how a fault is told.
impl Parser<'_> {
    pub(super) fn peek(&self) -> &Token {
        self.tokens
            .get(self.place)
            .map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn peek_second(&self) -> &Token {
        self.tokens
            .get(self.place + 1)
            .map_or(&Token::End, |(token, _)| token)
    }

    /// The character at which the next piece begins.
    pub(super) fn at(&self) -> usize {
        let placed = self.tokens.get(self.place).or(self.tokens.last());
        placed.map_or(1, |(_, at)| *at)
    }

    pub(super) fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.place += 1;
        token
    }

    /// Takes the sign if it is next.
    pub(super) fn takes(&mut self, sign: &str) -> bool {
        let is_next = matches!(self.peek(), Token::Sign(next) if *next == sign);
        self.place += usize::from(is_next);
        is_next
    }

    /// Takes the word if it is next, in any case.
    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let is_next = is_word(self.peek(), word);
        self.place += usize::from(is_next);
        is_next
    }

    pub(super) fn needs(&mut self, sign: &str, expected: &'static str) -> Parsed<()> {
        if self.takes(sign) {
            return Ok(());
        }
        Err(self.unexpected(expected))
    }

    pub(super) fn is_before_parenthesis(&self) -> bool {
        *self.peek_second() == Token::Sign("(")
    }

    pub(super) fn unexpected(&self, expected: &'static str) -> FilterError {
        let found = self.peek().to_string();
        fault(self.at(), FilterFault::Unexpected { found, expected })
    }

    /// Goes one level deeper, and comes back.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return Err(fault(self.at(), FilterFault::TooDeep { most: DEEPEST }));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }
}

pub(super) fn fault(at: usize, fault: FilterFault) -> FilterError {
    FilterError { at, fault }
}

fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(next) if next.eq_ignore_ascii_case(word))
}

pub(super) fn wrong_kind(
    at: usize,
    what: &'static str,
    needed: &'static str,
    given: Kind,
) -> FilterError {
    fault(
        at,
        FilterFault::Kind {
            what,
            needed,
            given,
        },
    )
}

fn into_condition(operand: Operand, at: usize, what: &'static str) -> Parsed<Condition> {
    match operand {
        Operand::Condition(condition) => Ok(condition),
        Operand::Scalar(scalar) if scalar.kind == Kind::Boolean => Ok(match scalar.form {
            Form::Literal(Item::Boolean(flag)) => Condition::Always(flag),
            form => Condition::Flag(form),
        }),
        other => Err(wrong_kind(
            at,
            what,
            "a condition, as in a = 1",
            other.kind(),
        )),
    }
}

/// Conditions.
impl Parser<'_> {
    /// A condition or a value.
    pub(super) fn either(&mut self) -> Parsed<Operand> {
        self.joined("OR", "OR", Self::all, Condition::Any)
    }

    fn all(&mut self) -> Parsed<Operand> {
        self.joined("AND", "AND", Self::negation, Condition::All)
    }

    fn joined(
        &mut self,
        word: &str,
        what: &'static str,
        read: fn(&mut Self) -> Parsed<Operand>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Parsed<Operand> {
        let at = self.at();
        let first = read(self)?;
        if !is_word(self.peek(), word) {
            return Ok(first);
        }
        let mut conditions = vec![into_condition(first, at, what)?];
        while self.takes_word(word) {
            let at = self.at();
            let next = read(self)?;
            conditions.push(into_condition(next, at, what)?);
        }
        Ok(Operand::Condition(join(conditions)))
    }

    fn negation(&mut self) -> Parsed<Operand> {
        if !self.takes_word("NOT") {
            return self.predicate();
        }
        let at = self.at();
        let operand = self.deeper(Self::negation)?;
        let condition = into_condition(operand, at, "NOT")?;
        Ok(Operand::Condition(Condition::Not(Box::new(condition))))
    }

    /// A value, and what is said of it, if anything is.
    fn predicate(&mut self) -> Parsed<Operand> {
        let at = self.at();
        let left = self.sum()?;
        if let Token::Sign(sign) = *self.peek()
            && let Some(comparison) = Comparison::of(sign)
        {
            self.advance();
            return self.comparison(left, at, comparison);
        }
        if self.takes_word("IS") {
            let is_negated = self.takes_word("NOT");
            if !self.takes_word("NULL") {
                return Err(self.unexpected("NULL or NOT NULL after IS"));
            }
            return Ok(negated(is_negated, is_null(left, at)?));
        }
        let is_negated = is_word(self.peek(), "NOT");
        let word = if is_negated {
            self.peek_second()
        } else {
            self.peek()
        };
        let read = match word {
            word if is_word(word, "LIKE") => Self::like,
            word if is_word(word, "IN") => Self::listed,
            word if is_word(word, "BETWEEN") => Self::between,
            _ => return Ok(left),
        };
        self.place += 1 + usize::from(is_negated);
        let left = into_scalar(left, at, "this comparison")?;
        let condition = read(self, left, at)?;
        Ok(negated(is_negated, condition))
    }

    fn comparison(&mut self, left: Operand, at: usize, comparison: Comparison) -> Parsed<Operand> {
        let left = into_scalar(left, at, "a comparison")?;
        let place = self.at();
        let right = self.sum()?;
        let right = into_scalar(right, place, "a comparison")?;
        same_kind(&left, &right, place)?;
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::Unequal);
        if left.kind == Kind::Boolean && !is_equality {
            let needed = "something that has an order";
            return Err(wrong_kind(at, "this comparison", needed, Kind::Boolean));
        }
        let condition = Condition::Compare(left.form, comparison, right.form);
        Ok(Operand::Condition(condition))
    }

    fn like(&mut self, left: Scalar, at: usize) -> Parsed<Condition> {
        if left.kind != Kind::Text {
            return Err(wrong_kind(at, "LIKE", "a text", left.kind));
        }
        let at = self.at();
        let pattern = self.sum()?;
        let Operand::Scalar(Scalar {
            form: Form::Literal(Item::Text(text)),
            ..
        }) = pattern
        else {
            let needed = "a written pattern, as in LIKE 'a%'";
            return Err(wrong_kind(at, "LIKE", needed, pattern.kind()));
        };
        let pattern = Pattern::parse(&text).map_err(|error| fault(at, error))?;
        Ok(Condition::Like(left.form, pattern))
    }

    fn listed(&mut self, left: Scalar, _: usize) -> Parsed<Condition> {
        self.needs("(", "( and a list, as in IN ('a', 'b')")?;
        let mut list = Vec::new();
        loop {
            let at = self.at();
            let next = self.sum()?;
            let next = into_scalar(next, at, "IN")?;
            same_kind(&left, &next, at)?;
            list.push(next.form);
            if !self.takes(",") {
                break;
            }
        }
        self.needs(")", ", or ) in the list")?;
        Ok(Condition::In(left.form, list))
    }

    fn between(&mut self, left: Scalar, at: usize) -> Parsed<Condition> {
        if left.kind == Kind::Boolean {
            let needed = "something that has an order";
            return Err(wrong_kind(at, "BETWEEN", needed, left.kind));
        }
        let low = self.bound(&left)?;
        if !self.takes_word("AND") {
            return Err(self.unexpected("AND and the upper end of BETWEEN"));
        }
        let high = self.bound(&left)?;
        Ok(Condition::Between(left.form, Box::new((low, high))))
    }

    fn bound(&mut self, left: &Scalar) -> Parsed<Form> {
        let at = self.at();
        let bound = self.sum()?;
        let bound = into_scalar(bound, at, "BETWEEN")?;
        same_kind(left, &bound, at)?;
        Ok(bound.form)
    }
}

fn negated(is_negated: bool, condition: Condition) -> Operand {
    Operand::Condition(if is_negated {
        Condition::Not(Box::new(condition))
    } else {
        condition
    })
}

fn is_null(operand: Operand, at: usize) -> Parsed<Condition> {
    match operand {
        Operand::Scalar(scalar) => Ok(Condition::IsNull(scalar.form)),
        // No feature is without a shape.
        Operand::Shape(_) => Ok(Condition::Always(false)),
        other => Err(wrong_kind(at, "IS NULL", "a field", other.kind())),
    }
}

pub(super) fn into_scalar(operand: Operand, at: usize, what: &'static str) -> Parsed<Scalar> {
    match operand {
        Operand::Scalar(scalar) => Ok(scalar),
        other => {
            let needed = if other.is(Kind::Interval) {
                "a single value; relate intervals with T_INTERSECTS and its like"
            } else if other.is(Kind::Geometry) {
                "a single value; relate geometries with S_INTERSECTS and its like"
            } else {
                "a field or a written value"
            };
            Err(wrong_kind(at, what, needed, other.kind()))
        }
    }
}

fn same_kind(left: &Scalar, right: &Scalar, at: usize) -> Parsed<()> {
    if left.kind == right.kind {
        return Ok(());
    }
    let (left, right) = (left.kind, right.kind);
    Err(fault(at, FilterFault::Incomparable { left, right }))
}
