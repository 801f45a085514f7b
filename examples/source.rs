//! A connection pool that is asked for its numbers, a callback and two health checks, one of which fails.

use flowmeter::{Registry, Reporter, Sample, Source, Text};
use std::collections::VecDeque;
use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// Connections to a database, of which a program would know by its driver.
#[derive(Default)]
struct Pool {
    idle: u32,
    busy: u32,
}

/// What a registry asks for the numbers of a pool. It keeps what the pool does not: how often it was full.
struct PoolStatistics {
    pool: Arc<Mutex<Pool>>,
    times_full: u64,
}

impl Source for PoolStatistics {
    fn sample(&mut self, sample: &mut Sample) {
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        self.times_full += u64::from(pool.idle == 0);
        sample.gauge_with("connections", &[("state", "idle")], pool.idle.into());
        sample.gauge_with("connections", &[("state", "busy")], pool.busy.into());
        sample.counter("times_full", self.times_full);
    }
}

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let registry = Registry::new();
    let pool = Arc::new(Mutex::new(Pool { idle: 3, busy: 1 }));
    let source = PoolStatistics { pool: Arc::clone(&pool), times_full: 0 };
    let _pool = registry.scope("db").label("host", "orders").source("pool", source)?;

    // One number needs no type of its own.
    let queue = Arc::new(Mutex::new(VecDeque::from([1, 2, 3])));
    let asked = Arc::clone(&queue);
    let waiting = registry.metric("queue.waiting").unit("records").callback(move || {
        let queue = asked.lock().unwrap_or_else(PoisonError::into_inner);
        queue.len() as f64
    })?;

    // What it returns, or panics with, is shown; the numbers of others are there all the same.
    registry.health("database", || Ok::<_, io::Error>(()))?.keep();
    let feed = || std::fs::metadata("no/such/feed.csv").map(drop).map_err(|_| "there is no feed");
    registry.health("feed", feed)?.keep();

    let mut text = Text::new(io::stdout()).with_series();
    println!("-- a pool with idle connections");
    text.report(&registry.report())?;

    *pool.lock().unwrap_or_else(PoisonError::into_inner) = Pool { idle: 0, busy: 4 };
    // A guard takes out what it is of: nobody asks for the queue any more.
    drop(waiting);
    println!("-- a full pool, and no queue");
    text.report(&registry.report())?;
    Ok(())
}
