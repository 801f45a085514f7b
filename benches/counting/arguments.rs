//! What the program is asked to do, by its arguments.

/// How to ask.
pub(crate) const USAGE: &str = "\
What counting costs, as the tables of docs/performance.md.

  cargo bench --bench counting                          every part
  cargo bench --bench counting -- WORD...               the parts whose names have one of the words
  cargo bench --bench counting -- --instructions        the instructions that callgrind counts
  cargo bench --bench counting -- --beside PROGRAM      beside another build of this program, whose path cargo says
  cargo bench --bench counting -- --help                this text
  cargo bench --profile lto --bench counting [-- ...]   any of these, of a program with link-time optimisation";

/// What this program says to itself, before the name of a part.
pub(crate) const PART: &str = "--part";
/// What this program has callgrind say to it, before the name of a loop and how often it runs.
pub(crate) const LOOP: &str = "--loop";
/// What cargo says to a benchmark that is to be measured, and not to one that is tested.
pub(crate) const MEASURED: &str = "--bench";
const INSTRUCTIONS: &str = "--instructions";
const BESIDE: &str = "--beside";

pub(crate) enum Asked<'a> {
    Help,
    Loop { name: &'a str, times: u64 },
    Part { name: &'a str, is_measured: bool },
    Instructions,
    Beside(&'a str),
    Measure(Vec<&'a str>),
    Try(Vec<&'a str>),
}

/// Understands the arguments, or says what is wrong with them: each word must be in the name of a part.
///
/// What `cargo test` hands on is meant for a harness of tests: its words may choose nothing, its options are ignored.
pub(crate) fn understand<'a>(arguments: &'a [String], parts: &[&str]) -> Result<Asked<'a>, String> {
    let is_measured = arguments.iter().any(|argument| argument == MEASURED);
    let said = arguments.iter().map(String::as_str).filter(|&argument| argument != MEASURED);
    let said: Vec<&str> = said.collect();
    match said[..] {
        [LOOP, name, times] => match times.parse() {
            Ok(times) => Ok(Asked::Loop { name, times }),
            Err(error) => Err(format!("`{times}` is no number of times: {error}")),
        },
        [PART, name] if parts.contains(&name) => Ok(Asked::Part { name, is_measured }),
        [INSTRUCTIONS] => Ok(Asked::Instructions),
        [BESIDE, program] => Ok(Asked::Beside(program)),
        _ if said.contains(&"--help") || said.contains(&"-h") => Ok(Asked::Help),
        _ if is_measured => words(said, parts).map(Asked::Measure),
        _ => Ok(Asked::Try(said.into_iter().filter(|word| !word.starts_with('-')).collect())),
    }
}

/// What was said, if these are words that choose parts.
fn words<'a>(said: Vec<&'a str>, parts: &[&str]) -> Result<Vec<&'a str>, String> {
    let chooses =
        |word: &str| !word.starts_with('-') && parts.iter().any(|part| part.contains(word));
    match said.iter().find(|word| !chooses(word)) {
        None => Ok(said),
        Some(option) if option.starts_with('-') => {
            Err(format!("`{option}` is no option, or does not stand alone: see `--help`"))
        }
        Some(word) => {
            Err(format!("no part has `{word}` in its name: there are {}", parts.join(", ")))
        }
    }
}
