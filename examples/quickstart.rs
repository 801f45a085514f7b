//! The shortest job: one task copies lines, and says at the end what became of each.

use flowmeter::Registry;
use std::error::Error;
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;
use std::thread;

const SOURCE: &str = "to be\nor not to be\nthat is the question\n";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let registry = Registry::new();
    let job = registry.job("copy")?;
    let (mut reader, mut writer) = job.task_group(0).task(0).start()?;
    let (to_writer, lines) = sync_channel(16);

    // Each thread owns its side and its end of the channel: what ends the one closes the other.
    let reading = thread::spawn(move || {
        let sent = SOURCE.lines().try_for_each(|line| {
            reader.read(line.len() as u64);
            reader.send(&to_writer, line, line.len() as u64)
        });
        reader.end(sent);
    });
    let writing = thread::spawn(move || {
        while let Some(line) = writer.receive(&lines, |line| line.len() as u64) {
            println!("{line}");
            writer.committed(1, line.len() as u64);
        }
        writer.done();
    });
    // A side whose thread panicked has failed its task: the summary says so.
    let _ = (reading.join(), writing.join());

    let report = job.finish();
    print!("{}", report.summary());
    Ok(report.exit_code())
}
