//! Which rows changed: triggers on each table note it, whichever program writes, so that a reader takes up those rows only.
//!
//! Each table has a log of its own, numbered without gaps. A reader keeps the number up to which it has read.

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::quote;

/// Entries that a table's log keeps: a reader further behind reads the whole table, which takes as long by then. The log of
/// one table stays below a megabyte.
pub(super) const KEPT: usize = 32_768;

/// The table of duties; no layer has this name.
pub(super) const STAFF: &str = "staff";

/// What a trigger follows, and the key that names the row.
const EVENTS: [(&str, &str); 3] = [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")];

fn key(table: &str) -> &'static str {
    if table == STAFF { "id" } else { "fid" }
}

fn trigger(event: &str, table: &str) -> String {
    format!("wangge_log_{}_{table}", event.to_lowercase())
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The number of a table's last entry, as SQL; `name` is an expression.
fn last(name: &str) -> String {
    format!("ifnull((SELECT seq FROM wangge_log WHERE name = {name} ORDER BY seq DESC LIMIT 1), 0)")
}

/// Has all further changes of a table's rows noted, and tells readers that nothing is known of the former ones.
pub(super) fn watch(rows: &Connection, table: &str) -> rusqlite::Result<()> {
    let (name, key) = (text(table), key(table));
    let last = last(&name);
    for (event, row) in EVENTS {
        // A row may get another key.
        let moved = if event == "UPDATE" {
            format!(
                "INSERT INTO wangge_log SELECT {name}, {last} + 1, OLD.{key} WHERE OLD.{key} <> NEW.{key};"
            )
        } else {
            String::new()
        };
        rows.execute_batch(&format!(
            "CREATE TRIGGER IF NOT EXISTS {} AFTER {event} ON {} BEGIN
  {moved}
  INSERT INTO wangge_log VALUES ({name}, {last} + 1, {row}.{key});
  DELETE FROM wangge_log WHERE name = {name} AND seq <= {last} - {KEPT};
END;",
            quote(&trigger(event, table)),
            quote(table),
        ))?;
    }
    note_all(rows, table)
}

/// Has no more changes of a table's rows noted, for as long as so many are written that a reader reads all anyhow.
pub(super) fn unwatch(rows: &Connection, table: &str) -> rusqlite::Result<()> {
    for (event, _) in EVENTS {
        let name = quote(&trigger(event, table));
        rows.execute_batch(&format!("DROP TRIGGER IF EXISTS {name}"))?;
    }
    Ok(())
}

/// Notes that any row of a table may have changed, in one entry instead of all.
fn note_all(rows: &Connection, table: &str) -> rusqlite::Result<()> {
    let last = last("?1");
    rows.execute(
        &format!("INSERT INTO wangge_log VALUES (?1, {last} + 1, NULL)"),
        [table],
    )?;
    rows.execute(
        "DELETE FROM wangge_log WHERE name = ?1 AND seq < (SELECT max(seq) FROM wangge_log WHERE name = ?1)",
        [table],
    )?;
    Ok(())
}

/// Whether changes of a table's rows are noted: another program may have made it anew, without triggers.
fn is_watched(rows: &Connection, table: &str) -> rusqlite::Result<bool> {
    let mut asked = rows.prepare_cached(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 AND name IN (?2, ?3, ?4)",
    )?;
    let [insert, update, delete] = EVENTS.map(|(event, _)| trigger(event, table));
    let count: usize = asked.query_row(params![table, insert, update, delete], |row| row.get(0))?;
    Ok(count == EVENTS.len())
}

/// The number of a table's last entry; `None` where its changes are not noted.
pub(super) fn end(rows: &Connection, table: &str) -> rusqlite::Result<Option<u64>> {
    if !is_watched(rows, table)? {
        return Ok(None);
    }
    let mut asked = rows.prepare_cached(&format!("SELECT {}", last("?1")))?;
    asked.query_row([table], |row| row.get(0)).map(Some)
}

/// The keys of a table's rows that changed after an entry, ascending, each once; `None` where the log cannot tell.
pub(super) fn changed(
    rows: &Connection,
    table: &str,
    since: u64,
) -> rusqlite::Result<Option<Vec<i64>>> {
    let Some(end) = end(rows, table)? else {
        return Ok(None);
    };
    if end == since {
        return Ok(Some(Vec::new()));
    }
    // The entry itself must be there still: else entries after it may be gone, or the log is another one.
    let mut asked = rows.prepare_cached("SELECT 1 FROM wangge_log WHERE name = ?1 AND seq = ?2")?;
    let is_reached = asked
        .query_row(params![table, since], |_| Ok(()))
        .optional()?;
    if is_reached.is_none() || end < since {
        return Ok(None);
    }
    let mut asked = rows.prepare_cached(
        "SELECT DISTINCT fid FROM wangge_log WHERE name = ?1 AND seq > ?2 ORDER BY fid",
    )?;
    let keys = asked.query_map(params![table, since], |row| row.get::<_, Option<i64>>(0))?;
    let keys = keys.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(keys.into_iter().collect())
}

/// The tables of which changes should be noted and are not.
pub(super) fn unwatched(rows: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut asked = rows.prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table'
           AND (name = ?1 OR name IN (SELECT name FROM wangge_layer))
           AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_master.name) AS key
             WHERE key.pk = 1 AND key.name = iif(sqlite_master.name = ?1, 'id', 'fid'))",
    )?;
    let tables = asked.query_map([STAFF], |row| row.get::<_, String>(0))?;
    let mut found = Vec::new();
    for table in tables {
        let table = table?;
        if !is_watched(rows, &table)? {
            found.push(table);
        }
    }
    Ok(found)
}
