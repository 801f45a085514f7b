//! The macros by which a call site names its metric: looked up once, and then found as quickly as by a handle.

/// The counter of a registry that is named here, by literals or constants: `counter!(registry, "rows").add(3)`.
///
/// The first time it is looked up, or registered; from then on the call site finds it by itself, about as quickly as
/// a [handle](crate::Counter) does. It gives a [`Here`](crate::Here), by which it is added to, and so does
/// [`meter!`](crate::meter!). [`gauge!`](crate::gauge!), [`histogram!`](crate::histogram!) and
/// [`timer!`](crate::timer!) give a [`Found`](crate::Found), which is used as the metric itself.
///
/// ```
/// # use flowmeter::{Registry, counter, gauge, histogram, meter, timer};
/// let registry = Registry::new();
/// counter!(registry, "rows", table = "flights", "not.an.identifier" = "ok").add(3);
/// gauge!(registry, "depth").set(1.5);
/// histogram!(registry, "size").record(2_048);
/// meter!(registry, "calls").mark(1);
/// let load = timer!(registry, "load").start();
/// load.stop();
///
/// let rows = [("table", "flights"), ("not.an.identifier", "ok")];
/// assert_eq!(registry.collect().counter_with("rows", &rows), Some(3));
/// ```
///
/// - Name and labels must be known when the program is compiled. A variable among them is an error of the compiler
///   (`non-constant value`); it is for a [`Family`](crate::Family), or a look-up by name. The registry is a
///   [`Registry`](crate::Registry), not a scope of one.
/// - It never fails: a name that can't be registered gives a metric that counts nothing, for as long as the registry
///   lives. It is counted in `flowmeter.refused`, once for each call site and registry;
///   [`Registry::refusals`](crate::Registry::refusals) says why, and with the feature `tracing` so does a warning, with file
///   and line.
/// - A handle, for a function that takes a `&Counter`, is what `.handle()` gives.
/// - What was [taken out](crate::Registry::unregister) is registered anew by the next call. But what a call site has
///   found keeps its memory until its registry is dropped; where more than 1,000 such metrics have been taken out, a
///   site whose metric is gone looks it up each time.
/// - One call site may serve several registries. It remembers the one that came last; where two come by turns, each
///   call costs a look-up in a table, some tens of times as much.
/// - The unit, the help and the like of a name are told the registry beforehand: see
///   [`metric`](crate::Registry::metric).
/// - It is not for a global allocator, which would be called by what it calls.
#[macro_export]
macro_rules! counter {
    ($registry:expr, $($named:tt)+) => {
        $crate::__at_call_site!(Counter, here, $registry, $($named)+)
    };
    ($($other:tt)*) => {
        $crate::__at_call_site!()
    };
}

/// The gauge of a registry that is named here: `gauge!(registry, "depth").set(1.5)`. See
/// [`counter!`](crate::counter!); it gives a [`Found`](crate::Found), which is used as the gauge itself.
#[macro_export]
macro_rules! gauge {
    ($registry:expr, $($named:tt)+) => {
        $crate::__at_call_site!(Gauge, found, $registry, $($named)+)
    };
    ($($other:tt)*) => {
        $crate::__at_call_site!()
    };
}

/// The histogram of a registry that is named here: `histogram!(registry, "size").record(2_048)`. See
/// [`counter!`](crate::counter!); it gives a [`Found`](crate::Found), which is used as the histogram itself.
#[macro_export]
macro_rules! histogram {
    ($registry:expr, $($named:tt)+) => {
        $crate::__at_call_site!(Histogram, found, $registry, $($named)+)
    };
    ($($other:tt)*) => {
        $crate::__at_call_site!()
    };
}

/// The meter of a registry that is named here: `meter!(registry, "calls").mark(1)`. See
/// [`counter!`](crate::counter!); it gives a [`Here`](crate::Here), by which it is marked.
#[macro_export]
macro_rules! meter {
    ($registry:expr, $($named:tt)+) => {
        $crate::__at_call_site!(Meter, here, $registry, $($named)+)
    };
    ($($other:tt)*) => {
        $crate::__at_call_site!()
    };
}

/// The timer of a registry that is named here: `timer!(registry, "load").time(|| load())`. See
/// [`counter!`](crate::counter!); it gives a [`Found`](crate::Found), which is used as the timer itself.
#[macro_export]
macro_rules! timer {
    ($registry:expr, $($named:tt)+) => {
        $crate::__at_call_site!(Timer, found, $registry, $($named)+)
    };
    ($($other:tt)*) => {
        $crate::__at_call_site!()
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __at_call_site {
    ($kind:ident, $how:ident, $registry:expr, $name:expr $(, $label:tt = $value:expr)* $(,)?) => {{
        static SITE: $crate::CallSite<$crate::$kind> = $crate::CallSite::new(
            $name,
            &[$(($crate::__label!($label), $value)),*],
            ::core::concat!(::core::file!(), ":", ::core::line!()),
        );
        let registry: &$crate::Registry = &$registry;
        registry.$how(&SITE)
    }};
    ($($other:tt)*) => {
        ::core::compile_error!(
            "a metric is named by a registry, a name, and labels, as in `counter!(registry, \"rows\", table = \"flights\")`"
        )
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __label {
    ($label:literal) => {
        $label
    };
    ($label:ident) => {
        $crate::CallSite::<()>::label(::core::stringify!($label))
    };
}
