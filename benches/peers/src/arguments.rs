//! What the program is asked to do, by its arguments.

/// How to ask.
pub(crate) const USAGE: &str = "\
The same work by flowmeter and by the libraries that one would pick instead, as Markdown tables.

  cargo run --release -p flowmeter-peers                  every part
  cargo run --release -p flowmeter-peers -- WORD...       the parts whose names have one of the words
  cargo run --release -p flowmeter-peers -- --go          go-metrics alone, which needs a Go toolchain
  cargo run --release -p flowmeter-peers -- --try         every part once with little, which measures nothing
  cargo run --release -p flowmeter-peers -- --help        this text";

/// What this program says to itself, before the name of a part.
pub(crate) const PART: &str = "--part";
/// Before that, where nothing is to be measured.
pub(crate) const TRY: &str = "--try";

pub(crate) enum Asked<'a> {
    Help,
    Part { name: &'a str, is_measured: bool },
    Measure(Vec<&'a str>),
    Try(Vec<&'a str>),
}

/// Understands the arguments, or says what is wrong with them: each word must be in the name of a part.
pub(crate) fn understand<'a>(arguments: &'a [String], parts: &[&str]) -> Result<Asked<'a>, String> {
    let said: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match said[..] {
        _ if said.contains(&"--help") || said.contains(&"-h") => Ok(Asked::Help),
        [PART, name] if parts.contains(&name) => Ok(Asked::Part { name, is_measured: true }),
        [TRY, PART, name] if parts.contains(&name) => Ok(Asked::Part { name, is_measured: false }),
        ["--go"] => Ok(Asked::Measure(vec!["go-metrics"])),
        [TRY, ref words @ ..] => chosen(words, parts).map(Asked::Try),
        ref words => chosen(words, parts).map(Asked::Measure),
    }
}

/// What was said, if these are words that choose parts.
fn chosen<'a>(said: &[&'a str], parts: &[&str]) -> Result<Vec<&'a str>, String> {
    let chooses = |word: &str| parts.iter().any(|part| part.contains(word));
    match said.iter().find(|word| !chooses(word)) {
        None => Ok(said.to_vec()),
        Some(option) if option.starts_with('-') => {
            Err(format!("`{option}` is no option, or does not stand alone: see `--help`"))
        }
        Some(word) => {
            Err(format!("no part has `{word}` in its name: there are {}", parts.join(", ")))
        }
    }
}
