//! What stands in conditions: fields, written values, arithmetic, functions.

use super::condition::Condition;
use super::error::FilterFault;
use super::fold::{without_accents, without_case};
use super::lexer::Token;
use super::names::{is_reserved, resolve, unknown_function};
use super::number::Operator;
use super::parser::{Operand, Parsed, Parser, fault, into_scalar, wrong_kind};
use super::scalar::{Form, Item, Kind, Scalar};
use super::spatial::{SPACE_RELATIONS, Shape, SpaceRelation};
use super::temporal::{Span, TIME_RELATIONS, TimeRelation};

const SUMS: [(&str, Operator); 2] = [("+", Operator::Add), ("-", Operator::Subtract)];
const PRODUCTS: [(&str, Operator); 4] = [
    ("*", Operator::Multiply),
    ("/", Operator::Divide),
    ("%", Operator::Remainder),
    ("DIV", Operator::Div),
];
const POWERS: [(&str, Operator); 1] = [("^", Operator::Power)];

/// Values.
impl Parser<'_> {
    pub(super) fn sum(&mut self) -> Parsed<Operand> {
        self.chain(&SUMS, Self::product)
    }

    fn product(&mut self) -> Parsed<Operand> {
        self.chain(&PRODUCTS, Self::power)
    }

    /// One power; which of two is meant first is not the same everywhere.
    fn power(&mut self) -> Parsed<Operand> {
        let power = self.chain(&POWERS, Self::factor)?;
        if let Operand::Scalar(Scalar {
            form: Form::Chain(_, rest),
            ..
        }) = &power
            && rest.len() > 1
            && rest
                .iter()
                .all(|(operator, _)| *operator == Operator::Power)
        {
            let what = "a power of a power without parentheses".to_owned();
            let instead = "write (a ^ b) ^ c or a ^ (b ^ c)";
            return Err(fault(self.at(), FilterFault::Unsupported { what, instead }));
        }
        Ok(power)
    }

    fn chain(
        &mut self,
        operators: &[(&str, Operator)],
        read: fn(&mut Self) -> Parsed<Operand>,
    ) -> Parsed<Operand> {
        let at = self.at();
        let first = read(self)?;
        let Some(mut operator) = self.operator(operators) else {
            return Ok(first);
        };
        let first = number(first, at)?;
        let mut rest = Vec::new();
        loop {
            let at = self.at();
            let next = read(self)?;
            rest.push((operator, number(next, at)?));
            match self.operator(operators) {
                Some(next) => operator = next,
                None => break,
            }
        }
        let form = Form::Chain(Box::new(first), rest);
        Ok(scalar(Kind::Number, form))
    }

    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        let found = operators
            .iter()
            .find(|(sign, _)| self.takes(sign) || self.takes_word(sign));
        found.map(|(_, operator)| *operator)
    }

    fn factor(&mut self) -> Parsed<Operand> {
        if !self.takes("-") {
            return self.primary();
        }
        let at = self.at();
        let operand = self.deeper(Self::factor)?;
        let form = number(operand, at)?;
        let written = match &form {
            Form::Literal(Item::Number(number)) => number.negated(),
            _ => None,
        };
        let form = match written {
            Some(number) => Form::Literal(Item::Number(number)),
            None => Form::Negated(Box::new(form)),
        };
        Ok(scalar(Kind::Number, form))
    }

    fn primary(&mut self) -> Parsed<Operand> {
        let at = self.at();
        match self.peek() {
            Token::Sign("(") => {
                self.advance();
                let inner = self.deeper(Self::either)?;
                self.needs(")", ")")?;
                Ok(inner)
            }
            Token::Number(number) => {
                let item = Item::Number(*number);
                self.advance();
                Ok(scalar(Kind::Number, Form::Literal(item)))
            }
            Token::Text(text) => {
                let item = Item::Text(text.clone().into());
                self.advance();
                Ok(scalar(Kind::Text, Form::Literal(item)))
            }
            Token::Name(name) => {
                let field = resolve(name, self.layer, self.access);
                self.advance();
                field.map_err(|error| fault(at, error))
            }
            Token::Word(word) => {
                let word = word.clone();
                self.word(&word)
            }
            Token::Sign(_) | Token::End => Err(self.unexpected("a field or a written value")),
        }
    }

    fn word(&mut self, word: &str) -> Parsed<Operand> {
        let at = self.at();
        if let Some(shape) = self.shape()? {
            return Ok(Operand::Shape(shape));
        }
        if self.is_before_parenthesis() && !is_reserved(word) {
            self.place_behind_parenthesis();
            return self.deeper(|parser| parser.function(word, at));
        }
        for (name, flag) in [("TRUE", true), ("FALSE", false)] {
            if self.takes_word(name) {
                let form = Form::Literal(Item::Boolean(flag));
                return Ok(scalar(Kind::Boolean, form));
            }
        }
        if word.eq_ignore_ascii_case("NULL") {
            let what = "NULL as a value".to_owned();
            let instead = "ask with IS NULL or IS NOT NULL";
            return Err(fault(at, FilterFault::Unsupported { what, instead }));
        }
        if is_reserved(word) {
            return Err(self
                .unexpected("a field or a written value (a field of such a name in quotes: \")"));
        }
        self.advance();
        resolve(word, self.layer, self.access).map_err(|error| fault(at, error))
    }

    fn place_behind_parenthesis(&mut self) {
        self.advance();
        self.advance();
    }

    /// A function whose name and parenthesis are read.
    fn function(&mut self, name: &str, at: usize) -> Parsed<Operand> {
        let upper = name.to_ascii_uppercase();
        let space = SPACE_RELATIONS.iter().find(|(known, _)| *known == upper);
        let time = TIME_RELATIONS.iter().find(|(known, _)| *known == upper);
        let operand = match (upper.as_str(), space, time) {
            (_, Some((_, relation)), _) => self.space(*relation)?,
            (_, _, Some((_, relation))) => self.time(*relation)?,
            ("CASEI", ..) => self.folded(Form::WithoutCase, without_case)?,
            ("ACCENTI", ..) => self.folded(Form::WithoutAccents, without_accents)?,
            ("DATE" | "TIMESTAMP", ..) => self.instant(&upper)?,
            ("INTERVAL", ..) => Operand::Interval(self.interval()?),
            _ => return Err(fault(at, unknown_function(name))),
        };
        self.needs(")", ") behind a function")?;
        Ok(operand)
    }

    fn folded(&mut self, wrap: fn(Box<Form>) -> Form, fold: fn(&str) -> String) -> Parsed<Operand> {
        let at = self.at();
        let operand = self.sum()?;
        let text = into_scalar(operand, at, "this function")?;
        if text.kind != Kind::Text {
            return Err(wrong_kind(at, "this function", "a text", text.kind));
        }
        let form = match text.form {
            Form::Literal(Item::Text(text)) => Form::Literal(Item::Text(fold(&text).into())),
            form => wrap(Box::new(form)),
        };
        Ok(scalar(Kind::Text, form))
    }

    fn space(&mut self, relation: SpaceRelation) -> Parsed<Operand> {
        let first = self.related_shape()?;
        self.needs(",", ", and a second geometry")?;
        let second = self.related_shape()?;
        let condition = Condition::Space(relation, first, second);
        Ok(Operand::Condition(condition))
    }

    fn related_shape(&mut self) -> Parsed<Shape> {
        let at = self.at();
        match self.sum()? {
            Operand::Shape(shape) => Ok(shape),
            other => {
                let needed = "geometry, or a written one as POINT(104.7 28.4)";
                let given = other.kind();
                Err(wrong_kind(at, "a spatial relation", needed, given))
            }
        }
    }

    fn time(&mut self, relation: TimeRelation) -> Parsed<Operand> {
        let first = self.span(relation)?;
        self.needs(",", ", and a second time")?;
        let second = self.span(relation)?;
        let spans = Box::new((first, second));
        Ok(Operand::Condition(Condition::Time(relation, spans)))
    }

    fn span(&mut self, relation: TimeRelation) -> Parsed<Span> {
        let at = self.at();
        match self.sum()? {
            Operand::Interval(span) => Ok(span),
            Operand::Scalar(scalar) if scalar.kind == Kind::Time && relation.takes_instants() => {
                Ok(Span::Instant(scalar.form))
            }
            Operand::Scalar(scalar) if scalar.kind == Kind::Time => {
                let needed =
                    "two intervals; for an instant there are T_INTERSECTS, T_AFTER and T_BEFORE";
                Err(wrong_kind(at, "this relation", needed, Kind::Time))
            }
            other => {
                let needed = "a field of times, TIMESTAMP('…'), DATE('…') or INTERVAL('…', '…')";
                Err(wrong_kind(at, "a temporal relation", needed, other.kind()))
            }
        }
    }
}

fn scalar(kind: Kind, form: Form) -> Operand {
    Operand::Scalar(Scalar { kind, form })
}

fn number(operand: Operand, at: usize) -> Parsed<Form> {
    let number = into_scalar(operand, at, "arithmetic")?;
    if number.kind != Kind::Number {
        return Err(wrong_kind(at, "arithmetic", "numbers", number.kind));
    }
    Ok(number.form)
}
