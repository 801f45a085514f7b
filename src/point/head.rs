//! A line, written by hand: what it has in common with others is rendered once.

use super::number::Number;

/// What stands before the number, with a gap behind the metric's name: the same for all points of a series.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    text: Box<[u8]>,
    /// Where the name ends.
    gap: usize,
}

/// What stands behind the number, line break included: the same for all points of a moment.
#[derive(Clone, Debug)]
pub(crate) struct Tail(Vec<u8>);

impl Head {
    pub(crate) fn new<T: AsRef<str>>(
        metric: &str,
        endpoint: &str,
        tags: impl IntoIterator<Item = T>,
    ) -> Head {
        let mut text = b"{\"metric\":".to_vec();
        write_text(&mut text, metric);
        // Before the quotation mark.
        let gap = text.len() - 1;
        text.extend_from_slice(b",\"endpoint\":");
        write_text(&mut text, endpoint);
        text.extend_from_slice(b",\"tag\":[");
        for (i, tag) in tags.into_iter().enumerate() {
            text.extend_from_slice(if i == 0 { b"" } else { b"," });
            write_text(&mut text, tag.as_ref());
        }
        text.extend_from_slice(b"],\"value\":");
        Head { text: text.into_boxed_slice(), gap }
    }

    /// Appends the line of a point whose name has `ending`, which has nothing in it that JSON escapes.
    pub(crate) fn write(&self, ending: &str, number: Number, tail: &Tail, out: &mut Vec<u8>) {
        if ending.is_empty() {
            out.extend_from_slice(&self.text);
        } else {
            let (name, rest) = self.text.split_at(self.gap);
            out.extend_from_slice(name);
            out.extend_from_slice(ending.as_bytes());
            out.extend_from_slice(rest);
        }
        number.write(out);
        out.extend_from_slice(&tail.0);
    }
}

impl Tail {
    /// That of points measured at `timestamp`, in seconds since 1970 began.
    pub(crate) fn new(timestamp: i64) -> Tail {
        Tail(format!(",\"timestamp\":{timestamp}}}\n").into_bytes())
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    // A text has a form in JSON, and a `Vec` takes everything.
    let _ = serde_json::to_writer(out, text);
}
