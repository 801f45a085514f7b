//! A job that fails: the target is full. What its report says, and what it does not blame.

use flowmeter::{ReaderSide, Registry, Reporter, Text, WriterSide};
use std::error::Error;
use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

const ROOM: usize = 25;

type AnyError = Box<dyn Error + Send + Sync>;

fn main() -> Result<ExitCode, AnyError> {
    let registry = Registry::new();
    let job = registry.job("backup")?;
    let (mut reader, mut writer) = job.task_group(0).task(0).named("photos").start()?;
    let (to_writer, from_reader) = sync_channel(4);

    thread::scope(|scope| {
        scope.spawn(move || {
            // Fails too, because nobody receives any more: a consequence, never the cause.
            let result = read(&mut reader, to_writer);
            reader.end(result);
        });
        scope.spawn(move || {
            let result = write(&mut writer, from_reader);
            writer.end(result);
        });
    });

    let report = job.finish();
    if let Some(error) = report.error() {
        println!("{}: {error}", report.state());
    }
    Text::new(io::stdout()).report(&registry.report())?;
    Ok(report.exit_code())
}

fn read(reader: &mut ReaderSide, to_writer: SyncSender<u64>) -> Result<(), AnyError> {
    for photo in 0..100 {
        reader.read(1000);
        let checked = || {
            if photo % 10 == 7 { Err(format!("photo {photo} is blurred")) } else { Ok(Some(photo)) }
        };
        let Some(photo) = reader.transform(1000, checked) else { continue };
        reader.send(&to_writer, photo, 1000)?;
    }
    Ok(())
}

fn write(writer: &mut WriterSide, from_reader: Receiver<u64>) -> Result<(), AnyError> {
    let mut disk = Vec::new();
    while let Some(photo) = writer.receive(&from_reader, |_| 1000) {
        if disk.len() == ROOM {
            return Err(format!("the disk has room for {ROOM} photos").into());
        }
        disk.push(photo);
        writer.committed(1, 1000);
    }
    Ok(())
}
