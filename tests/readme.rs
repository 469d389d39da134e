//! The README's answers of locate and of numbers by grid are those of the service, on the town of `examples/town`.

use std::process::Command;

use form_urlencoded::byte_serialize;
use wangge::config::Configuration;
use wangge::model::LocateRules;
use wangge::store::Store;

use crate::support::program::{Desk, Serving};

/// One row of the README: what is asked, and what the answer is said to have.
struct Row {
    question: String,
    answer: String,
}

/// The README's part on locate.
fn section() -> &'static str {
    let readme = include_str!("../README.md");
    let (_, section) = readme
        .split_once("### Every outcome and warning of locate")
        .unwrap();
    section.split_once("\n### ").unwrap().0
}

/// The rows of the table whose requests begin with a place or go on from the row before.
fn rows() -> Vec<Row> {
    let section = section();
    let rows = section.lines().filter_map(|line| {
        let (question, answer) = line.strip_prefix("| ")?.split_once(" | ")?;
        // `lon=…&lat=…`, in words: or … `&unit=9`.
        let is_place = question.starts_with("`lon=");
        (is_place || question.starts_with('…') || question.starts_with("`…")).then(|| Row {
            question: question.split('`').nth(1).unwrap().to_owned(),
            answer: answer.to_owned(),
        })
    });
    rows.collect()
}

/// The texts, numbers and words of some JSON, in order; of a text that is cut short what there is.
fn values(json: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = json;
    while let Some(start) = rest.find(|c: char| c == '"' || c == '-' || c.is_alphanumeric()) {
        rest = &rest[start..];
        let end = if let Some(text) = rest.strip_prefix('"') {
            let mut is_escaped = false;
            let close = text.find(|c| {
                let is_end = c == '"' && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                is_end
            });
            close.map_or(rest.len(), |close| close + 2)
        } else {
            rest.find(|c: char| !c.is_alphanumeric() && !"-.+".contains(c))
                .unwrap_or(rest.len())
        };
        found.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    found
}

/// Whether a value of an answer is the one that is told, which may be cut short by «…».
fn is_told(value: &str, told: &str) -> bool {
    match told.split_once('…') {
        Some((begin, _)) => value.starts_with(begin),
        None => value == told,
    }
}

/// Holds an answer to what is told of it.
#[track_caller]
fn assert_told(question: &str, told: &str, real: &str) {
    let mut values = values(real).into_iter();
    for told in self::values(told) {
        let is_there = values.any(|value| is_told(&value, &told));
        assert!(is_there, "{question}: {told} is not in its place in {real}");
    }
}

fn ask(town: &Serving, question: &str) -> (u16, String) {
    let escaped: String = question
        .bytes()
        .map(|byte| match byte {
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    town.get(&format!("/api/locate?{escaped}"))
}

/// A desk whose store has the town.
fn town() -> Desk {
    let desk = Desk::new();
    let load = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/town/load");
    let loaded = Command::new("bash")
        .arg(load)
        .arg(desk.path("wangge.gpkg"))
        .env("WANGGE", env!("CARGO_BIN_EXE_wangge"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&loaded.stderr);
    assert!(loaded.status.success(), "{errors}");
    desk
}

#[test]
fn every_answer_that_the_readme_tells_of_the_town_is_the_services() {
    let desk = town();
    let town = desk.serve(&[]);
    let rows = rows();
    assert!(rows.len() >= 18, "{} rows", rows.len());
    let mut before = String::new();
    for Row { question, answer } in rows {
        let more = question.trim_start_matches('…');
        let question = if more.starts_with('&') {
            format!("{before}{more}")
        } else {
            more.to_owned()
        };
        let (status, real) = ask(&town, &question);
        let refusal = answer.strip_prefix("400 ");
        let expected = if refusal.is_some() { 400 } else { 200 };
        assert_eq!(status, expected, "{question}: {real}");
        assert_told(&question, refusal.unwrap_or(&answer), &real);
        if !more.starts_with('&') && status == 200 {
            before = question;
        }
    }
}

#[test]
fn every_answer_of_numbers_by_grid_that_the_readme_tells_is_the_services() {
    let readme = include_str!("../README.md");
    let (_, section) = readme.split_once("### Numbers by grid").unwrap();
    let block = section.split("```").nth(1).unwrap();
    let desk = town();
    let town = desk.serve(&[]);
    for command in block.split("\n$ curl ").skip(1) {
        let (asked, told) = command.split_once('\n').unwrap();
        let address = asked.split('\'').nth(1).unwrap();
        let filter = asked.split_once("filter=").map(|(_, filter)| {
            let escaped = byte_serialize(filter.trim_end_matches('"').as_bytes());
            format!("&filter={}", escaped.collect::<String>())
        });
        let more = filter.unwrap_or_default();
        let path = address.trim_start_matches(":8080");
        let (_, real) = town.get(&format!("{path}{more}"));
        assert_told(asked, told, &real);
    }
    assert_eq!(block.matches("$ curl ").count(), 3);
}

#[test]
fn a_store_without_scheme_answers_as_the_readme_tells() {
    let desk = Desk::new();
    drop(Store::open_or_create(&desk.path("wangge.gpkg")).unwrap());
    let row = "| a store without scheme | ";
    let told = section().lines().find_map(|line| line.strip_prefix(row));
    let (status, real) = ask(&desk.serve(&[]), "lon=104.7&lat=28.4");
    assert_eq!(status, 200, "{real}");
    assert_told("a store without scheme", told.unwrap(), &real);
}

#[test]
fn the_rules_that_the_readme_calls_the_defaults_are() {
    let readme = include_str!("../README.md");
    let (_, table) = readme.split_once("```toml\n[locate]\n").unwrap();
    let (table, _) = table.split_once("```").unwrap();
    let told = Configuration::parse(&format!("[locate]\n{table}")).unwrap();
    assert_eq!(told.locate, Some(LocateRules::default()));
}
