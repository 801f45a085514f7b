//! Shows ways to do the same beside the first.

use crate::measure::{Standing, Standings};

impl Standings {
    /// Prints a table, unless there was one turn only.
    pub(crate) fn show(&self) {
        let Standings { title, unit, turns, ways } = self;
        let Some(first) = ways.first().filter(|_| *turns > 1) else { return };
        println!("\n{title}, {turns} turns each");
        let (ns, millions, than) = (format!("ns a {unit}"), "M/s", "of the first");
        println!("{:46}{ns:^18}{millions:^18}{than:^16}", "");
        let (best, usual) = ("best", "median");
        println!("{:46}{best:>8}{usual:>9} {best:>8}{usual:>9} {best:>7}{usual:>8}", "");
        ways.iter().for_each(|way| way.show(first));
    }
}

impl Standing {
    fn show(&self, first: &Standing) {
        let Standing { name, best, median } = self;
        print!("{name:46}{best:8.1}{median:9.1} ");
        print!("{:8.2}{:9.2} ", 1e3 / best, 1e3 / median);
        println!("{:7.3}{:8.3}", best / first.best, median / first.median);
    }
}
