//! What `flights` refuses before it begins: one sentence each, and nothing left behind.

use super::{Ended, Place, header, january};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Copies `input`, which is refused for `why`; nothing is left behind.
#[track_caller]
fn refuses_input(place: &Place, input: &Path, why: &str) {
    let name = input.display().to_string();
    place.copy(input, &[]).refused(&["can't read", &name, why]);
    assert!(!place.output().exists());
    let args = [std::ffi::OsStr::new("--input"), input.as_ref()];
    place.run(args).refused(&["can't read", &name, why]);
    assert_eq!(fs::read_dir(place.path("temporary")).unwrap().count(), 0, "a directory is left");
}

/// Copies the month to `output`, which is refused for `why`.
#[track_caller]
fn refuses_output(output: &Path, options: &[&str], verb: &str, why: &str) {
    let mut args = vec!["--output", output.to_str().unwrap()];
    args.extend(options);
    Place::new().run(&args).refused(&[verb, args[1], why]);
}

#[track_caller]
fn refuses_options(options: &[&str], parts: &[&str]) {
    let place = Place::new();
    place.run(options).refused(parts);
    assert_eq!(fs::read_dir(place.path("temporary")).unwrap().count(), 0);
}

#[test]
fn an_input_that_does_not_exist() {
    let place = Place::new();
    refuses_input(&place, &place.path("nowhere.csv"), "No such file or directory");
}

#[test]
fn an_input_that_is_a_directory() {
    let place = Place::new();
    refuses_input(&place, place.directory.path(), "not a file");
}

/// Each task reads its input anew, which a pipe does not allow.
#[test]
#[cfg(unix)]
fn an_input_that_is_a_pipe() {
    let place = Place::new();
    let mut command = place.command(place.args_to_copy(Path::new("/dev/stdin"), &[]));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let ended = Ended::of(command.spawn().unwrap().wait_with_output().unwrap());
    ended.refused(&["can't read /dev/stdin", "not a file"]);
}

#[test]
fn an_input_of_other_columns() {
    let place = Place::new();
    let others = ["year,month,day", "a,b\n1,2", "\nyear", "Year", "{}"];
    for others in others {
        let input = place.write("others.csv", format!("{others}\n2013,1,1\n"));
        refuses_input(&place, &input, "does not begin with year,month,day,dep_time,");
    }
    for swapped in [header().replace("dest", "destination"), header() + ",weather"] {
        let input = place.write("others.csv", swapped);
        refuses_input(&place, &input, "does not begin with year,month,day,dep_time,");
    }
}

#[test]
fn an_input_without_a_line() {
    let place = Place::new();
    refuses_input(&place, &place.write("empty.csv", ""), "does not begin with year,");
}

#[test]
fn an_input_of_binary_garbage() {
    let place = Place::new();
    let garbage: Vec<u8> =
        (0..100_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let input = place.write("garbage.csv", garbage);
    refuses_input(&place, &input, "does not begin with year,");
}

#[test]
fn a_bad_input_does_not_cost_the_database_that_it_should_have_replaced() {
    let place = Place::new();
    place.write("flights.sqlite", "precious");
    let input = place.write("empty.csv", "");
    place.copy(&input, &["--replace"]).refused(&["can't read"]);
    assert_eq!(fs::read(place.output()).unwrap(), b"precious");
}

#[test]
fn an_output_in_a_directory_that_does_not_exist() {
    let place = Place::new();
    let output = place.path("nowhere").join("flights.sqlite");
    refuses_output(&output, &[], "can't create", "No such file or directory");
    assert!(!place.path("nowhere").exists());
}

#[test]
fn an_output_below_a_file() {
    let place = Place::new();
    let output = place.write("a file", "").join("flights.sqlite");
    refuses_output(&output, &[], "can't create", "Not a directory");
    refuses_output(&output, &["--replace"], "can't replace", "Not a directory");
}

#[test]
#[cfg(target_os = "linux")]
fn an_output_where_nobody_may_write() {
    refuses_output(Path::new("/proc/flights.sqlite"), &[], "can't create", "No such file");
}

#[test]
fn an_output_that_is_a_directory() {
    let place = Place::new();
    refuses_output(place.directory.path(), &[], "exists", "--replace");
    refuses_output(place.directory.path(), &["--replace"], "can't replace", "not a file");
    assert!(place.path("temporary").exists());
}

/// A shell allows files of no byte: the first write fails.
#[test]
#[cfg(unix)]
fn an_output_that_can_only_half_be_made_is_not_left_there() {
    let place = Place::new();
    let example = place.command(place.args_to_copy(&january(), &[]));
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]);
    shell.arg(example.get_program()).args(example.get_args());
    Ended::of(shell.output().unwrap()).refused(&["can't create", "flights.sqlite", "I/O error"]);
    let left: Vec<_> = fs::read_dir(place.directory.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "the temporary directory alone: {left:?}");
}

#[test]
fn options_that_it_does_not_have() {
    refuses_options(&["--fast"], &["--fast"]);
    refuses_options(&["-x"], &["-x"]);
    refuses_options(&["flights.csv"], &["unexpected", "flights.csv"]);
    refuses_options(&["--replace=yes"], &["--replace", "yes"]);
}

#[test]
fn options_without_their_value() {
    for option in
        ["--input", "--output", "--error-limit", "--report-every", "--transfer", "--kafka"]
    {
        refuses_options(&[option], &["missing", option]);
    }
}

#[test]
fn kafka_where_the_program_was_built_without_it() {
    refuses_options(&["--kafka", "127.0.0.1:9092"], &["--kafka", "--features kafka"]);
}

#[test]
fn an_error_limit_that_is_no_number() {
    for value in ["many", "-1", "1.5", "", "99999999999999999999"] {
        refuses_options(&["--error-limit", value], &["--error-limit", &format!("{value:?}")]);
    }
}

#[test]
fn a_time_between_reports_that_is_none() {
    for value in ["often", "0", "-1", "", "NaN", "inf", "1e30", "1e-12", "1s"] {
        refuses_options(&["--report-every", value], &["--report-every", &format!("{value:?}")]);
    }
}

#[test]
fn help_tells_every_option_and_does_nothing() {
    let place = Place::new();
    for help in ["--help", "-h"] {
        let ended = place.run([help]);
        assert_eq!((ended.code, ended.complaint.as_str()), (Some(0), ""));
        let options = "--input FILE|--output FILE|--replace|--error-limit N|--report-every SECONDS|--transfer HOST:PORT|--kafka BROKERS";
        for option in options.split('|') {
            assert!(ended.printed.contains(option), "{option}");
        }
    }
    assert_eq!(fs::read_dir(place.path("temporary")).unwrap().count(), 0);
}

#[test]
fn an_output_beside_which_the_database_would_overwrite_the_input() {
    let place = Place::new();
    let (input, output) = (place.path("flights-wal"), place.path("flights"));
    fs::write(&input, header()).unwrap();
    let args = ["--input", input.to_str().unwrap(), "--output", output.to_str().unwrap()];
    place.run(args).refused(&["flights-wal", "can't be both input and output"]);
    place.run([&args[..], &["--replace"]].concat()).refused(&["can't be both input and output"]);
    assert_eq!(fs::read(&input).unwrap(), header().as_bytes());
}

#[test]
#[cfg(unix)]
fn an_output_that_is_no_file_is_not_replaced() {
    refuses_output(Path::new("/dev/null"), &["--replace"], "can't replace", "not a file");
    assert!(Path::new("/dev/null").exists());
}

#[test]
fn an_output_that_is_the_input_even_if_it_may_be_replaced() {
    let place = Place::new();
    let input = place.path("flights.csv");
    fs::write(&input, header()).unwrap();
    let name = input.to_str().unwrap();
    let args = ["--input", name, "--output", name, "--replace"];
    place.run(args).refused(&[name, "can't be both input and output"]);
    assert_eq!(fs::read(&input).unwrap(), header().as_bytes());
}
