//! Where the services listen.

use std::net::TcpListener;
use std::time::Duration;

use crate::world::{Call, Program, agent, free_port, until};

#[test]
fn a_taken_address_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for name in ["ADDR", "ADMIN_ADDR"] {
        let ran = Program::Api.run(&[], &[(name, &address)]);
        assert!(ran.code.is_some_and(|code| code != 0), "{ran:?}");
        assert!(format!("{ran:?}").contains(&address), "{ran:?}");
    }
}

/// The place where a service listens is told at `info`; without that line it serves too.
#[test]
fn a_service_that_logs_little() {
    for level in ["warn", "error"] {
        let address = format!("127.0.0.1:{}", free_port());
        let mut api = Program::Api.begin(&[("ADDR", &address), ("LOG_LEVEL", level)]);
        let base = format!("http://{address}");
        let ask = || Call::get("/hello").try_send(&agent(), &base).ok();
        assert_eq!(until("an answer", ask).status, 200);
        std::thread::sleep(Duration::from_millis(500));
        assert!(api.process.child().try_wait().unwrap().is_none(), "{api:?}");
        let ready = Call::get("/readyz").try_send(&agent(), &base).unwrap();
        assert_eq!(ready.status, 200, "{}", ready.text());
    }
}

#[test]
fn more_than_one_address() {
    let api = Program::Api.serve(&[("ADDR", "127.0.0.1:0,127.0.0.2:0")]);
    let addresses = until("two addresses", || {
        let events = api.log().events("listening");
        (events.len() == 2).then_some(events)
    });
    for address in addresses {
        let base = format!("http://{}", address["address"].as_str().unwrap());
        let answer = Call::get("/hello").try_send(&agent(), &base);
        assert_eq!(answer.unwrap().status, 200);
    }
}
