//! Work on a thread of its own, beside the following of the store.

use std::thread::{Builder, JoinHandle};

/// Some work that is under way, or not.
#[derive(Debug)]
pub(super) struct Beside<T> {
    thread: Option<JoinHandle<T>>,
    /// Version and edition of the content with which it failed: with the same it would fail again.
    failed: Option<(u64, u64)>,
    /// Those of the content that it works on.
    on: (u64, u64),
}

impl<T> Default for Beside<T> {
    fn default() -> Self {
        Self {
            thread: None,
            failed: None,
            on: (0, 0),
        }
    }
}

impl<T: Send + 'static> Beside<T> {
    /// Whether work on content of this version and edition may begin: none is under way, and it did not fail before.
    pub(super) fn is_free(&self, content: (u64, u64)) -> bool {
        self.thread.is_none() && self.failed != Some(content)
    }

    /// Begins work on some content.
    pub(super) fn begin(
        &mut self,
        name: &str,
        content: (u64, u64),
        work: impl FnOnce() -> T + Send + 'static,
    ) {
        self.on = content;
        match Builder::new().name(name.to_owned()).spawn(work) {
            Ok(thread) => self.thread = Some(thread),
            Err(error) => {
                tracing::warn!(%error, name, "no thread for work beside the service");
                self.failed = Some(content);
            }
        }
    }

    /// What the work came to, once it is done; one that panicked came to nothing.
    pub(super) fn take(&mut self) -> Option<T> {
        let done = self.thread.take_if(|thread| thread.is_finished())?;
        done.join()
            .inspect_err(|_| {
                // What it said is in the log by then.
                tracing::error!("work beside the service failed; it goes on without");
                self.failed = Some(self.on);
            })
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn waited<T: Send + 'static>(beside: &mut Beside<T>) -> Option<T> {
        while beside
            .thread
            .as_ref()
            .is_some_and(|thread| !thread.is_finished())
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        beside.take()
    }

    #[test]
    fn work_that_panicked_is_not_begun_again_for_the_same_content() {
        let mut beside = Beside::default();
        assert!(beside.is_free((1, 0)));
        beside.begin("test", (1, 0), || -> u32 { panic!("for the test") });
        assert_eq!(waited(&mut beside), None);
        assert!(!beside.is_free((1, 0)) && beside.is_free((2, 0)));
        beside.begin("test", (2, 0), || 7);
        assert!(!beside.is_free((2, 0)));
        assert_eq!(waited(&mut beside), Some(7));
        assert!(beside.is_free((2, 0)));
    }
}
