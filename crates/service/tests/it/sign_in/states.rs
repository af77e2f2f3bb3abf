//! States that go through a browser.

use std::time::Duration;

use turnkeep_testkit::fixtures::slug;

use crate::world::{World, cheap_settings};

#[test]
fn a_state_opens_for_its_purpose_at_its_issuer_until_it_expires() {
    let world = World::bare();
    let (authority, here) = (&world.authority, slug("default"));
    let value = vec!["one".to_owned(), "née".to_owned()];
    let text = authority.seal_state("test", &here, &value, Duration::from_secs(60)).unwrap();
    let opened = |purpose, issuer: &str, text: &str| {
        authority.open_state::<Vec<String>>(purpose, &slug(issuer), text).unwrap()
    };
    assert_eq!(opened("test", "default", &text), Some(value.clone()));
    assert!(!text.contains("one") && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
    for (purpose, issuer, text) in [
        ("other", "default", text.as_str()),
        ("test", "acme", &text),
        ("test", "default", ""),
        ("test", "default", "not base64!"),
        ("test", "default", &"A".repeat(1_000_000)),
        ("test", "default", text.get(1..).unwrap()),
    ] {
        assert_eq!(opened(purpose, issuer, text), None);
    }
    // Of another form: as good as expired.
    assert_eq!(authority.open_state::<u32>("test", &here, &text).unwrap(), None);
    // Another node opens it, one with other master keys does not.
    let node = world.restarted(&[2, 1], cheap_settings(), 5);
    assert_eq!(node.authority.open_state("test", &here, &text).unwrap(), Some(value));
    let stranger = world.restarted(&[3], cheap_settings(), 6);
    assert_eq!(stranger.authority.open_state::<Vec<String>>("test", &here, &text).unwrap(), None);
    world.advance(59);
    assert!(opened("test", "default", &text).is_some());
    world.advance(1);
    assert_eq!(opened("test", "default", &text), None);
}
