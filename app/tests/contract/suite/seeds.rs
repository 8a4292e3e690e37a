//! The calls as the first users wrote them down.

use std::process::Command;

use serde_json::Value;

use crate::world::{Backend, World};

on_back_ends!(the_calls);

/// Arguments of curl after the host, and what has to come.
const CALLS: [(&[&str], &str, &str); 10] = [
    (&[], "/hello", "200 Hello there"),
    (
        &["-X", "POST", "-H", "Authorization: mytoken"],
        "/jobs",
        "200 Jobs:\nTitle: Devops\nDescription: Awesome\n",
    ),
    (&[], "/api/v1/records/9223372036854775807", "204 "),
    (&["-o", "/dev/null"], "/api/v1/records", "200"),
    (&["-o", "/dev/null"], "/api/v1/records/1", "200"),
    (&["-o", "/dev/null", "-X", "PUT"], "/api/v1/timestamps/lunch", "201"),
    (&["-o", "/dev/null"], "/api/v1/timestamps/lunch", "200"),
    (&["-o", "/dev/null"], "/api/v1/timestamps", "200"),
    (&["-X", "DELETE"], "/api/v1/timestamps/lunch", "204 "),
    (&["-o", "/dev/null"], "/api/v1/timestamps/lunch", "404"),
];

fn the_calls(backend: Backend) {
    let world = backend.world();
    for (arguments, path, expected) in CALLS {
        let format = if arguments.contains(&"-o") { "%{http_code}" } else { "\n%{http_code}" };
        let printed = curl(&world, &[arguments, &["-w", format]].concat(), path);
        let (body, status) = printed.rsplit_once('\n').unwrap_or(("", &printed));
        let separator = if arguments.contains(&"-o") { "" } else { " " };
        assert_eq!(format!("{status}{separator}{body}"), expected, "{path}");
    }
    let root: Value = serde_json::from_str(&curl(&world, &[], "/")).unwrap();
    assert_eq!(root["message"], "Automate all the things!");
    assert!(root["timestamp"].is_i64(), "{root}");
}

fn curl(world: &World, arguments: &[&str], path: &str) -> String {
    let mut command = Command::new("curl");
    command.args(["-sS", "-q", "--noproxy", "*", "--max-time", "60"]).args(arguments);
    let ran = command.arg(format!("{}{path}", world.api.url())).output().unwrap();
    assert!(ran.status.success(), "{path}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}
