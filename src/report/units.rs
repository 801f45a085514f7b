//! Numbers as people read them; those of DataX to the byte.
//!
//! DataX rounds in two ways: `DecimalFormat` half to even on the exact binary value, which is what
//! Rust's `{:.2}` does too, and `Formatter` half up. The second is done here in whole numbers.

const KIB: f64 = 1024.0;

/// A number of bytes in DataX's units of 1024: `1023B`, `1.50KB`, `5120.00TB`.
pub(super) fn byte_size(bytes: i64) -> String {
    let value = bytes as f64;
    let units = [("TB", KIB.powi(4)), ("GB", KIB.powi(3)), ("MB", KIB.powi(2)), ("KB", KIB)];
    match units.into_iter().find(|(_, size)| value >= *size) {
        Some((unit, size)) => format!("{:.2}{unit}", value / size),
        None => format!("{bytes}B"),
    }
}

/// Nanoseconds as DataX's seconds: `133,203.219s`. DataX computes in single precision.
pub(super) fn unit_time(nanos: u64) -> String {
    let seconds = f64::from(nanos as f32 / 1e9_f32);
    let millis = half_up(seconds * 1000.0);
    format!("{}.{:03}s", grouped(millis / 1000), millis % 1000)
}

/// A size in DataX's units of 1000: `1000B`, `1.00K`, `10,000.00G`. Single precision, too.
pub(super) fn unit_size(size: u64) -> String {
    let units = [("G", 1_000_000_000), ("M", 1_000_000), ("K", 1000)];
    match units.into_iter().find(|(_, unit)| size > *unit) {
        Some((name, unit)) => {
            let hundredths = half_up(f64::from(size as f32 / unit as f32) * 100.0);
            format!("{}.{:02}{name}", grouped(hundredths / 100), hundredths % 100)
        }
        None => format!("{size}B"),
    }
}

/// A part of 1 as a percentage: `33.33%`. What is not finite is 0.
pub(super) fn percentage(part: f64) -> String {
    let part = if part.is_finite() { part } else { 0.0 };
    format!("{:.2}%", part * 100.0)
}

/// A whole number in groups of three: `26,398`.
pub(super) fn grouped(number: impl Into<i128>) -> String {
    let number: i128 = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (i, digit) in digits.char_indices() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Rounds half up. Exact, for the values here stem from single precision: the sum has room.
fn half_up(value: f64) -> u64 {
    (value + 0.5).floor() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_sizes_agree_with_datax() {
        let vectors = [
            (0, "0B"),
            (1023, "1023B"),
            (1024, "1.00KB"),
            (1536, "1.50KB"),
            (1_048_575, "1024.00KB"),
            (1_048_576, "1.00MB"),
            (2_294_444, "2.19MB"),
            (104_910_029, "100.05MB"),
            (1_073_741_824, "1.00GB"),
            (1_099_511_627_776, "1.00TB"),
            (5_629_499_534_213_120, "5120.00TB"),
            (-2048, "-2048B"),
        ];
        for (bytes, text) in vectors {
            assert_eq!(byte_size(bytes), text);
        }
    }

    #[test]
    fn byte_sizes_round_half_to_even_on_the_exact_value() {
        let vectors = [(1152, "1.12KB"), (1664, "1.62KB"), (2176, "2.12KB")];
        for (bytes, text) in vectors {
            assert_eq!(byte_size(bytes), text);
        }
    }

    #[test]
    fn times_agree_with_datax() {
        let vectors = [
            (0, "0.000s"),
            (500_000, "0.001s"),
            (999_999, "0.001s"),
            (57_250_671, "0.057s"),
            (62_500_000, "0.063s"),
            (312_500_000, "0.313s"),
            (9_669_441_721, "9.669s"),
            (133_203_219_000_000, "133,203.219s"),
        ];
        for (nanos, text) in vectors {
            assert_eq!(unit_time(nanos), text);
        }
    }

    #[test]
    fn sizes_agree_with_datax() {
        let vectors = [
            (1000, "1000B"),
            (1001, "1.00K"),
            (1_000_001, "1.00M"),
            (1_000_000_001, "1.00G"),
            (9_999_999_999_999, "10,000.00G"),
        ];
        for (size, text) in vectors {
            assert_eq!(unit_size(size), text);
        }
    }

    #[test]
    fn percentages_agree_with_datax() {
        let vectors = [
            (0.0, "0.00%"),
            (1.0 / 3.0, "33.33%"),
            (2.0 / 3.0, "66.67%"),
            (0.00005, "0.01%"),
            (0.12345, "12.35%"),
            (0.99999, "100.00%"),
            (1.0, "100.00%"),
        ];
        for (part, text) in vectors {
            assert_eq!(percentage(part), text);
        }
    }

    #[test]
    fn a_percentage_of_nothing_is_a_number() {
        assert_eq!(percentage(f64::NAN), "0.00%");
        assert_eq!(percentage(f64::INFINITY), "0.00%");
    }

    #[test]
    fn the_largest_numbers_have_a_text() {
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
        assert_eq!(unit_time(u64::MAX), "18,446,743,552.000s", "single precision, as in DataX");
        assert_eq!(byte_size(i64::MAX), "8388608.00TB");
    }
}
