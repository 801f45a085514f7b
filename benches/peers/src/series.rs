//! Many series of one name, as each library registers, holds and reads them.

/// The names of their two labels.
pub(crate) const LABELS: [&str; 2] = ["partition", "worker"];

/// What the series are called: a name, and the two values of each.
pub(crate) struct Texts {
    pub(crate) name: &'static str,
    pub(crate) values: Vec<[String; 2]>,
}

impl Texts {
    /// 27 bytes: of the name 4, of the labels 23.
    pub(crate) fn short(series: usize) -> Texts {
        let values = |i| [format!("{i:05}"), format!("w{:02}", i % 50)];
        Texts { name: "rows", values: (0..series).map(values).collect() }
    }

    /// 63 bytes: of the name 18, of the labels 45.
    pub(crate) fn long(series: usize) -> Texts {
        let values = |i| [format!("2013-01-01-{i:06}"), format!("worker-{:06}", i % 50)];
        Texts { name: "etl_rows_committed", values: (0..series).map(values).collect() }
    }

    /// The values of all series.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = [&str; 2]> {
        self.values.iter().map(|values| values.each_ref().map(String::as_str))
    }
}

/// Series that are registered, with the handles by which a program counts in them.
pub(crate) trait Series {
    /// Adds one to the series with this number.
    fn add(&self, i: usize);

    /// Reads all.
    fn collect(&mut self);

    /// What was read last of each, in any order.
    fn values(&self) -> Vec<u64>;
}

/// Registers series of these names.
pub(crate) type Fill = fn(&Texts) -> Box<dyn Series>;
