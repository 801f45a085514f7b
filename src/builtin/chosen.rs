//! `Chosen`: which disks, mounts and interfaces are wanted, of those that there are.

/// How many there are at most, unless told.
const LIMIT: usize = 64;

/// What is included is wanted, whatever it is; else what is usual is, unless only included things are; what is excluded
/// never is.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) included: Vec<String>,
    pub(super) excluded: Vec<String>,
    pub(super) limit: usize,
}

impl Default for Chosen {
    fn default() -> Chosen {
        Chosen { included: Vec::new(), excluded: Vec::new(), limit: LIMIT }
    }
}

impl Chosen {
    /// Whether one with these names is wanted, which is a usual one or not.
    pub(super) fn has(&self, names: &[&str], is_usual: bool) -> bool {
        let any = |patterns: &[String]| {
            patterns.iter().any(|pattern| names.iter().any(|name| matches(pattern, name)))
        };
        let wanted = if self.included.is_empty() { is_usual } else { any(&self.included) };
        wanted && !any(&self.excluded)
    }

    /// As many as are allowed, and how many more there are.
    pub(super) fn bounded<T>(&self, mut all: Vec<T>) -> (Vec<T>, usize) {
        let more = all.len().saturating_sub(self.limit);
        all.truncate(self.limit);
        (all, more)
    }
}

/// Whether the name is the pattern, in which `*` stands for any text, also for none.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(begin) else { return false };
    let (middle, end) = rest.rsplit_once('*').map_or(("", rest), |(middle, end)| (middle, end));
    for part in middle.split('*') {
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    name.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let all = [("eth0", "eth0"), ("eth*", "eth0"), ("*", ""), ("*", "lo"), ("*0", "eth0")];
        let more =
            [("e*h*0", "eth0"), ("/mnt/*/data", "/mnt/a/b/data"), ("a*b*a", "aba"), ("a**b", "ab")];
        for (pattern, name) in all.into_iter().chain(more) {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("eth", "eth0"),
            ("eth*", "veth0"),
            ("*0", "eth01"),
            ("a*b*a", "ab"),
            ("ab*ba", "aba"),
            ("", "a"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn what_is_included_is_there_alone_and_what_is_excluded_never() {
        let mut chosen = Chosen::default();
        assert!(chosen.has(&["sda"], true) && !chosen.has(&["loop0"], false));
        chosen.excluded.push("sd*".to_owned());
        assert!(!chosen.has(&["sda"], true) && chosen.has(&["vda"], true));
        chosen.included.push("loop*".to_owned());
        chosen.included.push("/".to_owned());
        assert!(chosen.has(&["loop0"], false) && !chosen.has(&["vda"], true));
        assert!(chosen.has(&["/", "/dev/vda"], true) && !chosen.has(&["/", "sda"], true));
    }
}
