//! `Dial` and `Connection`: what the TCP reporter asks of a network, so that a test can be one.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

/// Makes connections to one peer.
///
/// # For implementors
///
/// It is called on the reporter's own thread, never on that of a job, and may take the time that it is given. A
/// closure that takes that time is one, too.
pub trait Dial: Send {
    /// Connects to the peer, or says why not, as a sentence that names the peer.
    ///
    /// # Errors
    ///
    /// Whatever kept it from connecting `within` that time.
    fn dial(&mut self, within: Duration) -> io::Result<Box<dyn Connection>>;
}

impl<F: FnMut(Duration) -> io::Result<Box<dyn Connection>> + Send> Dial for F {
    fn dial(&mut self, within: Duration) -> io::Result<Box<dyn Connection>> {
        self(within)
    }
}

/// A connection, as one thread writes it and another one reads it.
///
/// # For implementors
///
/// It blocks: `WouldBlock` and `TimedOut` both say that a write took too long, after which the connection is
/// broken off. Dropping it, and what it gave, closes it.
pub trait Connection: Send {
    /// Writes some of the bytes, and gives their number.
    ///
    /// # Errors
    ///
    /// Whatever kept all of them from being accepted.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// The half that is read, by a thread of its own; asked for once, before anything is written.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being read.
    fn reader(&mut self) -> io::Result<Box<dyn Read + Send>>;

    /// What breaks the connection off, from any thread and as often as one likes; asked for once, before
    /// anything is written. After it was called, reading and writing return at once, also those under way.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being broken off.
    fn breaker(&mut self) -> io::Result<Breaker>;

    /// Shuts the half that is written: the peer reads the end. The other half goes on.
    ///
    /// # Errors
    ///
    /// Whatever kept it from being shut.
    fn shut(&mut self) -> io::Result<()>;

    /// The error that the connection has had and nobody was told of.
    ///
    /// # Errors
    ///
    /// Whatever kept that from being asked for.
    fn take_error(&mut self) -> io::Result<Option<io::Error>>;

    /// Its own address, for logs.
    fn local(&self) -> String;
}

/// Breaks a connection off.
pub type Breaker = Arc<dyn Fn() + Send + Sync>;
