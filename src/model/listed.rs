//! Lists inside of a text value.

/// What stands between two items of a list as people write it: who joins texts by one of these must see that none has it.
pub const LIST_SEPARATORS: [char; 9] = [',', '，', ';', '；', '、', '|', '｜', '\n', '\t'];
