//! The demo places into a store.
