//! Deployment records: written once, read one or many.

use serde_json::{Value, json};

use crate::world::{Backend, Call, TOKEN};

on_back_ends!(samples, created, the_same_again, one_of_many_writers, token, ids);

fn record() -> Value {
    json!({
        "service": "api", "environment": "prod", "version": "9.2.0", "commit": "0123abc",
        "deployed_at": "2026-11-21T10:00:00Z",
    })
}

fn samples(backend: Backend) {
    let world = backend.world();
    let answer = world.get("/api/v1/records?limit=100").expect(200);
    let body = answer.json();
    let records = body.as_array().unwrap();
    assert!(!records.is_empty() && records.len() <= 100, "{body}");
    assert_eq!(answer.number("x-total-count"), records.len() as u64);
    let ids: Vec<i64> = records.iter().map(|record| record["id"].as_i64().unwrap()).collect();
    assert!(ids.is_sorted_by(|left, right| left > right), "{ids:?}");
    for record in records {
        assert_eq!(&world.get(format!("/api/v1/records/{}", record["id"])).json(), record);
        assert_eq!(record.as_object().unwrap().len(), 6, "{record}");
    }
}

fn created(backend: Backend) {
    let world = backend.world();
    let before = world.get("/api/v1/records").number("x-total-count");
    let answer = world.send(Call::post("/api/v1/records").bearer(TOKEN).json(&record()));
    let body = answer.expect(201);
    let path = body.header("location").unwrap().to_owned();
    let body = body.json();
    assert_eq!(path, format!("/api/v1/records/{}", body["id"]));
    let mut expected = record();
    expected["id"] = body["id"].clone();
    assert_eq!(body, expected);
    assert_eq!(world.get(&path).expect(200).json(), expected);
    let list = world.get("/api/v1/records");
    assert_eq!((list.number("x-total-count"), &list.json()[0]), (before + 1, &expected));
}

fn the_same_again(backend: Backend) {
    let world = backend.world();
    let post = |body: &Value| world.send(Call::post("/api/v1/records").bearer(TOKEN).json(body));
    let first = post(&record()).expect(201).json();
    let mut shifted = record();
    shifted["deployed_at"] = json!("2026-11-21T11:00:00+01:00");
    for same in [record(), shifted] {
        assert_eq!(post(&same).expect(200).json(), first);
    }
    let others = [
        ("service", "auth"),
        ("environment", "dev"),
        ("version", "9.2.1"),
        ("commit", "0123abd"),
        ("deployed_at", "2026-11-21T10:00:01Z"),
    ];
    for (field, value) in others {
        let mut other = record();
        other[field] = json!(value);
        assert_ne!(post(&other).expect(201).json()["id"], first["id"], "{field}");
    }
}

/// A retried request that overtakes the first one makes no second record.
fn one_of_many_writers(backend: Backend) {
    let world = backend.world();
    let post = || world.send(Call::post("/api/v1/records").bearer(TOKEN).json(&record()));
    let answers = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8).map(|_| scope.spawn(post)).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect::<Vec<_>>()
    });
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    let again = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((created, again), (1, 7));
    assert!(answers.iter().all(|answer| answer.json() == answers[0].json()));
}

fn token(backend: Backend) {
    let world = backend.world();
    let post = || Call::post("/api/v1/records").json(&record());
    for call in [post(), post().bearer("other"), post().header("authorization", "Basic eDp5")] {
        let answer = world.send(call);
        answer.problem(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"app\""));
    }
    world.send(post().header("authorization", TOKEN)).expect(201);
}

fn ids(backend: Backend) {
    let world = backend.world();
    for id in ["9223372036854775807", "4611686018427387904", "999999999"] {
        let answer = world.get(format!("/api/v1/records/{id}")).expect(204);
        assert_eq!((answer.body.as_slice(), answer.header("content-type")), (&b""[..], None));
    }
    let wrong = ["0", "-1", "9223372036854775808", "18446744073709551616", "abc", "1.5", "1e3"];
    let odd = ["%00", "%ff", "1%00", "%20", "0x10", "1%20", "99999999999999999999999999999999999"];
    for id in wrong.into_iter().chain(odd) {
        let answer = world.get(format!("/api/v1/records/{id}"));
        assert_eq!(answer.status, 400, "{id}: {}", answer.text());
        let detail = answer.problem(400)["detail"].to_string();
        assert!(!detail.contains("param0") && !detail.contains("integer_"), "{detail}");
    }
}
