//! The shortest job: one task copies lines, and says at the end what became of each.

use flowmeter::Registry;
use std::error::Error;
use std::sync::mpsc::sync_channel;
use std::thread;

const SOURCE: &str = "to be\nor not to be\n\nthat is the question\n";

fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::new();
    let job = registry.job("copy")?;
    let (mut reader, mut writer) = job.task_group(0).task(0).start()?;
    let (to_writer, from_reader) = sync_channel(16);

    let reading = thread::spawn(move || {
        for line in SOURCE.lines() {
            let bytes = line.len() as u64;
            reader.read(bytes);
            match line {
                "" => reader.filtered(1, bytes),
                _ if reader.send(&to_writer, line, bytes).is_err() => break,
                _ => {}
            }
        }
        reader.done()
    });
    let writing = thread::spawn(move || {
        while let Some(line) = writer.receive(&from_reader, |line| line.len() as u64) {
            println!("{line}");
            writer.committed(1, line.len() as u64);
        }
        writer.done();
    });

    // A side that panics has failed its task by then: the summary says so.
    let _ = (reading.join(), writing.join());
    print!("{}", job.finish().summary());
    Ok(())
}
