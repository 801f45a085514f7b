//! `Buffer`: the lines that wait for the connection, whole ones, bounded in bytes.

use std::collections::VecDeque;
use std::sync::Arc;

/// What one write is given at most, unless a single line is longer.
const SEGMENT: usize = 128 * 1024;

/// Lines in their order, the oldest first to be written and first to be dropped.
///
/// It lies in segments of whole lines. The first of them may be *in hand*: it is being written, by somebody
/// who holds no lock, and everything in it is still queued here. What is in hand is never dropped, since some
/// of it may be with the kernel already; nor is any line of the newest report.
pub(super) struct Buffer {
    bound: usize,
    segments: VecDeque<Segment>,
    /// While the first segment is in hand: how much of its first line was accepted.
    in_hand: Option<usize>,
    /// How many bytes were ever pushed, which is the position after the last line.
    end: u64,
    /// The position at which the newest report begins.
    newest: u64,
    /// How many lines and bytes are here, by what came and went.
    held: Held,
}

#[derive(Clone, Copy, Default)]
struct Held {
    lines: u64,
    bytes: usize,
}

/// The first segment, to be written from its first line on.
#[derive(Clone)]
pub(super) struct Hand {
    bytes: Arc<Vec<u8>>,
    start: usize,
}

/// What became of a report and of the lines before it.
pub(super) struct Pushed {
    pub(super) lines: u64,
    pub(super) dropped: u64,
}

struct Segment {
    /// Shared only while it is in hand.
    bytes: Arc<Vec<u8>>,
    /// Where the first line begins that is still queued.
    start: usize,
    /// The position of the first byte.
    at: u64,
    /// How many lines are still queued.
    lines: u64,
}

impl Buffer {
    pub(super) fn new(bound: usize) -> Buffer {
        let (segments, held) = (VecDeque::new(), Held::default());
        Buffer { bound, segments, in_hand: None, end: 0, newest: 0, held }
    }

    pub(super) fn set_bound(&mut self, bound: usize) {
        self.bound = bound;
    }

    /// How many lines are here, those in hand included: counted from their very bytes.
    pub(super) fn count(&self) -> u64 {
        self.segments.iter().map(|segment| lines_in(segment.queued())).sum()
    }

    /// How many lines are here, by what came and went.
    pub(super) fn lines(&self) -> u64 {
        self.held.lines
    }

    /// How many bytes these lines have.
    pub(super) fn bytes(&self) -> usize {
        self.held.bytes
    }

    /// Takes a report, and drops the oldest lines that are then beyond the bound.
    pub(super) fn push(&mut self, report: &[u8]) -> Pushed {
        let longest = self.longest_segment();
        let (mut rest, _) = report.split_at(whole_lines(report));
        // One without lines takes nobody's place.
        self.newest = if rest.is_empty() { self.newest } else { self.end };
        let mut lines = 0;
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(piece(rest, longest));
            lines += self.append(piece, longest);
            rest = more;
        }
        Pushed { lines, dropped: self.drop_oldest() }
    }

    // So that what is in hand and a report of any size stay below the bound and that size.
    fn longest_segment(&self) -> usize {
        SEGMENT.min(self.bound / 2).max(1)
    }

    fn append(&mut self, piece: &[u8], longest: usize) -> u64 {
        let lines = lines_in(piece);
        let at = self.end;
        self.end += piece.len() as u64;
        self.held = Held { lines: self.held.lines + lines, bytes: self.held.bytes + piece.len() };
        if let Some(last) = self.segments.back_mut()
            && last.bytes.len() + piece.len() <= longest
            // Not what is in hand.
            && let Some(bytes) = Arc::get_mut(&mut last.bytes)
        {
            bytes.extend_from_slice(piece);
            last.lines += lines;
        } else {
            let bytes = Arc::new(piece.to_vec());
            self.segments.push_back(Segment { bytes, start: 0, at, lines });
        }
        lines
    }

    fn drop_oldest(&mut self) -> u64 {
        let first = usize::from(self.in_hand.is_some());
        let mut over = self.bytes().saturating_sub(self.bound);
        let mut dropped = 0;
        while over > 0
            && let Some(segment) = self.segments.get_mut(first)
            && segment.position() < self.newest
        {
            let (bytes, lines) = segment.oldest(over, self.newest);
            segment.forget(bytes, lines);
            self.held.forget(bytes, lines);
            if segment.queued().is_empty() {
                self.segments.remove(first);
            }
            over = over.saturating_sub(bytes);
            dropped += lines;
        }
        dropped
    }

    /// The lines to write next, whole ones; they stay queued, and in hand until all are accepted or let go.
    pub(super) fn hand(&mut self) -> Option<Hand> {
        let first = self.segments.front()?;
        self.in_hand.get_or_insert(0);
        Some(Hand { bytes: first.bytes.clone(), start: first.start })
    }

    /// Notes that so many more bytes of what is in hand were accepted, and gives the number of lines whose last
    /// byte is among them: these are no longer here.
    pub(super) fn accept(&mut self, bytes: usize) -> u64 {
        let (Some(part), Some(first)) = (self.in_hand, self.segments.front_mut()) else { return 0 };
        let accepted = &first.queued()[part..];
        let accepted = &accepted[..bytes.min(accepted.len())];
        let lines = lines_in(accepted);
        let whole = whole_lines(accepted);
        self.in_hand =
            Some(if whole == 0 { part + accepted.len() } else { accepted.len() - whole });
        if whole > 0 {
            first.forget(part + whole, lines);
            self.held.forget(part + whole, lines);
        }
        if first.queued().is_empty() {
            self.segments.pop_front();
            self.in_hand = None;
        }
        lines
    }

    /// Takes back what is in hand: a line that was accepted in part is whole again.
    pub(super) fn let_go(&mut self) {
        self.in_hand = None;
    }
}

impl Segment {
    fn queued(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    fn position(&self) -> u64 {
        self.at + self.start as u64
    }

    /// The bytes and lines to drop next: all of them if that is not more than `over`, else the first line.
    fn oldest(&self, over: usize, newest: u64) -> (usize, u64) {
        let queued = self.queued();
        if queued.len() <= over && self.at + self.bytes.len() as u64 <= newest {
            return (queued.len(), self.lines);
        }
        let end = queued.iter().position(|&byte| byte == b'\n');
        (end.map_or(queued.len(), |end| end + 1), 1)
    }

    fn forget(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.lines -= lines;
    }
}

impl Held {
    fn forget(&mut self, bytes: usize, lines: u64) {
        self.bytes -= bytes;
        self.lines -= lines;
    }
}

impl Hand {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

/// The length of the lines that are whole, the last newline included.
fn whole_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1)
}

/// The length of the whole lines that fit into `longest`, or of the first line. `bytes` ends with a newline.
fn piece(bytes: &[u8], longest: usize) -> usize {
    if bytes.len() <= longest {
        return bytes.len();
    }
    match whole_lines(&bytes[..longest]) {
        0 => bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| end + 1),
        whole => whole,
    }
}

// So few at a time that the sum of each fits into a byte: this is what makes the compiler add up vectors.
fn lines_in(bytes: &[u8]) -> u64 {
    let ends = |part: &[u8]| part.iter().map(|&byte| u8::from(byte == b'\n')).sum::<u8>();
    bytes.chunks(224).map(|part| u64::from(ends(part))).sum()
}
