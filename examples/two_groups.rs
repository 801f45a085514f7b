//! A job of two task groups, whose report is read by a program instead of a person.

use flowmeter::{Registry, Task};
use std::error::Error;
use std::sync::mpsc::sync_channel;
use std::thread;

fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::new();
    let job = registry.job("orders")?;
    // In group 0 small orders are left out, in group 1 every order is split into two lines.
    let groups = [job.task_group(0), job.task_group(1)];
    thread::scope(|scope| {
        for id in 0..3 {
            let small = groups[0].task(id).named(format!("shop {id}"));
            scope
                .spawn(move || copy(&small, |order| if order < 10 { vec![] } else { vec![order] }));
            let split = groups[1].task(id).named(format!("partner {id}"));
            scope.spawn(move || copy(&split, |order| vec![order, order]));
        }
    });
    job.finish();

    let report = registry.report();
    let orders = report.job("orders").ok_or("the job ran in this registry")?;
    for group in &orders.snapshot().groups {
        let says = group.communication();
        let (reader, writer) = (&says.counters.reader, &says.counters.writer);
        println!(
            "group {}: read {}, made {}, filtered {}, committed {}, balances: {}",
            group.id,
            reader.read.records,
            reader.made,
            reader.filtered.records,
            writer.committed.records,
            says.ledger().balances(),
        );
    }
    let task =
        orders.snapshot().group(1).and_then(|group| group.task(2)).ok_or("it has three tasks")?;
    println!("{}: {}", task.name.as_deref().unwrap_or("a task"), task.state());
    println!("all: {}", orders.datax().to_json());
    println!("everything: {} bytes of JSON", report.to_json().len());
    Ok(())
}

/// Copies a hundred orders, each of 8 bytes; `lines` are what becomes of one.
fn copy(task: &Task, lines: impl Fn(u64) -> Vec<u64> + Send) {
    let Ok((mut reader, mut writer)) = task.start() else { return };
    let (to_writer, from_reader) = sync_channel(8);
    thread::scope(|scope| {
        scope.spawn(move || {
            for order in 0..100 {
                reader.read(8);
                let lines = || Ok::<_, String>(Some(lines(order)).filter(|l| !l.is_empty()));
                let Some(lines) = reader.transform(8, lines) else { continue };
                reader.made(lines.len() as u64 - 1);
                for line in lines {
                    if reader.send(&to_writer, line, 8).is_err() {
                        return;
                    }
                }
            }
            // An error here has failed the task already.
            let _ = reader.done();
        });
        scope.spawn(move || {
            while writer.receive(&from_reader, |_| 8).is_some() {
                writer.committed(1, 8);
            }
            writer.done();
        });
    });
}
