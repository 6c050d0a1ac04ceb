use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::protocol::SigningAlgorithm::{ES256, RS256};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const SETTINGS: RotationSettings =
    RotationSettings { every: Duration::from_secs(90 * 24 * 60 * 60), longest_token: HOUR };

/// The keys of an installation, and what was signed with them.
#[derive(Default)]
struct World {
    records: Vec<SigningKeyRecord>,
    made: u8,
    /// Name, instant of the signature.
    signed: Vec<(String, Timestamp)>,
    dropped: BTreeSet<String>,
}

impl World {
    /// Does what the plan says, as `app` does.
    fn apply(&mut self, plan: &Plan, now: Timestamp) {
        if let Some(new) = &plan.make {
            self.made += 1;
            self.records.push(SigningKeyRecord {
                id: SigningKeyId::from_bytes(&[self.made; 16]).unwrap(),
                kid: format!("key {}", self.made),
                algorithm: new.algorithm,
                place: new.place,
                sealed_private: Vec::new(),
                public_jwk: String::new(),
                created_at: now,
                active_from: new.active_from,
                retired_at: None,
            });
        }
        for key in &mut self.records {
            let of = |list: &[(SigningKeyId, Timestamp)]| {
                list.iter().find(|(id, _)| *id == key.id).map(|(_, at)| *at)
            };
            let (hastened, retired) = (of(plan.hasten.as_slice()), of(&plan.retire));
            key.active_from = hastened.unwrap_or(key.active_from);
            key.retired_at = key.retired_at.or(retired);
        }
        self.records.retain(|key| !plan.remove.contains(&key.id));
    }

    fn run(&mut self, rotation: Rotation, now: Timestamp, settings: RotationSettings) -> Plan {
        let plan = plan(&self.records, RS256, rotation, now, settings);
        self.apply(&plan, now);
        plan
    }

    fn signer(&self, now: Timestamp) -> String {
        signer(&self.records, RS256, now).unwrap().kid.clone()
    }

    fn names(&self) -> Vec<&str> {
        self.records.iter().map(|key| key.kid.as_str()).collect()
    }
}

#[test]
fn the_first_key_signs_at_once() {
    let mut world = World::default();
    let plan = world.run(Rotation::OnSchedule, NOW, SETTINGS);
    assert_eq!(plan.make, Some(NewKey { algorithm: RS256, place: 1, active_from: NOW }));
    assert!(world.run(Rotation::OnSchedule, NOW, SETTINGS).is_empty());
    assert_eq!(world.signer(NOW), "key 1");
}

#[test]
fn interop_6_the_next_key_is_published_in_time_and_the_old_one_stays() {
    let mut world = World::default();
    world.run(Rotation::OnSchedule, NOW, SETTINGS);
    let due = NOW + SETTINGS.every;
    assert!(world.run(Rotation::OnSchedule, due - 27 * HOUR, SETTINGS).is_empty());
    let plan = world.run(Rotation::OnSchedule, due - 26 * HOUR, SETTINGS);
    assert_eq!(plan.make, Some(NewKey { algorithm: RS256, place: 2, active_from: due }));
    let before = due - Duration::from_millis(1);
    assert!(world.run(Rotation::OnSchedule, before, SETTINGS).is_empty());
    assert_eq!((world.signer(before), world.signer(due)), ("key 1".into(), "key 2".into()));
    // It may come late: the instant of the hand-over counts.
    let plan = world.run(Rotation::OnSchedule, due + HOUR, SETTINGS);
    let leaves = due + HOUR + 25 * HOUR;
    assert_eq!(plan.retire, [(world.records[0].id, leaves)]);
    assert!(
        world.run(Rotation::OnSchedule, leaves - Duration::from_millis(1), SETTINGS).is_empty()
    );
    world.run(Rotation::OnSchedule, leaves, SETTINGS);
    assert_eq!(world.names(), ["key 2"]);
}

#[test]
fn a_server_that_was_away_publishes_before_it_signs_all_the_same() {
    let mut world = World::default();
    world.run(Rotation::OnSchedule, NOW, SETTINGS);
    let back = NOW + 400 * DAY;
    let plan = world.run(Rotation::OnSchedule, back, SETTINGS);
    assert_eq!(plan.make.unwrap().active_from, back + PUBLISHED_AHEAD);
    assert_eq!(world.signer(back), "key 1");
}

#[test]
fn what_is_asked_twice_is_done_once() {
    let mut world = World::default();
    world.run(Rotation::OnSchedule, NOW, SETTINGS);
    let plan = world.run(Rotation::Next, NOW, SETTINGS);
    assert_eq!(plan.make.unwrap().active_from, NOW + PUBLISHED_AHEAD);
    assert!(world.run(Rotation::Next, NOW + HOUR, SETTINGS).is_empty());
}

#[test]
fn a_key_that_is_published_already_is_taken_when_it_must_go_quickly() {
    let mut world = World::default();
    world.run(Rotation::OnSchedule, NOW, SETTINGS);
    world.run(Rotation::Next, NOW, SETTINGS);
    let plan = world.run(Rotation::Now, NOW + HOUR, SETTINGS);
    assert!(plan.make.is_none());
    assert_eq!(plan.hasten, Some((world.records[1].id, NOW + HOUR + SETTLED_AFTER)));
    assert_eq!(world.signer(NOW + 2 * HOUR), "key 2");
    // With none waiting, one is made.
    let plan = world.run(Rotation::Now, NOW + 2 * HOUR, SETTINGS);
    assert_eq!((plan.make.is_some(), plan.retire.len()), (true, 1));
}

#[test]
fn without_a_signer_nothing_waits() {
    let mut world = World::default();
    world.run(Rotation::OnSchedule, NOW, SETTINGS);
    world.run(Rotation::Next, NOW, SETTINGS);
    world.records.remove(0);
    assert_eq!(signer(&world.records, RS256, NOW), None);
    world.run(Rotation::OnSchedule, NOW, SETTINGS);
    assert_eq!(world.signer(NOW), "key 3");
}

#[test]
fn each_algorithm_has_a_line_of_its_own() {
    let mut world = World::default();
    world.run(Rotation::OnSchedule, NOW, SETTINGS);
    let plan = plan(&world.records, ES256, Rotation::OnSchedule, NOW, SETTINGS);
    assert_eq!(plan.make, Some(NewKey { algorithm: ES256, place: 1, active_from: NOW }));
    world.apply(&plan, NOW);
    assert_eq!(in_use(&world.records), BTreeSet::from([RS256, ES256]));
}

#[test]
fn interop_2_14_who_fetches_the_key_set_once_a_day_knows_every_signature() {
    for (every, hour_of_fetching) in [(2, 0), (2, 7), (3, 13), (90, 23)] {
        let settings = RotationSettings { every: every * DAY, longest_token: DAY };
        let (mut world, mut cache) = (World::default(), Vec::new());
        let mut signers = BTreeSet::new();
        for hour in 0..200 * 24 {
            let now = NOW + hour * HOUR;
            world.run(Rotation::OnSchedule, now, settings);
            if cache.is_empty() || hour % 24 == hour_of_fetching {
                cache = world.records.iter().map(|key| key.kid.clone()).collect();
            }
            // Now, and as long as a token counts that was signed now, whenever one fetches.
            assert!(cache.contains(&world.signer(now)), "{every} {hour}");
            world.signed.push((world.signer(now), now));
            let counting = world.signed.iter().rev().take_while(|(_, at)| *at + DAY > now);
            for (kid, _) in counting {
                assert!(cache.contains(kid), "{every} {hour} {kid}");
            }
            signers.insert(world.signer(now));
        }
        assert_eq!(signers.len(), usize::try_from(200_u32.div_ceil(every)).unwrap());
    }
}

#[derive(Debug, Clone)]
enum Event {
    Pass(u64),
    Rotate(Rotation),
    Drop(Index),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        6 => (1_u64..200 * 60).prop_map(Event::Pass),
        1 => Just(Event::Rotate(Rotation::Next)),
        1 => Just(Event::Rotate(Rotation::Now)),
        1 => any::<Index>().prop_map(Event::Drop),
    ];
    proptest::collection::vec(event, 1..80)
}

/// `tessera key rotate --drop`: a replacement first, when the key signs.
fn drop_key(
    world: &mut World,
    which: &Index,
    now: Timestamp,
    settings: RotationSettings,
) -> Timestamp {
    let key = which.get(&world.records).clone();
    let mut now = now;
    if world.signer(now) == key.kid {
        world.run(Rotation::Now, now, settings);
        now = now + SETTLED_AFTER;
    }
    world.records.retain(|one| one.kid != key.kid);
    world.dropped.insert(key.kid);
    now
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens: something signs, what was signed can be verified for as long as it
    /// counts and a day more, a key is published a day before it signs unless somebody hurried,
    /// the set stays small, and a plan that was carried out leaves nothing to do.
    #[test]
    fn r52_keys_come_in_time_and_stay_long_enough(
        events in events(), days in 2_u64..400, hours in 1_u64..24,
    ) {
        let settings = RotationSettings { every: Duration::from_secs(days * 86_400), longest_token: Duration::from_secs(hours * 3_600) };
        let (mut world, mut now) = (World::default(), NOW);
        let mut hurried = BTreeSet::from(["key 1".to_owned()]);
        for event in events {
            world.run(Rotation::OnSchedule, now, settings);
            prop_assert!(world.run(Rotation::OnSchedule, now, settings).is_empty());
            world.signed.push((world.signer(now), now));
            match event {
                Event::Pass(minutes) => now = now + Duration::from_secs(minutes * 60),
                Event::Rotate(Rotation::Now) => {
                    world.run(Rotation::Now, now, settings);
                    now = now + SETTLED_AFTER;
                    hurried.insert(world.signer(now));
                }
                Event::Rotate(rotation) => drop(world.run(rotation, now, settings)),
                Event::Drop(which) => {
                    now = drop_key(&mut world, &which, now, settings);
                    hurried.insert(world.signer(now));
                }
            }
            for key in &world.records {
                let is_early = key.active_from < key.created_at + 25 * HOUR;
                prop_assert!(!is_early || hurried.contains(&key.kid), "{key:?}");
                prop_assert!(key.retired_at.is_none_or(|at| at > key.active_from));
            }
            for (kid, at) in &world.signed {
                let counts_until = *at + settings.longest_token + 25 * HOUR;
                let is_there = world.records.iter().any(|key| key.kid == *kid);
                prop_assert!(now >= counts_until || is_there || world.dropped.contains(kid));
            }
            let pending = world.records.iter().filter(|key| key.active_from > now).count();
            prop_assert!(pending <= 1);
            world.run(Rotation::OnSchedule, now, settings);
            let kept = settings.longest_token + KEPT_AFTER;
            for key in world.records.iter().filter(|key| key.kid != world.signer(now)) {
                prop_assert!(key.active_from > now || key.retired_at.is_some_and(|at| at <= now + kept));
            }
        }
    }
}
