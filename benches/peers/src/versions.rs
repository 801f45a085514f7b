//! Which versions are beside each other: those that are locked.

/// The packages, as they stand in the tables.
pub(crate) const PACKAGES: [&str; 15] = [
    "flowmeter",
    "metrics",
    "metrics-util",
    "metrics-exporter-prometheus",
    "prometheus",
    "prometheus-static-metric",
    "prometheus-client",
    "measured",
    "opentelemetry",
    "opentelemetry_sdk",
    "metriken",
    "histogram",
    "fastmetrics",
    "hdrhistogram",
    "parking_lot",
];

const LOCK: &str = include_str!("../../../Cargo.lock");

/// The version of a package, of which there is one.
pub(crate) fn version(package: &str) -> &'static str {
    let head = format!("name = \"{package}\"\nversion = \"");
    let (_, rest) = LOCK.split_once(&head).unwrap();
    rest.split('"').next().unwrap()
}

pub(crate) fn show() {
    println!("| library | version |\n|---|---|");
    PACKAGES.iter().for_each(|package| println!("| {package} | {} |", version(package)));
}
