//! The text of a filter as words, names, texts, numbers and signs, each with its place.

use super::error::{FilterError, FilterFault};
use super::number::Number;

/// One piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A keyword, a function or a field.
    Word(String),
    /// A field in double quotes.
    Name(String),
    /// A text in single quotes.
    Text(String),
    Number(Number),
    Sign(&'static str),
    End,
}

impl std::fmt::Display for Token {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) => write!(out, "{word}"),
            Self::Name(name) => write!(out, "{name:?}"),
            Self::Text(text) => write!(out, "'{text}'"),
            Self::Number(number) => write!(out, "{number}"),
            Self::Sign(sign) => write!(out, "{sign}"),
            Self::End => out.write_str("the end"),
        }
    }
}

/// A piece and the character, from 1, that it begins with.
pub(super) type Placed = (Token, usize);

/// The signs, the longer before those that they begin with.
const SIGNS: [&str; 14] = [
    "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%",
];
const POWER: &str = "^";

/// Cuts the text; the last piece is [`Token::End`].
pub(super) fn lex(text: &str) -> Result<Vec<Placed>, FilterError> {
    let mut lexer = Lexer { rest: text, at: 1 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip(char::is_whitespace);
        let at = lexer.at;
        let token = lexer.token().map_err(|fault| FilterError { at, fault })?;
        let is_end = token == Token::End;
        tokens.push((token, at));
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    rest: &'a str,
    /// The character that the rest begins with, from 1.
    at: usize,
}

impl<'a> Lexer<'a> {
    /// Takes so many bytes, which end where a character does.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        self.at += taken.chars().count();
        taken
    }

    /// Takes the characters of a kind that the rest begins with.
    fn skip(&mut self, is_kind: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !is_kind(c)).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn token(&mut self) -> Result<Token, FilterFault> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token::End);
        };
        let second = self.rest.chars().nth(1);
        match first {
            '\'' => self.text(),
            '"' => self.name(),
            _ if first.is_ascii_digit() => self.number(),
            '.' if second.is_some_and(|c| c.is_ascii_digit()) => self.number(),
            _ if first.is_alphabetic() || first == '_' => {
                let word = self.skip(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'));
                Ok(Token::Word(word.to_owned()))
            }
            _ => self.sign(first),
        }
    }

    fn sign(&mut self, first: char) -> Result<Token, FilterFault> {
        let mut signs = SIGNS.into_iter().chain([POWER]);
        if let Some(sign) = signs.find(|sign| self.rest.starts_with(*sign)) {
            self.take(sign.len());
            return Ok(Token::Sign(sign));
        }
        let hint = match first {
            '!' => "; write <> for not equal",
            '“' | '”' | '‘' | '’' => {
                "; write plain quotes: ' around a text, \" around a field"
            }
            '（' | '）' | '，' | '＝' | '＞' | '＜' => {
                "; it is full-width, write the plain sign"
            }
            _ => "",
        };
        Err(FilterFault::Character { found: first, hint })
    }

    /// A text: a quote inside is written as '' or \'.
    fn text(&mut self) -> Result<Token, FilterFault> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            match (character, characters.peek()) {
                ('\'' | '\\', Some((_, '\''))) => {
                    characters.next();
                    text.push('\'');
                }
                // Of two backslashes the second one does not stand for what follows it.
                ('\\', Some((_, '\\'))) => {
                    characters.next();
                    text.push_str("\\\\");
                }
                ('\'', _) => {
                    self.take(at + 1);
                    return Ok(Token::Text(text));
                }
                (other, _) => text.push(other),
            }
        }
        Err(FilterFault::OpenText)
    }

    fn name(&mut self) -> Result<Token, FilterFault> {
        let mut name = String::new();
        let mut characters = self.rest.char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            if character != '"' {
                name.push(character);
            } else if characters.next_if(|(_, next)| *next == '"').is_some() {
                name.push('"');
            } else {
                self.take(at + 1);
                return Ok(Token::Name(name));
            }
        }
        Err(FilterFault::OpenName)
    }

    fn number(&mut self) -> Result<Token, FilterFault> {
        let digits =
            |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let mut end = digits(self.rest);
        if self.rest[end..].starts_with('.') {
            end += 1 + digits(&self.rest[end + 1..]);
        }
        let exponent = &self.rest[end..];
        if exponent.starts_with(['e', 'E']) {
            let sign = usize::from(exponent[1..].starts_with(['+', '-']));
            let count = digits(&exponent[1 + sign..]);
            end += if count > 0 { 1 + sign + count } else { 0 };
        }
        // What sticks to a number is part of it, and spoils it.
        let tail = self.rest[end..].find(|c: char| !(c.is_alphanumeric() || c == '_'));
        let given = self.take(tail.map_or(self.rest.len(), |tail| end + tail));
        Number::parse(given)
            .map(Token::Number)
            .ok_or_else(|| FilterFault::Number {
                given: given.to_owned(),
            })
    }
}
