//! `Ledger`: what is known of every point that was ever produced.

use super::error::Undelivered;
use super::figures::{Figures, KafkaStatus};
use super::message::{Kept, Outcome};
use crate::text::{self, OneLine};

/// Everything that a point can be counted as, changed under one lock: so the sums hold in each cut.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) figures: Figures,
    queued: u64,
    /// Those that are queued still, and to be sent alone.
    isolated: Vec<Kept>,
    last_error: Option<String>,
    /// What the client told last.
    last_trouble: String,
    /// The last of that which is not only about all brokers together.
    cause: String,
    /// Of the close: how many were dropped, and how many not acknowledged.
    left: (u64, u64),
    is_closing: bool,
}

impl Ledger {
    /// Takes in the points of a report, which are handed to the client next.
    pub(super) fn take(&mut self, points: u64, left_out: u64) {
        self.figures.produced.add(points);
        self.figures.left_out.add(left_out);
        self.queued += points;
        self.show();
    }

    /// What became of a point. The message of one that was refused with others is to be kept.
    pub(super) fn note(&mut self, outcome: Outcome) {
        let Figures { delivered, failed, dropped, isolated, .. } = &self.figures;
        match outcome {
            Outcome::Delivered => delivered.inc(),
            Outcome::Failed => failed.inc(),
            Outcome::Dropped => dropped.inc(),
            Outcome::Isolated => return isolated.inc(),
        }
        if self.is_closing {
            self.left.0 += u64::from(outcome == Outcome::Dropped);
            self.left.1 += u64::from(outcome == Outcome::Failed);
        }
        self.queued -= 1;
        self.show();
    }

    pub(super) fn isolate(&mut self, message: Kept) {
        self.note(Outcome::Isolated);
        self.isolated.push(message);
    }

    /// Those that are to be sent alone.
    pub(super) fn isolated(&mut self) -> Vec<Kept> {
        std::mem::take(&mut self.isolated)
    }

    /// Nothing is sent any more.
    pub(super) fn drop_isolated(&mut self) {
        self.isolated().iter().for_each(|_| self.note(Outcome::Dropped));
    }

    /// The client told of something that concerns no single point. It tells most of it twice.
    pub(super) fn client_erred(&mut self, why: &str) {
        self.count_trouble(why);
        why.clone_into(&mut self.cause);
        self.erred(why);
    }

    /// The same, of what the client says after it has told why.
    pub(super) fn all_brokers_are_down(&mut self, why: &str) {
        self.count_trouble(why);
        let with_cause = format!("{why}: {}", self.cause);
        self.erred(with_cause.trim_end_matches(": "));
    }

    fn count_trouble(&mut self, why: &str) {
        if self.last_trouble != why {
            self.figures.errors.inc();
            why.clone_into(&mut self.last_trouble);
        }
    }

    pub(super) fn erred(&mut self, why: &str) {
        self.last_error = Some(text::clipped(&OneLine(why)));
    }

    pub(super) fn queued(&self) -> u64 {
        self.queued
    }

    /// What is noted from now on was late.
    pub(super) fn closes(&mut self) {
        self.is_closing = true;
    }

    fn show(&self) {
        self.figures.queued.set(self.queued as f64);
    }

    pub(super) fn status(&self) -> KafkaStatus {
        let figures = &self.figures;
        KafkaStatus {
            produced: figures.produced.value(),
            delivered: figures.delivered.value(),
            failed: figures.failed.value(),
            dropped: figures.dropped.value(),
            queued: self.queued,
            isolated: figures.isolated.value(),
            left_out: figures.left_out.value(),
            errors: figures.errors.value(),
            restarts: figures.restarts.value(),
            last_error: self.last_error.clone(),
        }
    }

    /// What is left when nothing more will be sent.
    pub(super) fn left(&self) -> Result<(), Undelivered> {
        let (dropped, unknown) = self.left;
        // A client that did not end in time has what is queued still.
        let unknown = unknown + self.queued;
        if dropped == 0 && unknown == 0 {
            return Ok(());
        }
        Err(Undelivered { dropped, unknown, why: self.last_error.clone() })
    }
}
