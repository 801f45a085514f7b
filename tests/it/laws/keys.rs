//! A key is its name and its labels, whatever their number and however long they are.

use flowmeter::Key;
use proptest::prelude::*;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

type Plain = (String, Vec<(String, String)>);

/// Of values from none to the longest, with many near the lengths at which they are kept in another way.
fn value() -> impl Strategy<Value = String> {
    let lengths = prop_oneof![0..3usize, 6..25usize, 120..135usize, 1010..=1024usize];
    ("[ab]", lengths).prop_map(|(letter, length)| letter.repeat(length))
}

fn plain() -> impl Strategy<Value = Plain> {
    let labels = proptest::collection::btree_map("[a-c]|é{1,2}", value(), 0..4);
    ("[ab]{1,2}", labels).prop_map(|(name, labels)| (name, labels.into_iter().collect()))
}

fn key((name, labels): &Plain) -> Key {
    let labels: Vec<_> = labels.iter().map(|(label, value)| (&**label, &**value)).collect();
    Key::new(name, &labels).unwrap()
}

fn hash(key: &Key) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

proptest! {
    #[test]
    fn a_key_gives_back_its_name_and_its_labels(plain in plain()) {
        let key = key(&plain);
        let labels = key.labels().map(|(label, value)| (label.to_owned(), value.to_owned()));
        prop_assert_eq!(key.labels().len(), plain.1.len());
        prop_assert_eq!((key.name().to_owned(), labels.collect::<Vec<_>>()), plain);
    }

    #[test]
    fn keys_stand_to_each_other_as_their_names_and_labels_do(one in plain(), other in plain()) {
        let keys = (key(&one), key(&other));
        prop_assert_eq!(keys.0.cmp(&keys.1), one.cmp(&other));
        prop_assert_eq!(keys.0 == keys.1, one == other);
        prop_assert_eq!(keys.0.clone(), keys.0);
    }

    #[test]
    fn keys_of_one_name_sort_as_their_labels_do(plain in plain(), others in plain()) {
        let other = (plain.0.clone(), others.1);
        prop_assert_eq!(key(&plain).cmp(&key(&other)), plain.cmp(&other));
        let again = key(&plain);
        prop_assert_eq!(hash(&again), hash(&key(&plain)));
        prop_assert_eq!(&again, &key(&plain));
    }

    #[test]
    fn a_key_is_written_and_read_back(plain in plain()) {
        let key = key(&plain);
        let json = serde_json::to_string(&key).unwrap();
        let as_plain = match plain.1.is_empty() {
            true => serde_json::json!({ "name": plain.0 }),
            false => serde_json::json!({ "name": plain.0, "labels": plain.1 }),
        };
        prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&json).unwrap(), &as_plain);
        prop_assert_eq!(serde_json::from_str::<Key>(&json).unwrap(), key);
    }
}
