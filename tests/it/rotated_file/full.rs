//! A disk that is full, for real: a small file system, a limit on files' size, a limit on open files.

#![cfg(unix)]

use super::{old, texts};
use flowmeter::RotatedFile;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says to a test that it runs within a limit, and in which directory.
const LIMITED: &str = "FLOWMETER_TEST_LIMITED";

/// Runs the test `name` of this file again, in `folder`, behind what `shell` does first.
fn again(name: &str, shell: &[&str], folder: &Path) {
    let run = Command::new(shell[0])
        .args(&shell[1..])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", &format!("rotated_file::full::{name}")])
        .env(LIMITED, folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    let complained = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.contains(" 1 passed"), "{said}{complained}");
}

fn limited() -> Option<PathBuf> {
    std::env::var_os(LIMITED).map(PathBuf::from)
}

/// A line of which several fit on a page of a file system, but no whole number of them.
fn line(number: usize) -> String {
    format!("{number} {}\n", "x".repeat(1500))
}

/// Writes lines until there is no room, and gives how many there was room for.
fn fill(file: &mut RotatedFile, kind: ErrorKind) -> usize {
    let mut write = |number: usize| file.write_all(line(number).as_bytes());
    let (count, error) = (0..100).find_map(|number| Some((number, write(number).err()?))).unwrap();
    assert_eq!(error.kind(), kind, "{error}");
    count
}

#[test]
fn a_full_disk_leaves_whole_lines_and_there_is_more_when_room_comes_back() {
    let Some(folder) = limited() else {
        let folder = tempfile::tempdir().unwrap();
        let mount = "mount -t tmpfs -o size=64k none \"$0\" && exec \"$@\"";
        let shell = ["unshare", "-rm", "sh", "-c", mount, folder.path().to_str().unwrap()];
        let probe = Command::new(shell[0]).args(&shell[1..]).arg("true").output();
        if !probe.is_ok_and(|probe| probe.status.success()) {
            return println!("skipped: no file system can be mounted here");
        }
        return again(
            "a_full_disk_leaves_whole_lines_and_there_is_more_when_room_comes_back",
            &shell,
            folder.path(),
        );
    };
    let (path, filler) = (folder.join("log"), folder.join("filler"));
    fs::write(&filler, vec![0; 40_000]).unwrap();
    let mut file = RotatedFile::open(&path).unwrap();
    let count = fill(&mut file, ErrorKind::StorageFull);
    let whole: String = (0..count).map(line).collect();
    assert!(count > 3);
    assert_eq!(texts(&path), [whole.as_str()]);
    file.write(line(0).as_bytes()).unwrap_err();
    assert_eq!(texts(&path), [whole.as_str()], "it is cut back each time");
    fs::remove_file(&filler).unwrap();
    file.write_all(b"there is room\n").unwrap();
    assert_eq!(texts(&path), [whole + "there is room\n"]);
}

#[test]
fn a_limit_on_the_size_of_files_leaves_whole_lines() {
    let Some(folder) = limited() else {
        let folder = tempfile::tempdir().unwrap();
        let limit = "trap '' XFSZ; ulimit -f 16 && exec \"$0\" \"$@\"";
        let name = "a_limit_on_the_size_of_files_leaves_whole_lines";
        return again(name, &["sh", "-c", limit], folder.path());
    };
    let path = folder.join("log");
    let mut file = RotatedFile::open(&path).unwrap();
    let count = fill(&mut file, ErrorKind::FileTooLarge);
    let whole: String = (0..count).map(line).collect();
    assert_eq!(texts(&path), [whole.as_str()]);
    file.write_all(b"a short one fits\n").unwrap();
    assert_eq!(texts(&path), [whole + "a short one fits\n"]);
}

#[test]
fn where_no_file_can_be_opened_the_full_one_is_gone_on_with() {
    let Some(folder) = limited() else {
        let folder = tempfile::tempdir().unwrap();
        let limit = "ulimit -n 64 && exec \"$0\" \"$@\"";
        let name = "where_no_file_can_be_opened_the_full_one_is_gone_on_with";
        return again(name, &["sh", "-c", limit], folder.path());
    };
    let path = folder.join("log");
    let mut file = RotatedFile::open(&path).unwrap().rotate_at(2);
    file.write_all(b"1\n").unwrap();
    file.write_all(b"2\n").unwrap();
    let all: Vec<File> = (0..100).map_while(|_| File::open(&path).ok()).collect();
    assert!(all.len() < 100);
    file.write_all(b"3\n").unwrap();
    file.write_all(b"4\n").unwrap();
    assert_eq!(file.failed_rotations().value(), 2);
    assert!(!old(&path, 1).exists());
    drop(all);
    assert_eq!(texts(&path), ["1\n", "2\n3\n4\n"]);
    file.write_all(b"5\n").unwrap();
    assert_eq!(texts(&path), ["1\n", "2\n3\n4\n", "5\n"]);
}
