//! Each limit where it bites, and where it must not.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use governor::clock::FakeRelativeClock;

use super::*;

const ALICE: Party = Party { client: [1; 16], tenant: Some([7; 16]), client_quota: None };
const BOB: Party = Party { client: [2; 16], tenant: Some([7; 16]), client_quota: None };
const MALLORY: Party = Party { client: [3; 16], tenant: Some([8; 16]), client_quota: None };

struct World {
    limits: RateLimits<FakeRelativeClock>,
    clock: FakeRelativeClock,
}

fn world(mode: LimitMode, token: &str) -> World {
    world_that_remembers(mode, token, 65_536)
}

fn world_that_remembers(mode: LimitMode, token: &str, remembered: usize) -> World {
    let mut settings = RateLimitSettings::default();
    (settings.mode, settings.remembered) = (mode, remembered);
    for endpoint in Endpoint::ALL {
        settings.set(endpoint, "off").unwrap();
        settings.set(endpoint, token).unwrap();
    }
    let clock = FakeRelativeClock::default();
    World { limits: RateLimits::with_clock(&settings, clock.clone()), clock }
}

impl World {
    fn arrive(&self, address: &str) -> Verdict {
        self.limits.arrive(Endpoint::Token, address.parse().unwrap())
    }

    fn identify(&self, party: Party) -> Verdict {
        self.limits.identify(Endpoint::Token, &party)
    }

    /// How many requests in a row pass, up to a thousand, and the layer that refuses the next one.
    fn run(&self, mut ask: impl FnMut() -> Verdict) -> (usize, Option<Layer>) {
        for passed in 0..1_000 {
            if let Verdict::Exceeded(standing) = ask() {
                return (passed, Some(standing.layer));
            }
        }
        (1_000, None)
    }
}

fn within(layer: Layer, quota: &str, remaining: u32, resets_in: Duration) -> Verdict {
    Verdict::Within(Standing {
        endpoint: Endpoint::Token,
        layer,
        quota: RateQuota::parse(quota).unwrap(),
        remaining,
        resets_in,
        retry_in: Duration::ZERO,
    })
}

#[test]
fn every_layer_bites_at_every_endpoint() {
    let address = IpAddr::from([192, 0, 2, 1]);
    for endpoint in Endpoint::ALL {
        for (limit, layer) in [
            ("node=10/60", Layer::Node),
            ("address=10/60", Layer::Address),
            ("client=10/60", Layer::Client),
            ("tenant=10/60", Layer::Tenant),
        ] {
            let world = world(LimitMode::Enforced, limit);
            let ask = || {
                let arrived = world.limits.arrive(endpoint, address);
                if matches!(arrived, Verdict::Exceeded(_)) {
                    return arrived;
                }
                arrived.tighter(world.limits.identify(endpoint, &ALICE))
            };
            assert_eq!(world.run(ask), (10, Some(layer)), "{endpoint:?}");
            let Verdict::Exceeded(standing) = ask() else { panic!("{endpoint:?} {layer:?} passes") };
            assert_eq!(standing.endpoint, endpoint);
            assert_eq!(standing.retry_in, Duration::from_secs(6));
            world.clock.advance(Duration::from_secs(6));
            assert_eq!(world.run(ask), (1, Some(layer)), "{endpoint:?}");
            world.clock.advance(Duration::from_secs(60));
            assert_eq!(world.run(ask), (10, Some(layer)), "{endpoint:?}");
        }
    }
}

#[test]
fn endpoints_are_counted_apart() {
    let world = world(LimitMode::Enforced, "node=10/60");
    assert_eq!(world.run(|| world.arrive("192.0.2.1")), (10, Some(Layer::Node)));
    let elsewhere = world.limits.arrive(Endpoint::Revocation, IpAddr::from([192, 0, 2, 1]));
    assert!(matches!(elsewhere, Verdict::Within(_)));
}

#[test]
fn addresses_of_one_party_are_one_address() {
    let hop_v6 = |hop: u16| Ipv6Addr::new(0x2001, 0xdb8, 0, 1, hop, hop, 0, hop).to_string();
    let other_v6 = |hop: u16| Ipv6Addr::new(0x2001, 0xdb8, 0, hop, 0, 0, 0, 1).to_string();
    let spelled_v4 =
        |hop: u16| if hop.is_multiple_of(2) { "192.0.2.1" } else { "::ffff:192.0.2.1" }.to_owned();
    let other_v4 = |hop: u16| Ipv4Addr::from(u32::from(hop)).to_string();
    let cases: [(&dyn Fn(u16) -> String, _); 4] = [
        (&hop_v6, (10, Some(Layer::Address))),
        (&spelled_v4, (10, Some(Layer::Address))),
        (&other_v6, (1_000, None)),
        (&other_v4, (1_000, None)),
    ];
    for (hops, expected) in cases {
        let world = world(LimitMode::Enforced, "address=10/60");
        let mut hop = 0;
        let ask = || {
            hop += 1;
            world.arrive(&hops(hop))
        };
        assert_eq!(world.run(ask), expected, "{}", hops(1));
    }
}

#[test]
fn clients_that_fail_to_authenticate_cost_their_victim_nothing() {
    let world = world(LimitMode::Enforced, "address=100/60, client=10/60, tenant=20/60");
    // Attempts on the victim's client id arrive and are never identified.
    assert_eq!(world.run(|| world.arrive("203.0.113.9")), (100, Some(Layer::Address)));
    let served = || world.arrive("192.0.2.1").tighter(world.identify(ALICE));
    assert_eq!(world.run(served), (10, Some(Layer::Client)));
}

#[test]
fn one_client_over_its_limit_leaves_its_neighbours_theirs() {
    let world = world(LimitMode::Enforced, "client=10/60, tenant=15/60");
    assert_eq!(world.run(|| world.identify(ALICE)), (10, Some(Layer::Client)));
    // Of the tenant's fifteen the refused ones took nothing.
    assert_eq!(world.run(|| world.identify(BOB)), (5, Some(Layer::Tenant)));
    assert_eq!(world.run(|| world.identify(MALLORY)), (10, Some(Layer::Client)));
}

#[test]
fn what_a_tenant_is_refused_does_not_count_for_its_client() {
    let world = world(LimitMode::Enforced, "client=10/60, tenant=4/2");
    assert_eq!(world.run(|| world.identify(BOB)), (4, Some(Layer::Tenant)));
    assert_eq!(world.run(|| world.identify(ALICE)), (0, Some(Layer::Tenant)));
    world.clock.advance(Duration::from_secs(2));
    assert_eq!(world.identify(ALICE), within(Layer::Tenant, "4/2", 3, Duration::from_millis(500)));
    let client = world.limits.identify(Endpoint::Token, &Party { tenant: None, ..ALICE });
    assert_eq!(client, within(Layer::Client, "10/60", 8, Duration::from_secs(12)));
}

#[test]
fn hammering_on_makes_no_wait_longer() {
    let world = world(LimitMode::Enforced, "address=10/60, client=10/60");
    let asks: [&dyn Fn() -> Verdict; 2] = [&|| world.arrive("192.0.2.1"), &|| world.identify(ALICE)];
    for ask in asks {
        assert_eq!(world.run(ask).0, 10);
        for _ in 0..10_000 {
            assert!(matches!(ask(), Verdict::Exceeded(_)));
        }
        let Verdict::Exceeded(standing) = ask() else { panic!("it passes") };
        assert_eq!(standing.retry_in, Duration::from_secs(6));
    }
}

#[test]
fn the_quota_of_a_plan_replaces_that_of_the_endpoint() {
    for (own, expected) in [
        ("2/60", (2, Some(Layer::Client))),
        ("500/60", (500, Some(Layer::Client))),
        ("2000/60", (600, Some(Layer::Tenant))),
    ] {
        let world = world(LimitMode::Enforced, "client=10/60, tenant=600/60");
        let party = Party { client_quota: Some(RateQuota::parse(own).unwrap()), ..ALICE };
        assert_eq!(world.run(|| world.identify(party)), expected, "{own}");
    }
    // Also where the endpoint has none.
    let world = world(LimitMode::Enforced, "client=off");
    let party = Party { client_quota: Some(RateQuota::parse("2/60").unwrap()), ..ALICE };
    assert_eq!(world.run(|| world.identify(party)), (2, Some(Layer::Client)));
}

#[test]
fn without_enforcement_everything_passes_and_says_what_would_not() {
    let world = world(LimitMode::DryRun, "node=30/60, address=20/60, client=10/60");
    let verdicts: Vec<Verdict> =
        (0..40).map(|_| world.arrive("192.0.2.1").tighter(world.identify(ALICE))).collect();
    let would_exceed: Vec<(usize, Layer)> = verdicts
        .iter()
        .enumerate()
        .filter_map(|(index, verdict)| match verdict {
            Verdict::WouldExceed(standing) => Some((index, standing.layer)),
            Verdict::Unlimited | Verdict::Within(_) | Verdict::Exceeded(_) => None,
        })
        .collect();
    assert_eq!(would_exceed.len(), 30);
    assert_eq!(would_exceed.first(), Some(&(10, Layer::Client)));
}

#[test]
fn limits_that_are_off_or_absent_say_nothing() {
    for (mode, token) in
        [(LimitMode::Off, "node=1/60, address=1/60, client=1/60"), (LimitMode::Enforced, "off")]
    {
        let world = world(mode, token);
        let asks = world.run(|| world.arrive("192.0.2.1").tighter(world.identify(ALICE)));
        assert_eq!((asks, world.identify(ALICE)), ((1_000, None), Verdict::Unlimited), "{token}");
        assert_eq!(world.limits.remembered(), 0);
    }
}

#[test]
fn the_limit_with_the_smallest_share_left_binds() {
    let world = world(LimitMode::Enforced, "node=100/60, address=10/60, client=1000/60, tenant=5/60");
    let arrived = world.arrive("192.0.2.1");
    assert_eq!(arrived, within(Layer::Address, "10/60", 9, Duration::from_secs(6)));
    let identified = arrived.tighter(world.identify(ALICE));
    assert_eq!(identified, within(Layer::Tenant, "5/60", 4, Duration::from_secs(12)));
}

#[test]
fn requests_of_many_threads_are_all_counted() {
    for (limit, expected) in [("node=1000/60", 1_000), ("address=1000/60", 4_000)] {
        let world = world(LimitMode::Enforced, limit);
        let passed: usize = std::thread::scope(|scope| {
            let limits = &world.limits;
            let ask = |thread: u8| {
                // Two threads share an address.
                let address = IpAddr::from([192, 0, 2, thread / 2]);
                let arrived = (0..1_000).map(|_| limits.arrive(Endpoint::Token, address));
                arrived.filter(|verdict| matches!(verdict, Verdict::Within(_))).count()
            };
            let threads: Vec<_> = (0..8).map(|thread| scope.spawn(move || ask(thread))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(passed, expected, "{limit}");
    }
}

#[test]
fn five_million_addresses_take_bounded_room_and_push_out_nobody_who_is_in_use() {
    let world = world_that_remembers(LimitMode::Enforced, "address=10/60", 1_000);
    let busy = || world.arrive("192.0.2.1");
    assert_eq!(world.run(busy), (10, Some(Layer::Address)));
    for number in 0..5_000_000_u32 {
        let address = IpAddr::V4(Ipv4Addr::from(0x0a00_0000 + number));
        assert!(matches!(world.limits.arrive(Endpoint::Token, address), Verdict::Within(_)));
        if number.is_multiple_of(100) {
            assert!(matches!(busy(), Verdict::Exceeded(_)), "after {number}");
        }
    }
    assert!(world.limits.remembered() <= 1_000, "{}", world.limits.remembered());
}

#[test]
fn nodes_that_count_together_count_the_same_subjects() {
    let world = world(LimitMode::Enforced, "node=9/60, address=3/60, client=2/60, tenant=1/60");
    let takes = |address: &str, party: Option<&Party>| {
        let takes = world.limits.shared_takes(Endpoint::Token, Some(address.parse().unwrap()), party);
        takes.into_iter().map(|take| (take.layer, take.subject, take.quota.to_string())).collect::<Vec<_>>()
    };
    let mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1];
    let network = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    let own = Party { client_quota: Some(RateQuota::parse("7/60").unwrap()), tenant: None, ..ALICE };
    for (address, party, expected) in [
        ("192.0.2.1", None, vec![(Layer::Address, mapped, "3/60".to_owned())]),
        ("::ffff:192.0.2.1", None, vec![(Layer::Address, mapped, "3/60".to_owned())]),
        ("2001:db8:0:1::5", None, vec![(Layer::Address, network, "3/60".to_owned())]),
        (
            "192.0.2.1",
            Some(&ALICE),
            vec![
                (Layer::Address, mapped, "3/60".to_owned()),
                (Layer::Client, [1; 16], "2/60".to_owned()),
                (Layer::Tenant, [7; 16], "1/60".to_owned()),
            ],
        ),
        (
            "192.0.2.1",
            Some(&own),
            vec![(Layer::Address, mapped, "3/60".to_owned()), (Layer::Client, [1; 16], "7/60".to_owned())],
        ),
    ] {
        assert_eq!(takes(address, party), expected);
    }
    assert_eq!(world.limits.remembered(), 0);
}
