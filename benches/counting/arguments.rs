//! What the program is asked to do, by its arguments.

/// How to ask.
pub(crate) const USAGE: &str = "\
What counting costs, as the tables of docs/performance.md.

  cargo bench --bench counting                          every part
  cargo bench --bench counting -- WORD...               the parts whose names have one of the words
  cargo bench --bench counting -- --instructions        the instructions that callgrind counts
  cargo bench --bench counting -- --help                this text
  cargo bench --profile lto --bench counting [-- ...]   a program with link-time optimisation";

/// What this program says to itself, before the name of a part.
pub(crate) const PART: &str = "--part";
/// What this program has callgrind say to it, before the name of a loop and how often it runs.
pub(crate) const LOOP: &str = "--loop";
/// What cargo says to a benchmark that is to be measured, and not to one that is tested.
pub(crate) const MEASURED: &str = "--bench";
const INSTRUCTIONS: &str = "--instructions";

pub(crate) enum Asked<'a> {
    Help,
    Loop { name: &'a str, times: u64 },
    Part { name: &'a str, is_measured: bool },
    Instructions,
    Measure(Vec<&'a str>),
    Try(Vec<&'a str>),
}

/// Understands the arguments, of which each word must be in the name of a part; or says what is wrong with them.
///
/// What `cargo test` hands on is meant for a harness of tests: its words may choose nothing, and its options all go.
pub(crate) fn understand<'a>(arguments: &'a [String], parts: &[&str]) -> Result<Asked<'a>, String> {
    let all: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let is_measured = all.contains(&MEASURED);
    let said = all.iter().copied().filter(|&argument| argument != MEASURED);
    let (options, words): (Vec<_>, Vec<_>) = said.partition(|argument| argument.starts_with('-'));
    let has = |option| options.contains(&option);
    match all[..] {
        [LOOP, name, times] => match times.parse() {
            Ok(times) => Ok(Asked::Loop { name, times }),
            Err(error) => Err(format!("`{times}` is no number of times: {error}")),
        },
        [PART, name, ..] if parts.contains(&name) => Ok(Asked::Part { name, is_measured }),
        _ if has("--help") || has("-h") => Ok(Asked::Help),
        _ if is_measured || has(INSTRUCTIONS) => measured(&options, words, parts),
        _ => Ok(Asked::Try(words)),
    }
}

fn measured<'a>(
    options: &[&str],
    words: Vec<&'a str>,
    parts: &[&str],
) -> Result<Asked<'a>, String> {
    if let Some(unknown) = options.iter().find(|&&option| option != INSTRUCTIONS) {
        return Err(format!("there is no option `{unknown}`: see `--help`"));
    }
    if let Some(unknown) = words.iter().find(|&&word| !parts.iter().any(|part| part.contains(word)))
    {
        let parts = parts.join(", ");
        return Err(format!("no part has `{unknown}` in its name: there are {parts}"));
    }
    match options {
        [] => Ok(Asked::Measure(words)),
        _ if words.is_empty() => Ok(Asked::Instructions),
        _ => Err(format!("`{INSTRUCTIONS}` takes no parts")),
    }
}
