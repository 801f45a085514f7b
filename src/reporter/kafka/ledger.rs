//! `Ledger`: what is known of every point that was ever produced.

use super::error::Undelivered;
use super::figures::{Figures, KafkaStatus};
use super::message::{Isolated, Outcome};
use crate::text::{self, OneLine};

/// Everything that a point can be counted as, changed under one lock: so the sums hold in each cut.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) figures: Figures,
    queued: u64,
    /// Those that are queued still, and to be sent alone.
    isolated: Vec<Isolated>,
    /// The last point whose outcome is known was not delivered.
    is_losing: bool,
    last_error: Option<String>,
    /// What a client told last that was about no single point.
    last_told: String,
    /// The last of that which is not only about all brokers together.
    cause: String,
}

impl Ledger {
    /// Takes in the points of a report, which are handed to the client next.
    pub(super) fn take(&mut self, points: u64, left_out: u64) {
        self.figures.produced.add(points);
        self.figures.left_out.add(left_out);
        self.queued += points;
        self.show();
    }

    /// What became of a point. It says whether this one is the first that is lost since one was delivered.
    pub(super) fn note(&mut self, outcome: Outcome) -> bool {
        let Figures { delivered, failed, dropped, .. } = &self.figures;
        match outcome {
            Outcome::Delivered => delivered.inc(),
            Outcome::Failed => failed.inc(),
            Outcome::Dropped => dropped.inc(),
        }
        self.queued -= 1;
        self.show();
        let was_losing = std::mem::replace(&mut self.is_losing, outcome != Outcome::Delivered);
        self.is_losing && !was_losing
    }

    /// Keeps a point that was refused with others.
    pub(super) fn isolate(&mut self, message: Isolated) {
        self.figures.isolated.inc();
        self.isolated.push(message);
    }

    /// Those that are to be sent alone.
    pub(super) fn take_isolated(&mut self) -> Vec<Isolated> {
        std::mem::take(&mut self.isolated)
    }

    /// Nothing is sent any more.
    pub(super) fn drop_isolated(&mut self) {
        self.take_isolated().iter().for_each(|_| _ = self.note(Outcome::Dropped));
    }

    /// A client told of something that is about no single point. It tells most of it twice.
    pub(super) fn client_erred(&mut self, why: &str) {
        self.count_error(why);
        why.clone_into(&mut self.cause);
        self.erred(why);
    }

    /// The same, of what the client says after it has told why.
    pub(super) fn all_brokers_are_down(&mut self, why: &str) {
        self.count_error(why);
        let with_cause = format!("{why}: {}", self.cause);
        self.erred(with_cause.trim_end_matches(": "));
    }

    fn count_error(&mut self, why: &str) {
        if self.last_told != why {
            self.figures.errors.inc();
            why.clone_into(&mut self.last_told);
        }
    }

    pub(super) fn erred(&mut self, why: &str) {
        self.last_error = Some(text::clipped(&OneLine(why)));
    }

    pub(super) fn queued(&self) -> u64 {
        self.queued
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

    /// What did not arrive there of all that was produced, when nothing more will be sent.
    pub(super) fn undelivered(&self, target: String) -> Result<(), Undelivered> {
        let KafkaStatus { produced, delivered, failed, dropped, queued, last_error, .. } =
            self.status();
        if produced == delivered {
            return Ok(());
        }
        Err(Undelivered { target, produced, failed, dropped, queued, why: last_error })
    }
}
