//! Snapshots: immutable, sorted, found by name, and equal when written and read back.

use std::collections::BTreeMap;
use std::sync::Arc;

use flowmeter::{
    GroupSnapshot, JobSnapshot, Key, ManualClock, Registry, SeriesSnapshot, Snapshot,
    SnapshotError, Stamp, TaskSnapshot, Value,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};

use crate::laws::arbitrary::{communication, failure, number, series_name, stamp, state, text};
use crate::own::users;

pub(crate) fn level() -> impl Strategy<Value = f64> {
    let rare = [
        f64::NAN.to_bits(),
        0xfff8_0000_dead_beef,
        0x7ff0_0000_0000_0001,
        f64::INFINITY.to_bits(),
        f64::NEG_INFINITY.to_bits(),
        (-0.0_f64).to_bits(),
        0x0000_0000_0000_0001,
        0x800f_ffff_ffff_ffff,
        f64::MAX.to_bits(),
        f64::MIN_POSITIVE.to_bits(),
    ];
    let bits = prop_oneof![1 => proptest::sample::select(rare.to_vec()), 2 => any::<u64>()];
    prop_oneof![4 => bits.prop_map(f64::from_bits), 1 => any::<i32>().prop_map(f64::from)]
}

fn samples() -> impl Strategy<Value = Vec<SeriesSnapshot>> {
    let value = prop_oneof![number().prop_map(Value::Counter), level().prop_map(Value::Gauge)];
    btree_map(series_name(), value, 0..8).prop_map(|series| {
        let sample = |((name, labels), value): ((String, BTreeMap<String, String>), Value)| {
            let labels: Vec<_> = labels.iter().map(|(l, v)| (&**l, &**v)).collect();
            SeriesSnapshot::new(Key::new(&name, &labels).unwrap(), value)
        };
        series.into_iter().map(sample).collect()
    })
}

fn task() -> impl Strategy<Value = TaskSnapshot> {
    let times = (option::of(stamp()), option::of(stamp()));
    (option::of(text()), times, communication()).prop_map(|(name, times, said)| {
        let mut task = TaskSnapshot::new(0, name.map(Arc::from), said);

        (task.started, task.ended) = times;
        task
    })
}

fn groups() -> impl Strategy<Value = Vec<GroupSnapshot>> {
    let id = || prop_oneof![0..5_u32, any::<u32>()];
    btree_map(id(), btree_map(id(), task(), 0..3), 0..3).prop_map(|groups| {
        let with_id = |(id, task): (u32, TaskSnapshot)| {
            let mut task = task;
            task.id = id;
            task
        };
        let group = |(id, tasks): (u32, BTreeMap<_, _>)| {
            GroupSnapshot::new(id, tasks.into_iter().map(with_id).collect())
        };
        groups.into_iter().map(group).collect()
    })
}

pub(crate) fn job() -> impl Strategy<Value = JobSnapshot> {
    let name = prop_oneof![Just("etl".to_owned()), text()];
    let times = (stamp(), option::of(stamp()), stamp());
    (name, state(), times, option::of(failure()), groups()).prop_map(
        |(name, state, (started, ended, at), own_failure, groups)| {
            let mut job = JobSnapshot::new(Arc::from(name), 0, started, at);
            (job.state, job.ended, job.own_failure, job.groups) =
                (state, ended, own_failure, groups);
            job
        },
    )
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let jobs = btree_map(number(), job(), 0..4);
    (any::<u64>(), stamp(), samples().prop_shuffle(), jobs, number()).prop_map(
        |(registry, taken, series, jobs, ended)| {
            let numbered = jobs.into_iter().map(|(run, mut job)| {
                job.run = run;
                Arc::new(job)
            });
            Snapshot::new(registry, taken, series, numbered.collect(), ended)
        },
    )
}

/// Puts what nobody knows into every object that has fields of ours: not among custom counters,
/// whose names are the job's, nor beside the kind of a value.
fn add_unknown_fields(form: &mut Json) {
    match form {
        Json::Array(items) => items.iter_mut().for_each(add_unknown_fields),
        Json::Object(fields) => {
            let named_by_us =
                fields.iter_mut().filter(|(name, _)| *name != "custom" && *name != "value");
            named_by_us.for_each(|(_, field)| add_unknown_fields(field));
            fields
                .insert("unheard_of".into(), json!({"version": 2, "series": [null, {"a": -1.5}]}));
            fields.insert("Name".into(), json!("as `name`, but not quite"));
        }
        _ => {}
    }
}

/// Turns around every list whose order means nothing.
fn turn_around(form: &mut Json) {
    for list in ["jobs", "groups", "tasks", "series"] {
        if let Some(items) = form.get_mut(list).and_then(Json::as_array_mut) {
            items.reverse();
            items.iter_mut().for_each(turn_around);
        }
    }
}

fn read_form(form: &Json) -> Result<Snapshot, SnapshotError> {
    Snapshot::from_json(&form.to_string())
}

fn form_of(snapshot: &Snapshot) -> Json {
    serde_json::from_str(&snapshot.to_json()).unwrap()
}

// Written and read back.

proptest! {
    #[test]
    fn a_snapshot_that_is_written_and_read_back_is_equal(snapshot in snapshot()) {
        let text = snapshot.to_json();
        let read = Snapshot::from_json(&text).unwrap();
        prop_assert_eq!(&read, &snapshot);
        prop_assert_eq!(read.to_json(), text);
    }

    #[test]
    fn a_level_reads_back_to_the_same_bits(level in level()) {
        let key = Key::new("level", &[]).unwrap();
        let samples = vec![SeriesSnapshot::new(key, Value::Gauge(level))];
        let written = Snapshot::new(1, Stamp::default(), samples, Vec::new(), 0).to_json();
        let read = Snapshot::from_json(&written).unwrap().gauge("level");
        prop_assert_eq!(read.map(f64::to_bits), Some(level.to_bits()), "{}", written);
    }

    #[test]
    fn a_snapshot_is_one_line_of_text_whatever_it_holds(snapshot in snapshot()) {
        prop_assert!(!snapshot.to_json().contains(|character| character < ' '));
    }

    #[test]
    fn fields_that_are_unknown_are_ignored_wherever_they_are(snapshot in snapshot()) {
        let mut form = form_of(&snapshot);
        add_unknown_fields(&mut form);
        prop_assert_eq!(read_form(&form).unwrap(), snapshot);
    }

    #[test]
    fn jobs_groups_and_tasks_are_found_in_whatever_order_they_were_written(
        snapshot in snapshot(),
    ) {
        let mut form = form_of(&snapshot);
        turn_around(&mut form);
        let read = read_form(&form).unwrap();
        for job in snapshot.jobs() {
            let namesakes = snapshot.jobs().filter(|other| other.name == job.name);
            let newest = namesakes.map(|job| job.run).max();
            prop_assert_eq!(read.job(&job.name).map(|job| job.run), newest);
            let found = read.run(job.run).unwrap();
            for group in &job.groups {
                let found = found.group(group.id);
                prop_assert_eq!(found, Some(group));
                for task in group.tasks() {
                    prop_assert_eq!(found.and_then(|found| found.task(task.id)), Some(task));
                }
            }
        }
        prop_assert_eq!(read, snapshot);
    }

    #[test]
    fn no_beginning_of_a_snapshot_is_one(snapshot in snapshot(), at in any::<Index>()) {
        let text = snapshot.to_json();
        let end = (0..=at.index(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        prop_assert!(matches!(Snapshot::from_json(&text[..end]), Err(SnapshotError::Text(_))));
    }

    #[test]
    fn any_text_is_an_error_or_a_snapshot_and_never_a_panic(
        snapshot in snapshot(),
        noise in vec((any::<Index>(), any::<char>()), 1..4),
    ) {
        let mut text: Vec<char> = snapshot.to_json().chars().collect();
        for (at, character) in noise {
            let at = at.index(text.len());
            text[at] = character;
        }
        if let Ok(read) = Snapshot::from_json(&String::from_iter(text)) {
            prop_assert_eq!(Snapshot::from_json(&read.to_json()).unwrap(), read);
        }
    }

    #[test]
    fn noise_is_never_a_snapshot(noise in text()) {
        prop_assert!(Snapshot::from_json(&noise).is_err());
    }

    #[test]
    fn a_version_that_is_unknown_is_refused_and_told_beside_the_known_one(
        version in number().prop_filter("known", |version| *version != 1),
    ) {
        for text in [
            format!(r#"{{"version":{version}}}"#),
            format!(r#"{{"version":{version},"parts":null,"series":7,"jobs":"x"}}"#),
            format!(r#"{{"parts":{{"a":[]}},"series":{{}},"version":{version}}}"#),
        ] {
            let error = Snapshot::from_json(&text).unwrap_err();
            let said = format!("a snapshot of version {version} can't be read: ");
            prop_assert_eq!(error.to_string(), said + "this library reads version 1");
        }
    }

    #[test]
    fn series_are_sorted_by_name_then_labels(samples in samples().prop_shuffle()) {
        let snapshot = Snapshot::new(1, Stamp::default(), samples.clone(), Vec::new(), 0);
        let key = |sample: &SeriesSnapshot| {
            let labels = sample.key.labels().map(|(l, v)| (l.to_owned(), v.to_owned()));
            (sample.key.name().to_owned(), labels.collect::<Vec<_>>())
        };
        let mut sorted = samples;
        sorted.sort_by_key(key);
        let series: Vec<_> = snapshot.series().map(SeriesSnapshot::from).collect();
        prop_assert_eq!(series, sorted);
    }
}

/// A snapshot of a registry in use: every kind of series, a run that has ended, one that lives.
fn in_use() -> (Registry, Snapshot) {
    let registry = Registry::builder().clock(ManualClock::new().clock()).build();
    registry.counter_with("rows", &[("table", "é\"\n")]).unwrap().add(u64::MAX);
    registry.gauge("level").unwrap().set(f64::NAN);
    let job = registry.job("etl").unwrap();
    let (mut reader, mut writer) = job.task_group(2).task(3).named("north").start().unwrap();
    reader.read(10);
    reader.count("files", 1);
    reader.message("note", "half-way");
    writer.failed(1, 10, "no such table");
    writer.fail("disk full");
    job.finish();
    drop(reader);
    let job = registry.job("etl").unwrap();
    let _ = job.task_group(0).task(0);
    let snapshot = registry.collect();
    job.finish();
    (registry, snapshot)
}

#[test]
fn a_snapshot_of_a_registry_in_use_reads_back_equal() {
    let (_, snapshot) = in_use();
    let read = Snapshot::from_json(&snapshot.to_json()).unwrap();
    assert_eq!(read, snapshot);
    let task = read.run(1).unwrap().group(2).unwrap().task(3).unwrap();
    assert_eq!(task.name.as_deref(), Some("north"));
    assert_eq!(task.communication().custom["files"], 1);
    assert_eq!(task.communication().error.as_ref().unwrap().reason, "disk full");
}

#[test]
fn every_beginning_of_a_snapshot_is_an_error_and_so_is_more_than_one() {
    let (_, snapshot) = in_use();
    let text = snapshot.to_json();
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        assert!(Snapshot::from_json(&text[..end]).is_err(), "{end} bytes of {text}");
    }
    assert!(Snapshot::from_json(&format!("{text}{text}")).is_err());
    assert!(Snapshot::from_json(&format!("{text}\n")).is_ok());
}

#[test]
fn a_text_nested_ever_so_deep_is_an_error_and_no_overflow() {
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(1_000_000), close.repeat(1_000_000));
    let (list, object) =
        (deep("[", "]"), format!("{}1{}", r#"{"a":"#.repeat(1_000_000), "}".repeat(1_000_000)));
    let with = |field: &str, value: &str| {
        format!(
            r#"{{"version":1,"parts":[{{"registry":1,"taken":{{"at":0,"unix_ms":0}}}}],"{field}":{value}}}"#
        )
    };
    let gauge = |value: &str| {
        with("series", &format!(r#"[{{"key":{{"name":"a"}},"value":{{"gauge":{value}}}}}]"#))
    };
    assert!(Snapshot::from_json(&gauge("1")).is_ok());
    for nested in [&list, &object, &"[".repeat(1_000_000), &r#"{"a":"#.repeat(1_000_000)] {
        for text in [nested.clone(), with("series", nested), with("jobs", nested), gauge(nested)] {
            assert!(Snapshot::from_json(&text).is_err());
        }
    }
}

#[test]
fn what_is_no_snapshot_is_an_error_that_says_so() {
    let (_, snapshot) = in_use();
    let without = |field: &str| {
        let mut form = form_of(&snapshot);
        form.as_object_mut().unwrap().remove(field);
        form.to_string()
    };
    let texts =
        ["", " ", "null", "1", "[]", "[1]", "{}", r#"{"version":"1"}"#, r#"{"version":-1}"#];
    let cut = [without("version"), without("parts")];
    for text in texts.iter().copied().chain(cut.iter().map(String::as_str)) {
        let error = Snapshot::from_json(text).unwrap_err().to_string();
        assert!(error.starts_with("the text can't be read as a snapshot: "), "{text}: {error}");
    }
    let wrong_bits = snapshot.to_json().replace("f64:", "f32:");
    let error = Snapshot::from_json(&wrong_bits).unwrap_err().to_string();
    assert!(error.contains("`f32:7ff8000000000000` is not the bits of a float"), "{error}");
}

// Looked up.

#[test]
fn what_is_not_there_is_none_and_looking_for_it_inserts_nothing() {
    let (registry, _) = in_use();
    let snapshot = registry.collect();
    assert_eq!((snapshot.counter("level"), snapshot.counter("rows")), (None, None));
    assert_eq!((snapshot.gauge("rows"), snapshot.gauge("")), (None, None));
    assert_eq!(snapshot.counter_with("rows", &[("table", "other")]), None);
    assert_eq!(snapshot.counter_with("rows", &[("table", "é\"\n"), ("table", "é\"\n")]), None);
    assert_eq!(snapshot.gauge_with("level", &[("table", "other")]), None);
    assert!(
        snapshot.job("other").is_none() && snapshot.run(0).is_none() && snapshot.run(3).is_none()
    );
    let job = snapshot.run(1).unwrap();
    assert!(job.group(3).is_none() && job.group(2).unwrap().task(2).is_none());
    assert_eq!(registry.collect(), snapshot);
}

#[test]
fn what_is_there_is_found_and_of_several_runs_the_newest() {
    let (_, snapshot) = in_use();
    assert_eq!(snapshot.counter_with("rows", &[("table", "é\"\n")]), Some(u64::MAX));
    assert!(snapshot.gauge("level").unwrap().is_nan());
    assert_eq!(snapshot.jobs().map(|job| job.run).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((snapshot.job("etl").unwrap().run, snapshot.run(1).unwrap().run), (2, 1));
    let registry = snapshot.parts()[0].registry;
    assert_eq!(snapshot.run_of(registry, 2), snapshot.job("etl"));
    assert_eq!(snapshot.run_of(registry.wrapping_add(1), 2), None);
    assert_eq!(snapshot.ended_runs(), 1);
}

#[test]
fn a_snapshot_does_not_change_with_its_registry() {
    let registry = Registry::new();
    let rows = registry.counter("rows").unwrap();
    let job = registry.job("etl").unwrap();
    let (snapshot, before) = (registry.collect(), registry.collect().to_json());
    rows.add(1);
    registry.gauge("level").unwrap().set(1.0);
    job.finish();
    assert_eq!((snapshot.counter("rows"), users(&snapshot).len()), (Some(0), 1));
    assert!(snapshot.job("etl").unwrap().ended.is_none() && snapshot.ended_runs() == 0);
    assert_ne!(registry.collect().to_json(), before);
}
