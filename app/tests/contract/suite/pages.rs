//! The list of records, page by page.

use serde_json::{Value, json};

use crate::world::{Answer, Backend, Call, TOKEN, World};

on_back_ends!(to_the_end, defaults, bounds, filters);

/// Makes this many records of a service; the version counts from 1.
fn fill(world: &World, service: &str, count: usize) {
    for number in 1..=count {
        let record = json!({
            "service": service, "environment": if number % 2 == 0 { "dev" } else { "prod" },
            "version": format!("1.0.{number}+b"), "commit": "0123abc",
            "deployed_at": "2026-11-21T10:00:00Z",
        });
        world.send(Call::post("/api/v1/records").bearer(TOKEN).json(&record)).expect(201);
    }
}

/// Path and query of the next page.
fn next(answer: &Answer, world: &World) -> Option<String> {
    let link = answer.header("link")?;
    let target = link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"");
    let target = target.unwrap_or_else(|| panic!("{link}"));
    Some(target.strip_prefix(&world.api.url()).unwrap_or(target).to_owned())
}

fn ids(answer: &Answer) -> Vec<i64> {
    let body = answer.json();
    body.as_array().unwrap().iter().map(|record| record["id"].as_i64().unwrap()).collect()
}

fn to_the_end(backend: Backend) {
    let world = backend.world();
    fill(&world, "paged", 7);
    let (mut path, mut seen) = ("/api/v1/records?service=paged&limit=3".to_owned(), Vec::new());
    for expected in [3, 3, 1] {
        let answer = world.get(&path).expect(200);
        assert_eq!(answer.number("x-total-count"), 7, "{path}");
        assert_eq!(ids(&answer).len(), expected, "{path}");
        seen.extend(ids(&answer));
        path = next(&answer, &world).unwrap_or_default();
    }
    assert_eq!(path, "", "a page after the last");
    assert!(seen.is_sorted_by(|left, right| left > right), "{seen:?}");
    assert_eq!(ids(&world.get("/api/v1/records?service=paged")), seen);
    let exact = world.get("/api/v1/records?service=paged&limit=7").expect(200);
    assert_eq!(next(&exact, &world), None, "a page after an exact fit");
}

fn defaults(backend: Backend) {
    let world = backend.world();
    fill(&world, "many", 21);
    let first = world.get("/api/v1/records").expect(200);
    assert_eq!(ids(&first).len(), 20);
    let second = world.get(next(&first, &world).unwrap()).expect(200);
    assert!(ids(&second)[0] < ids(&first)[19]);
    assert_eq!(first.number("x-total-count"), second.number("x-total-count"));
}

fn bounds(backend: Backend) {
    let world = backend.world();
    let wrong =
        ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "limit=18446744073709551616"];
    let after = ["after=0", "after=-1", "after=x", "after=9223372036854775808", "after=1.0"];
    let filters = ["service=A", "environment=a_b", "version=%00", "service=%ff", "version=%20"];
    for query in wrong.into_iter().chain(after).chain(filters) {
        let answer = world.get(format!("/api/v1/records?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        answer.problem(400);
    }
    assert_eq!(world.get("/api/v1/records?after=1").expect(200).text(), "[]");
    let all = ids(&world.get("/api/v1/records?limit=100").expect(200));
    assert_eq!(ids(&world.get("/api/v1/records?limit=100&after=9223372036854775807")), all);
    assert_eq!(ids(&world.get(format!("/api/v1/records?after={}", all[0]))), all[1..]);
    assert_eq!(ids(&world.get("/api/v1/records?limit=1")), all[..1]);
}

fn filters(backend: Backend) {
    let world = backend.world();
    fill(&world, "some", 4);
    let cases = [
        ("service=some", 4),
        ("service=some&environment=dev", 2),
        ("environment=prod&service=some", 2),
        ("service=some&version=1.0.3%2Bb", 1),
        ("version=1.0.3%2Bb&environment=prod&service=some", 1),
        ("version=1.0.3%2Bb&environment=dev&service=some", 0),
        ("service=nobody", 0),
    ];
    for (query, count) in cases {
        let answer = world.get(format!("/api/v1/records?{query}&limit=1")).expect(200);
        assert_eq!(answer.number("x-total-count"), count, "{query}");
        assert_eq!(next(&answer, &world).is_some(), count > 1, "{query}");
        assert_eq!(answer.json() == Value::from(Vec::<Value>::new()), count == 0, "{query}");
    }
}
