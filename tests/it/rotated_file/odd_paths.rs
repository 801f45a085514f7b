//! Paths at which there is no plain file, or can be none.

use flowmeter::RotatedFile;
use std::io::{ErrorKind, Write};

#[test]
fn a_path_in_a_directory_that_does_not_exist_is_an_error_that_names_it_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("absent\n").join("log");
    let error = RotatedFile::open(&path).unwrap_err();
    let cause = std::fs::File::open(&path).unwrap_err();
    let named = format!("{}/absent\\n/log", folder.path().display());
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.to_string(), format!("`{named}` can't be opened: {cause}"));
}

#[test]
fn a_path_that_is_a_directory_or_empty_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = RotatedFile::open(folder.path()).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("`{}` can't be opened: ", folder.path().display())),
        "{error}"
    );
    let error = RotatedFile::open("").unwrap_err().to_string();
    assert!(error.starts_with("`` can't be opened: "), "{error}");
}

#[test]
fn a_file_that_is_begun_anew_does_not_begin_with_what_ends_a_line_of_the_old_one() {
    for keep in [0, 2] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, "whole\nhal").unwrap();
        let mut file = RotatedFile::open(&path).unwrap().rotate_at(12).keep(keep);
        file.write_all(b"next line\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "next line\n");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_that_is_always_full_is_an_error_at_every_write() {
    // By a link, so that a mistake in here renames that, and not the machine's device.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    std::os::unix::fs::symlink("/dev/full", &path).unwrap();
    let mut file = RotatedFile::open(&path).unwrap().rotate_at(1);
    for _ in 0..3 {
        let error = file.write(b"a line\n").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        let said = format!("`{}` can't be written to: ", path.display());
        assert!(error.to_string().starts_with(&said), "{error}");
    }
    assert_eq!(file.failed_rotations().value(), 0);
    assert!(path.is_symlink());
}

/// A pipe is what can take a part of a write, fail, and not be cut back.
#[cfg(unix)]
#[test]
fn what_can_not_be_cut_back_is_ended_before_the_next_write() {
    use std::fs::File;
    use std::io::{BufRead, BufReader, Read};
    use std::process::Command;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    // More than a pipe holds: so writing ends when its reader has gone, in the middle.
    let huge = "x".repeat(4 << 20) + "\n";
    let read_a_byte = |path| move || File::open(path).unwrap().read_exact(&mut [0]).unwrap();
    let mut file = std::thread::scope(|scope| {
        scope.spawn(read_a_byte(&path));
        let mut file = RotatedFile::open(&path).unwrap();
        let error = file.write(huge.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        file
    });
    let lines = std::thread::scope(|scope| {
        let reader = File::open(&path).unwrap();
        let lines = scope.spawn(|| BufReader::new(reader).lines().collect::<Result<Vec<_>, _>>());
        file.write_all(b"next\n").unwrap();
        file.write_all(b"last\n").unwrap();
        drop(file);
        lines.join().unwrap().unwrap()
    });
    // What the reader that went had not read is gone on some systems.
    assert!(lines[0].chars().all(|c| c == 'x'), "{lines:?}");
    assert_eq!(lines[1..], ["next", "last"]);
}
