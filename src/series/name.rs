//! The name of a metric behind the prefix of its scope.

use crate::metric::NAME_BYTES_LIMIT;
use std::borrow::Cow;

/// A name, and what stands before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    pub(super) prefix: &'a str,
    pub(super) name: &'a str,
}

/// Where a name is joined that is no longer than one can be.
pub(super) type Room = [u8; NAME_BYTES_LIMIT];

impl<'a> Name<'a> {
    pub(super) fn room() -> Room {
        [0; NAME_BYTES_LIMIT]
    }

    /// In one piece: as it is where there is no prefix, else in `room`, or, where that is too small, allocated.
    #[inline]
    pub(super) fn joined(self, room: &'a mut Room) -> Cow<'a, str> {
        let Name { prefix, name } = self;
        match room.get_mut(..prefix.len() + name.len()) {
            _ if prefix.is_empty() => Cow::Borrowed(name),
            Some(room) => {
                room[..prefix.len()].copy_from_slice(prefix.as_bytes());
                room[prefix.len()..].copy_from_slice(name.as_bytes());
                // Nothing is lost: two texts in a row are one.
                String::from_utf8_lossy(room)
            }
            None => Cow::Owned(format!("{prefix}{name}")),
        }
    }
}
