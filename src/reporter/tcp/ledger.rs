//! `Ledger`: the buffer, and what is known of every line that was ever in it.

use super::buffer::{Buffer, Hand};
use super::failure::Undelivered;
use super::figures::{Figures, TcpStatus};

/// So much in the buffer is worth a write before it is due.
const MUCH: usize = 64 * 1024;

/// Everything that a line can be counted as, changed under one lock: so the sums hold in each cut.
pub(super) struct Ledger {
    pub(super) figures: Figures,
    buffer: Buffer,
    /// Lines written on the connection that is open.
    open: u64,
    connected: bool,
    last_error: Option<String>,
    /// Of the last connection that lines were written on, if it ended otherwise than in order.
    last_unconfirmed: u64,
    /// Whether the sender was told that much is queued, and has not heard it yet.
    told: bool,
}

impl Ledger {
    pub(super) fn new(bound: usize) -> Ledger {
        Ledger {
            figures: Figures::default(),
            buffer: Buffer::new(bound),
            open: 0,
            connected: false,
            last_error: None,
            last_unconfirmed: 0,
            told: false,
        }
    }

    pub(super) fn set_bound(&mut self, bound: usize) {
        self.buffer.set_bound(bound);
    }

    /// Takes the lines of a report; whether the sender is to be told that much is queued.
    pub(super) fn take(&mut self, report: &[u8], left_out: u64) -> bool {
        let pushed = self.buffer.push(report);
        self.figures.produced.add(pushed.lines);
        self.figures.dropped.add(pushed.dropped);
        self.figures.left_out.add(left_out);
        self.show_levels();
        let tell = !self.told && self.buffer.bytes() >= MUCH;
        self.told |= tell;
        tell
    }

    pub(super) fn heard(&mut self) {
        self.told = false;
    }

    pub(super) fn has_lines(&self) -> bool {
        self.buffer.bytes() > 0
    }

    /// What is to be written next.
    pub(super) fn hand(&mut self) -> Option<Hand> {
        self.buffer.hand()
    }

    /// So many more bytes of what is in hand were accepted.
    pub(super) fn accepted(&mut self, bytes: usize) {
        let lines = self.buffer.accept(bytes);
        self.figures.written.add(lines);
        self.open += lines;
        self.show_levels();
    }

    pub(super) fn signed_life(&mut self) {
        self.figures.alive.inc();
    }

    pub(super) fn dials(&mut self) {
        self.figures.dials.inc();
    }

    pub(super) fn dial_failed(&mut self, why: String) {
        self.figures.failed_dials.inc();
        self.last_error = Some(why);
    }

    pub(super) fn connected(&mut self) {
        self.connected = true;
        self.show_levels();
    }

    /// The connection ended in order.
    pub(super) fn ended_in_order(&mut self) {
        self.figures.closed_in_order.add(self.open);
        if self.open > 0 {
            self.last_unconfirmed = 0;
        }
        self.ended();
    }

    /// The connection ended otherwise.
    pub(super) fn broke(&mut self, why: String) {
        self.figures.unconfirmed.add(self.open);
        if self.open > 0 {
            self.last_unconfirmed = self.open;
        }
        self.last_error = Some(why);
        self.ended();
    }

    fn ended(&mut self) {
        self.open = 0;
        self.connected = false;
        self.buffer.let_go();
        self.show_levels();
    }

    fn show_levels(&self) {
        self.figures.queued.set(self.buffer.lines() as f64);
        self.figures.queued_bytes.set(self.buffer.bytes() as f64);
        self.figures.open.set(self.open as f64);
        self.figures.connected.set(f64::from(u8::from(self.connected)));
    }

    pub(super) fn status(&self) -> TcpStatus {
        let figures = &self.figures;
        TcpStatus {
            produced: figures.produced.value(),
            written: figures.written.value(),
            dropped: figures.dropped.value(),
            // Not what should be there by the other figures: so the sum says something.
            queued: self.buffer.count(),
            queued_bytes: self.buffer.bytes() as u64,
            closed_in_order: figures.closed_in_order.value(),
            unconfirmed: figures.unconfirmed.value(),
            open: self.open,
            alive: figures.alive.value(),
            left_out: figures.left_out.value(),
            dials: figures.dials.value(),
            failed_dials: figures.failed_dials.value(),
            connected: self.connected,
            last_error: self.last_error.clone(),
        }
    }

    /// What is left when nothing more will be sent.
    pub(super) fn left(&self) -> Result<(), Undelivered> {
        let (queued, unconfirmed) = (self.buffer.lines(), self.last_unconfirmed + self.open);
        if queued == 0 && unconfirmed == 0 {
            return Ok(());
        }
        Err(Undelivered { queued, unconfirmed, why: self.last_error.clone() })
    }
}
