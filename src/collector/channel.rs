//! The bounded channels that carry records between the sides: those of std and of crossbeam.

use std::sync::mpsc::{self, RecvError, SendError, SyncSender, TryRecvError, TrySendError};

/// The sending end of a bounded channel.
///
/// # For implementors
///
/// `try_send` returns at once; `send` waits for room. Both give `Disconnected` (or `SendError`) once
/// no receiver is left, and only then.
pub trait BoundedSender<T> {
    /// Sends if there is room at once.
    ///
    /// # Errors
    ///
    /// The item comes back if the channel is full, or if no receiver is left.
    fn try_send(&self, item: T) -> Result<(), TrySendError<T>>;

    /// Sends as soon as there is room.
    ///
    /// # Errors
    ///
    /// The item comes back if no receiver is left.
    fn send(&self, item: T) -> Result<(), SendError<T>>;
}

/// The receiving end of a bounded channel.
///
/// # For implementors
///
/// `try_recv` returns at once; `recv` waits for an item. Both give an error for `Disconnected` once the
/// channel is empty and no sender is left, and only then.
pub trait BoundedReceiver<T> {
    /// An item that is there at once.
    ///
    /// # Errors
    ///
    /// The channel is empty, or empty and no sender is left.
    fn try_recv(&self) -> Result<T, TryRecvError>;

    /// The next item.
    ///
    /// # Errors
    ///
    /// The channel is empty and no sender is left.
    fn recv(&self) -> Result<T, RecvError>;
}

impl<T> BoundedSender<T> for SyncSender<T> {
    fn try_send(&self, item: T) -> Result<(), TrySendError<T>> {
        SyncSender::try_send(self, item)
    }

    fn send(&self, item: T) -> Result<(), SendError<T>> {
        SyncSender::send(self, item)
    }
}

impl<T> BoundedReceiver<T> for mpsc::Receiver<T> {
    fn try_recv(&self) -> Result<T, TryRecvError> {
        mpsc::Receiver::try_recv(self)
    }

    fn recv(&self) -> Result<T, RecvError> {
        mpsc::Receiver::recv(self)
    }
}

impl<T> BoundedSender<T> for crossbeam_channel::Sender<T> {
    fn try_send(&self, item: T) -> Result<(), TrySendError<T>> {
        crossbeam_channel::Sender::try_send(self, item).map_err(|error| match error {
            crossbeam_channel::TrySendError::Full(item) => TrySendError::Full(item),
            crossbeam_channel::TrySendError::Disconnected(item) => TrySendError::Disconnected(item),
        })
    }

    fn send(&self, item: T) -> Result<(), SendError<T>> {
        crossbeam_channel::Sender::send(self, item).map_err(|error| SendError(error.0))
    }
}

impl<T> BoundedReceiver<T> for crossbeam_channel::Receiver<T> {
    fn try_recv(&self) -> Result<T, TryRecvError> {
        crossbeam_channel::Receiver::try_recv(self).map_err(|error| match error {
            crossbeam_channel::TryRecvError::Empty => TryRecvError::Empty,
            crossbeam_channel::TryRecvError::Disconnected => TryRecvError::Disconnected,
        })
    }

    fn recv(&self) -> Result<T, RecvError> {
        crossbeam_channel::Receiver::recv(self).map_err(|_| RecvError)
    }
}
