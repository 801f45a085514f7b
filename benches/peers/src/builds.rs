//! The rows of what a library adds to a build: the time of a program that has it alone, and its packages.

use crate::measure::{Standing, Standings};
use crate::scale::Scale;
use crate::versions::version;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The libraries with what they are built with, each with its default features.
const PROGRAMS: [(&str, &[&str]); 11] = [
    ("flowmeter", &["flowmeter"]),
    ("metrics, metrics-util", &["metrics", "metrics-util"]),
    ("metrics, metrics-exporter-prometheus", &["metrics", "metrics-exporter-prometheus"]),
    ("prometheus", &["prometheus"]),
    ("prometheus-client", &["prometheus-client"]),
    ("measured", &["measured"]),
    ("opentelemetry, opentelemetry_sdk", &["opentelemetry", "opentelemetry_sdk"]),
    ("metriken", &["metriken"]),
    ("histogram", &["histogram"]),
    ("fastmetrics", &["fastmetrics"]),
    ("hdrhistogram", &["hdrhistogram"]),
];

const MEDIAN: &str = "median of the peers";

/// How often each is built, of which the quickest counts.
const BUILDS: usize = 2;

pub(crate) fn measure(scale: Scale) {
    if scale.turns <= 1 {
        return try_one();
    }
    let folder = tempfile::tempdir().unwrap();
    let programs: Vec<Program<'_>> =
        PROGRAMS.iter().map(|&of| Program::new(folder.path(), of)).collect();
    programs.iter().for_each(|program| program.cargo(&["fetch"]));
    let packages = programs.iter().map(|program| (program.name, vec![program.packages() as f64]));
    show("packages of it and of what it needs", "", packages.collect(), 1);
    for (title, profile) in [("build, debug", "dev"), ("build, release", "release")] {
        show(title, "s", seconds(&programs, profile), BUILDS);
    }
}

/// What the builds of each take, which have their turns one after the other.
fn seconds(programs: &[Program<'_>], profile: &str) -> Vec<(&'static str, Vec<f64>)> {
    let mut all: Vec<(&str, Vec<f64>)> =
        programs.iter().map(|program| (program.name, Vec::new())).collect();
    for _ in 0..BUILDS {
        for (program, (_, times)) in programs.iter().zip(&mut all) {
            times.push(program.build(profile));
        }
    }
    all
}

/// The one that needs least, and the packages of this one.
fn try_one() {
    let folder = tempfile::tempdir().unwrap();
    let smallest = PROGRAMS.iter().find(|(name, _)| *name == "histogram").unwrap();
    assert!(Program::new(folder.path(), *smallest).build("dev") > 0.0);
    assert!(Program::new(folder.path(), PROGRAMS[0]).packages() > 1);
}

/// A program that depends on little.
struct Program<'a> {
    name: &'static str,
    folder: std::path::PathBuf,
    root: &'a Path,
}

impl Program<'_> {
    fn new<'a>(root: &'a Path, (name, packages): (&'static str, &[&str])) -> Program<'a> {
        let folder = root.join(packages.join("-"));
        fs::create_dir_all(folder.join("src")).unwrap();
        let uses: String =
            packages.iter().map(|it| format!("use {} as _;\n", it.replace('-', "_"))).collect();
        fs::write(folder.join("src/main.rs"), format!("{uses}fn main() {{}}\n")).unwrap();
        fs::write(folder.join("Cargo.toml"), manifest(packages)).unwrap();
        Program { name, folder, root }
    }

    /// The seconds of a build of which nothing is there yet but the sources.
    fn build(&self, profile: &str) -> f64 {
        let target = self.root.join("target");
        _ = fs::remove_dir_all(&target);
        let start = Instant::now();
        let folder = target.to_str().unwrap();
        self.cargo(&["build", "--offline", "--profile", profile, "--target-dir", folder]);
        start.elapsed().as_secs_f64()
    }

    /// How many packages are built for it, but for what only builds others.
    fn packages(&self) -> usize {
        let output =
            self.command(&["tree", "--offline", "-e", "normal", "--prefix", "none"]).output();
        let tree = String::from_utf8(output.unwrap().stdout).unwrap();
        let packages = tree.lines().filter(|line| !line.is_empty());
        let packages = packages.map(|line| line.split(' ').take(2).collect::<Vec<_>>());
        packages.collect::<BTreeSet<_>>().len() - 1
    }

    fn cargo(&self, arguments: &[&str]) {
        let output = self.command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", self.name);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).current_dir(&self.folder);
        cargo
    }
}

fn manifest(packages: &[&str]) -> String {
    let head = "[package]\nname = \"alone\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n";
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let dependency = |&package: &&str| match package {
        "flowmeter" => format!("flowmeter = {{ path = {ours:?} }}\n"),
        package => format!("{package} = \"={}\"\n", version(package)),
    };
    head.to_owned() + &packages.iter().map(dependency).collect::<String>()
}

/// Prints the figures of each, and beside ours the median of the others.
fn show(title: &str, unit: &'static str, figures: Vec<(&'static str, Vec<f64>)>, turns: usize) {
    let standing = |(name, mut figures): (&'static str, Vec<f64>)| {
        figures.sort_by(f64::total_cmp);
        Standing { name, best: figures[0], median: figures[figures.len() / 2] }
    };
    let mut ways: Vec<Standing> = figures.into_iter().map(standing).collect();
    let [best, median] =
        [|way: &Standing| way.best, |way: &Standing| way.median].map(|of| middle(&ways[1..], of));
    ways.push(Standing { name: MEDIAN, best, median });
    Standings { title: title.to_owned(), unit, turns, ways }.show_beside(MEDIAN, "ratio ≥ 1");
}

fn middle(ways: &[Standing], of: fn(&Standing) -> f64) -> f64 {
    let mut all: Vec<f64> = ways.iter().map(of).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
