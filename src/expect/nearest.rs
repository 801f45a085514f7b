//! The series that somebody may have meant who asked for one that is not there.

use crate::metric::Key;
use crate::snapshot::SeriesRef;

/// How many are shown.
const SHOWN: usize = 5;

/// What the names of the library's own figures begin with: shown only to whoever asked for one.
const OWN: &str = "flowmeter.";

/// The series nearest to `key`: those of its name first, those with the most similar labels before; then
/// by how similar the names are.
pub(super) fn nearest<'a>(
    series: impl Iterator<Item = SeriesRef<'a>>,
    key: &Key,
) -> Vec<SeriesRef<'a>> {
    let own = key.name().starts_with(OWN);
    let meant = |series: &SeriesRef<'_>| own || !series.key.name().starts_with(OWN);
    let mut nearest: Vec<_> = series.filter(meant).collect();
    let text = key.to_string();
    nearest.sort_by_cached_key(|series| {
        let of_name = distance(key.name(), series.key.name());
        // Labels matter only where the name is right: all texts of all series would take long.
        let of_labels = if of_name == 0 { distance(&text, &series.key.to_string()) } else { 0 };
        (of_name, of_labels)
    });
    nearest.truncate(SHOWN);
    nearest
}

/// How many characters must be put in, taken out or replaced to turn the one text into the other, after
/// Levenshtein; `row` holds it for each beginning of the other text.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = before + usize::from(a != *b);
            before = row[j + 1];
            row[j + 1] = replaced.min(before + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn the_distance_of_two_texts_is_the_least_number_of_changes() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("rows", "rows", 0),
            ("row", "rows", 1),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("größe", "grosse", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }
}
