//! What holds of the files after any writes: bounds, order, and that no write was split.

use super::{old, texts};
use flowmeter::{JsonLines, Registry, Reporter, RotatedFile, Text};
use proptest::collection::vec;
use proptest::prelude::*;
use std::fs;
use std::io::Write;

#[test]
fn the_newest_old_file_has_the_lowest_number_and_those_beyond_the_bound_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut file = RotatedFile::open(&path).unwrap().rotate_at(4).keep(2);
    for line in ["1\n", "2\n", "3\n", "4\n", "5\n", "6\n", "7\n"] {
        file.write_all(line.as_bytes()).unwrap();
    }
    assert_eq!(texts(&path), ["3\n4\n", "5\n6\n", "7\n"]);
    assert_eq!(fs::read_to_string(old(&path, 1)).unwrap(), "5\n6\n");
    assert_eq!(file.failed_rotations().value(), 0);
}

#[test]
fn a_write_larger_than_the_bound_has_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut file = RotatedFile::open(&path).unwrap().rotate_at(4);
    for line in ["1\n", "much more\n", "2\n", "3\n"] {
        assert_eq!(file.write(line.as_bytes()).unwrap(), line.len());
    }
    assert_eq!(texts(&path), ["1\n", "much more\n", "2\n3\n"]);
}

#[test]
fn a_file_that_keeps_no_old_ones_is_emptied_when_it_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut file = RotatedFile::open(&path).unwrap().rotate_at(4).keep(0);
    for line in ["1\n", "2\n", "3\n"] {
        file.write_all(line.as_bytes()).unwrap();
    }
    assert_eq!(texts(&path), ["3\n"]);
}

#[test]
fn old_files_of_a_larger_number_are_deleted_at_the_next_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    for (keep, kept) in [(4, &["2\n", "3\n", "4\n", "5\n", "6\n"][..]), (1, &["9\n", "0\n"])] {
        let mut file = RotatedFile::open(&path).unwrap().rotate_at(2).keep(keep);
        let lines = if keep == 4 { "1 2 3 4 5 6" } else { "7 8 9 0" };
        for line in lines.split(' ') {
            file.write_all(format!("{line}\n").as_bytes()).unwrap();
        }
        assert_eq!(texts(&path), kept);
    }
}

#[test]
fn a_file_that_is_full_already_is_rotated_before_the_first_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    fs::write(&path, "long enough\n").unwrap();
    let mut file = RotatedFile::open(&path).unwrap().rotate_at(10);
    assert_eq!(texts(&path), ["long enough\n"]);
    assert_eq!(file.write(b"").unwrap(), 0);
    assert_eq!(texts(&path), ["long enough\n"], "nothing was written");
    file.write_all(b"next\n").unwrap();
    assert_eq!(texts(&path), ["long enough\n", "next\n"]);
}

#[test]
fn a_last_line_without_an_end_is_not_glued_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    fs::write(&path, "1\n{\"broken").unwrap();
    let mut file = RotatedFile::open(&path).unwrap();
    file.write_all(b"2\n").unwrap();
    file.write_all(b"3\n").unwrap();
    assert_eq!(texts(&path), ["1\n{\"broken\n2\n3\n"]);
    RotatedFile::open(&path).unwrap().write_all(b"4\n").unwrap();
    assert_eq!(texts(&path), ["1\n{\"broken\n2\n3\n4\n"]);
}

#[test]
fn reporters_write_to_it_and_each_report_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let registry = Registry::new();
    registry.counter("rows").unwrap().add(3);
    let report = registry.report();
    let mut lines = JsonLines::new(RotatedFile::open(&path).unwrap().rotate_at(1));
    lines.report(&report).unwrap();
    lines.report(&report).unwrap();
    let line = report.to_json() + "\n";
    assert_eq!(texts(&path), [line.as_str(), line.as_str()]);
    let mut text = Text::new(RotatedFile::open(&path).unwrap().rotate_at(1)).with_series();
    text.report(&report).unwrap();
    assert!(texts(&path)[2].ends_with("\nrows 3\n"), "{:?}", texts(&path));
}

/// The writes of a case: how long each is, and whether the file is opened anew before it.
fn writes() -> impl Strategy<Value = Vec<(usize, bool)>> {
    vec((0_usize..30, any::<bool>()), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_files_are_the_end_of_what_was_written_cut_only_between_writes(
        writes in writes(),
        bound in 0_u64..80,
        keep in 0_u32..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let open = || RotatedFile::open(&path).unwrap().rotate_at(bound).keep(keep);
        let mut file = open();
        let mut written = Vec::new();
        for (number, (length, opened)) in writes.into_iter().enumerate() {
            if opened {
                file = open();
            }
            let line = format!("{number} {}\n", "x".repeat(length));
            prop_assert_eq!(file.write(line.as_bytes()).unwrap(), line.len());
            written.push(line);
            let files = texts(&path);
            let lines: Vec<&str> = files.iter().flat_map(|text| text.split_inclusive('\n')).collect();
            prop_assert!(files.len() <= keep as usize + 1, "{:?}", files);
            prop_assert_eq!(&lines, &written[written.len() - lines.len()..].iter().collect::<Vec<_>>());
            prop_assert!(
                files.iter().all(|text| text.len() as u64 <= bound || text.lines().count() == 1)
            );
            let would_have_fitted = files.windows(2).any(|pair| {
                let next = pair[1].split_inclusive('\n').next().unwrap_or("");
                (pair[0].len() + next.len()) as u64 <= bound
            });
            prop_assert!(!would_have_fitted, "{:?}", files);
            let all_are_kept = lines.len() == written.len() || files.len() == keep as usize + 1;
            prop_assert!(all_are_kept, "{:?}", files);
        }
    }
}
