//! What delivering costs: making lines, reading them back, and sending them through a socket.
//!
//! `cargo bench --bench delivery` measures it. `cargo test` tries every way once with little, which
//! measures nothing, but checks that each does what it is there for. Words behind `--` choose the parts
//! whose names have one of them: `cargo bench --bench delivery -- send`.

mod collect;
mod encode;
mod input;
#[cfg(feature = "kafka")]
mod kafka;
#[path = "../common/measure.rs"]
mod measure;
mod parse;
mod peer;
mod scale;
mod send;
mod table;

use scale::Scale;
use std::env;

type Part = (&'static str, fn(Scale));

const PARTS: &[Part] = &[
    ("encode", encode::measure),
    ("parse", parse::measure),
    ("collect", collect::measure),
    ("send", send::measure),
    #[cfg(feature = "kafka")]
    ("kafka", kafka::measure),
];

fn main() {
    let (options, asked): (Vec<_>, Vec<_>) =
        env::args().skip(1).partition(|argument| argument.starts_with('-'));
    // It is what cargo says to a benchmark that is to be measured, and not to one that is tested.
    let is_measured = options.iter().any(|option| option == "--bench");
    let scale = if is_measured { Scale::FULL } else { Scale::TINY };
    for (name, measure) in PARTS {
        if asked.is_empty() || asked.iter().any(|asked| name.contains(asked.as_str())) {
            measure(scale);
        }
    }
}
