//! The shortest job: one task copies lines, and says at the end what became of each.

use flowmeter::Registry;
use std::error::Error;
use std::sync::mpsc::sync_channel;
use std::thread;

const SOURCE: &str = "to be\nor not to be\nthat is the question\n";

fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::new();
    let job = registry.job("copy")?;
    let (mut reader, mut writer) = job.task_group(0).task(0).start()?;
    let (to_writer, lines) = sync_channel(16);

    thread::scope(|scope| {
        scope.spawn(move || {
            let sent = SOURCE.lines().try_for_each(|line| {
                reader.read(line.len() as u64);
                reader.send(&to_writer, line, line.len() as u64)
            });
            // Done if all was sent; else the task has failed, and the summary says why.
            reader.end(sent);
        });
        while let Some(line) = writer.receive(&lines, |line| line.len() as u64) {
            println!("{line}");
            writer.committed(1, line.len() as u64);
        }
        writer.done();
    });
    print!("{}", job.finish().summary());
    Ok(())
}
