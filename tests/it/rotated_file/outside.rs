//! What others do to the files meanwhile: rename, delete, empty, or be in the way.

use super::{old, texts};
use flowmeter::RotatedFile;
use std::fs::{self, File};
use std::io::Write;

#[test]
fn a_directory_in_the_way_of_a_rotation_loses_nothing_and_is_counted() {
    for in_the_way in [1, 2] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut file = RotatedFile::open(&path).unwrap().rotate_at(2).keep(2);
        let failed = file.failed_rotations();
        let directory = old(&path, in_the_way);
        fs::create_dir(&directory).unwrap();
        for line in ["1\n", "2\n", "3\n", "4\n"] {
            file.write_all(line.as_bytes()).unwrap();
        }
        let expected: &[&str] =
            if in_the_way == 1 { &["1\n2\n3\n4\n"] } else { &["1\n", "2\n3\n4\n"] };
        assert_eq!(texts(&path), expected);
        assert_eq!(failed.value(), if in_the_way == 1 { 3 } else { 2 });
        assert!(directory.is_dir());
        fs::remove_dir(&directory).unwrap();
        file.write_all(b"5\n").unwrap();
        assert_eq!(texts(&path).len(), expected.len() + 1);
        assert_eq!(texts(&path).concat(), "1\n2\n3\n4\n5\n");
    }
}

#[test]
fn a_number_that_is_free_is_used_before_the_oldest_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    fs::write(old(&path, 2), "2\n").unwrap();
    fs::write(old(&path, 3), "1\n").unwrap();
    fs::write(&path, "3\n").unwrap();
    let mut file = RotatedFile::open(&path).unwrap().rotate_at(2).keep(3);
    file.write_all(b"4\n").unwrap();
    assert_eq!(texts(&path), ["1\n", "2\n", "3\n", "4\n"]);
}

#[cfg(unix)]
#[test]
fn a_directory_that_may_not_be_written_loses_nothing_and_is_counted() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut file = RotatedFile::open(&path).unwrap().rotate_at(2);
    let allow =
        |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    allow(0o555);
    if File::create(folder.path().join("probe")).is_ok() {
        println!("skipped: this user may write to every directory");
        return allow(0o755);
    }
    for line in ["1\n", "2\n", "3\n"] {
        file.write_all(line.as_bytes()).unwrap();
    }
    allow(0o755);
    assert_eq!(texts(&path), ["1\n2\n3\n"]);
    assert_eq!(file.failed_rotations().value(), 2);
    file.write_all(b"4\n").unwrap();
    assert_eq!(texts(&path), ["1\n2\n3\n", "4\n"]);
}

#[test]
fn after_somebody_else_renamed_or_deleted_the_file_a_new_one_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let moved = folder.path().join("moved");
    let mut file = RotatedFile::open(&path).unwrap();
    file.write_all(b"1\n").unwrap();
    fs::rename(&path, &moved).unwrap();
    file.write_all(b"2\n").unwrap();
    assert_eq!(fs::read_to_string(&moved).unwrap(), "1\n");
    assert_eq!(texts(&path), ["2\n"]);
    fs::remove_file(&path).unwrap();
    file.write_all(b"3\n").unwrap();
    assert_eq!(texts(&path), ["3\n"]);
}

#[cfg(unix)]
#[test]
fn another_file_in_its_place_is_gone_on_with_on_a_new_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut file = RotatedFile::open(&path).unwrap();
    file.write_all(b"1\n").unwrap();
    fs::rename(&path, folder.path().join("moved")).unwrap();
    fs::write(&path, "somebody's").unwrap();
    file.write_all(b"2\n").unwrap();
    assert_eq!(texts(&path), ["somebody's\n2\n"]);
}

#[test]
fn a_file_that_somebody_else_emptied_is_gone_on_with_and_its_bound_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut file = RotatedFile::open(&path).unwrap().rotate_at(6);
    for line in ["1\n", "2\n", "3\n"] {
        file.write_all(line.as_bytes()).unwrap();
    }
    File::options().write(true).open(&path).unwrap().set_len(0).unwrap();
    for line in ["4\n", "5\n", "6\n", "7\n"] {
        file.write_all(line.as_bytes()).unwrap();
    }
    assert_eq!(texts(&path), ["4\n5\n6\n", "7\n"]);
}

#[test]
fn a_directory_that_was_deleted_is_an_error_until_it_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    let path = inner.join("log");
    fs::create_dir(&inner).unwrap();
    let mut file = RotatedFile::open(&path).unwrap();
    fs::remove_dir_all(&inner).unwrap();
    let error = file.write(b"1\n").unwrap_err().to_string();
    let said = format!("`{}` can't be written to: ", path.display());
    assert!(error.starts_with(&said) && error.len() > said.len(), "{error}");
    fs::create_dir(&inner).unwrap();
    file.write_all(b"2\n").unwrap();
    assert_eq!(texts(&path), ["2\n"]);
}
