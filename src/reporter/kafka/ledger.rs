//! `Ledger`: what is known of every point that was ever produced.

use super::error::Undelivered;
use super::figures::{Figures, KafkaStatus};
use super::message::{Isolated, Outcome};
use crate::text::{self, OneLine};
use rdkafka::error::RDKafkaErrorCode as Code;

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
    /// What a client told last that was about no single point, since one was delivered.
    last_told: Option<Code>,
    /// The same in words, and still there.
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
            Outcome::Delivered => {
                delivered.inc();
                self.last_told = None;
            }
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

    /// A client told of something that is about no single point. It tells most of it twice, and again and again.
    pub(super) fn client_erred(&mut self, code: Option<Code>, why: &str) {
        if code == Some(Code::AllBrokersDown) {
            // That each of them is, it has told before.
            let with_cause = format!("{why}: {}", self.cause);
            return self.erred(with_cause.trim_end_matches(": "));
        }
        if code.is_none() || self.last_told != code {
            self.figures.errors.inc();
        }
        self.last_told = code;
        why.clone_into(&mut self.cause);
        self.erred(why);
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

#[cfg(test)]
mod tests {
    use super::*;
    use rdkafka::Timestamp;
    use rdkafka::message::OwnedMessage;

    #[test]
    fn what_is_isolated_stays_queued_until_it_is_given_up() {
        let mut ledger = Ledger::default();
        ledger.take(3, 0);
        let message =
            OwnedMessage::new(None, None, String::new(), Timestamp::NotAvailable, 0, 0, None);
        ledger.isolate(Isolated::of(&message));
        assert_eq!((ledger.queued(), ledger.status().isolated), (3, 1));
        ledger.drop_isolated();
        ledger.drop_isolated();
        assert_eq!((ledger.queued(), ledger.status().dropped), (2, 1));
    }

    #[test]
    fn the_reason_stands_behind_brokers_that_are_down_and_the_same_counts_once() {
        let mut ledger = Ledger::default();
        let (refused, down) = (Some(Code::BrokerTransportFailure), Some(Code::AllBrokersDown));
        ledger.client_erred(down, "1/1 are down");
        assert_eq!(ledger.status().last_error.as_deref(), Some("1/1 are down"));
        for times in 1..3 {
            ledger.take(1, 0);
            for why in ["refused", "refused, as 90 before"] {
                ledger.client_erred(refused, why);
                ledger.client_erred(down, "1/1 are down");
                let both = format!("1/1 are down: {why}");
                assert_eq!(ledger.status().last_error, Some(both));
            }
            assert_eq!(ledger.status().errors, times);
            ledger.note(Outcome::Delivered);
        }
    }

    #[test]
    fn only_the_first_loss_after_a_delivery_is_told() {
        let mut ledger = Ledger::default();
        ledger.take(6, 0);
        use Outcome::{Delivered, Dropped, Failed};
        let told =
            [Failed, Dropped, Delivered, Delivered, Failed, Failed].map(|of| ledger.note(of));
        assert_eq!(told, [true, false, false, false, true, false]);
    }
}
