//! GDAL's own words. They are collected for each thread and never reach stderr.

use std::cell::RefCell;
use std::sync::Once;

use gdal::errors::CplErrType;

/// Messages kept for one call; a broken file can repeat itself for every record.
const KEPT: usize = 100;

/// One thing that GDAL, GEOS or PROJ said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub is_failure: bool,
    pub text: String,
}

thread_local! {
    static HEARD: RefCell<Vec<Message>> = const { RefCell::new(Vec::new()) };
}

/// Takes GDAL's messages over from stderr, once in a process.
pub(super) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| gdal::config::set_error_handler(hear));
}

fn hear(severity: CplErrType, _number: i32, text: &str) {
    let is_failure = match severity {
        CplErrType::Failure | CplErrType::Fatal => true,
        CplErrType::Warning => false,
        CplErrType::None | CplErrType::Debug => return,
    };
    // A thread that ends has no buffer any more; its message has no listener either.
    let _ = HEARD.try_with(|heard| {
        if let Ok(mut heard) = heard.try_borrow_mut()
            && heard.len() < KEPT
        {
            heard.push(Message {
                is_failure,
                text: text.trim().to_owned(),
            });
        }
    });
}

/// Hands over what was said on this thread since the last call.
pub(super) fn take() -> Vec<Message> {
    HEARD.with(RefCell::take)
}

/// The failures among the messages in one sentence; `None` without any.
pub(super) fn failure(messages: &[Message]) -> Option<String> {
    let mut texts: Vec<&str> = Vec::new();
    for message in messages.iter().filter(|message| message.is_failure) {
        if !texts.contains(&message.text.as_str()) && texts.len() < 3 {
            texts.push(&message.text);
        }
    }
    (!texts.is_empty()).then(|| texts.join("; "))
}
