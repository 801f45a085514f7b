//! Reads figures back from the text that a library shows its series in.

/// The figures of all series of a name, in the order of the text.
pub(crate) fn figures(text: &str, name: &str) -> Vec<u64> {
    let lines = text.lines().filter(|line| is_of(line, name));
    lines.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap() as u64).collect()
}

fn is_of(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']))
}
