//! The promises of the two sides of a task: what they count, what they say, what they carry.

mod channels;
mod counters;
mod custom;
mod hand_on;
mod samples;

use flowmeter::{
    Job, JobReport, ReaderSide, Registry, Report, Snapshot, Task, TaskGroup, WriterSide,
};

#[test]
fn sides_can_be_sent_and_the_rest_can_be_shared() {
    fn is_send<T: Send>() {}
    fn is_shared<T: Send + Sync>() {}
    is_send::<ReaderSide>();
    is_send::<WriterSide>();
    is_shared::<Registry>();
    is_shared::<Job>();
    is_shared::<TaskGroup>();
    is_shared::<Task>();
    is_shared::<Snapshot>();
    is_shared::<Report>();
    is_shared::<JobReport>();
}

/// Has one implementation for every type, and a second one for those that can be cloned: which of
/// the two is meant is clear only for a type that can't.
trait CloneIsAmbiguous<Which> {
    const CANNOT_BE_CLONED: bool = true;
}
impl<T> CloneIsAmbiguous<()> for T {}
impl<T: Clone> CloneIsAmbiguous<u8> for T {}

#[test]
fn a_side_and_a_job_have_one_owner_each() {
    // Does not compile for a type that can be cloned.
    const { assert!(<ReaderSide as CloneIsAmbiguous<_>>::CANNOT_BE_CLONED) }
    const { assert!(<WriterSide as CloneIsAmbiguous<_>>::CANNOT_BE_CLONED) }
    const { assert!(<Job as CloneIsAmbiguous<_>>::CANNOT_BE_CLONED) }
}
