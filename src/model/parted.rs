//! A row in two parts.

/// Moves the items for which `is_second` holds behind the others, in no order, and parts the row there.
pub(crate) fn parted<T>(items: &mut [T], is_second: impl Fn(&T) -> bool) -> (&mut [T], &mut [T]) {
    let mut first = 0;
    for at in 0..items.len() {
        if !is_second(&items[at]) {
            items.swap(first, at);
            first += 1;
        }
    }
    items.split_at_mut(first)
}
