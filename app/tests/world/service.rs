//! A running `api` or `auth`.

use std::fmt;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;

use ureq::Agent;

use super::{Answer, Call, Output, Process, Signal, call, until};

/// A variable of the environment.
pub(crate) type Variable<'a> = (&'a str, &'a str);

/// The built programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// The public API.
    Api,
    /// Who a token belongs to.
    Auth,
}

/// What a subcommand printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A service that listens.
pub(crate) struct Service {
    pub(crate) process: Process,
    addresses: Vec<SocketAddr>,
    agent: Agent,
    stdout: Output,
    stderr: Output,
}

impl Program {
    /// Runs a subcommand to its end.
    pub(crate) fn run(self, arguments: &[&str], variables: &[Variable]) -> Ran {
        let mut process = Process::start(self.command(variables).args(arguments));
        let [stdout, stderr] = read(&mut process);
        let code = process.wait_for(&format!("{self:?} {arguments:?} {variables:?} to end")).code();
        let text = |(output, reader): (Output, JoinHandle<()>)| {
            reader.join().unwrap();
            output.text()
        };
        Ran { code, stdout: text(stdout), stderr: text(stderr) }
    }

    /// Starts serving, on a free port unless ADDR is given; waits until it listens.
    pub(crate) fn serve(self, variables: &[Variable]) -> Service {
        let admin = variables.iter().any(|(name, _)| *name == "ADMIN_ADDR");
        let mut service = self.begin(variables);
        until(&format!("{self:?} to listen"), || service.listening(1 + usize::from(admin)));
        service
    }

    /// The program with these variables and no other.
    fn command(self, variables: &[Variable]) -> Command {
        let mut command = Command::new(match self {
            Program::Api => env!("CARGO_BIN_EXE_api"),
            Program::Auth => env!("CARGO_BIN_EXE_auth"),
        });
        command.env_clear().env("ADDR", "127.0.0.1:0").env("LOG_FORMAT", "json");
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts it, and waits for nothing.
    pub(crate) fn begin(self, variables: &[Variable]) -> Service {
        let mut process = Process::start(&mut self.command(variables));
        let [(stdout, _), (stderr, _)] = read(&mut process);
        Service { process, addresses: Vec::new(), agent: call::agent(), stdout, stderr }
    }
}

impl Service {
    /// The address, as `127.0.0.1:43211`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.addresses[0]
    }

    /// Where it is, as `http://127.0.0.1:43211`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Where the system endpoints are when `ADMIN_ADDR` is set.
    pub(crate) fn admin_url(&self) -> String {
        format!("http://{}", self.addresses[1])
    }

    /// Sends a request; panics when it is not answered.
    #[track_caller]
    pub(crate) fn send(&self, call: Call) -> Answer {
        call.try_send(&self.agent, &self.url())
            .unwrap_or_else(|error| panic!("no answer: {error}\n{self:?}"))
    }

    /// Gets a path.
    #[track_caller]
    pub(crate) fn get(&self, path: impl fmt::Display) -> Answer {
        self.send(Call::get(path))
    }

    /// What `/readyz` says: its status, and its body.
    #[track_caller]
    pub(crate) fn readiness(&self) -> (u16, serde_json::Value) {
        let answer = self.get("/readyz");
        (answer.status, answer.json())
    }

    /// Waits until `/readyz` answers with this status.
    pub(crate) fn until_ready(&self, status: u16) -> serde_json::Value {
        until(&format!("readyz {status} of {self:?}"), || {
            let (answered, body) = self.readiness();
            (answered == status).then_some(body)
        })
    }

    /// The lines it logged so far.
    pub(crate) fn log(&self) -> &Output {
        &self.stdout
    }

    /// Everything it printed so far.
    pub(crate) fn printed(&self) -> String {
        format!("{}\n{}", self.stdout.text(), self.stderr.text())
    }

    /// The log line of the request with this id, once it is there.
    pub(crate) fn request_line(&self, id: &str) -> serde_json::Value {
        until(&format!("a log line of request {id}"), || {
            self.stdout.events("request").into_iter().find(|line| line["request_id"] == id)
        })
    }

    /// Asks it to end by SIGTERM; gives its exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        self.process.signal(Signal::SIGTERM);
        self.process.wait().code()
    }

    fn listening(&mut self, wanted: usize) -> Option<()> {
        let ended = self.process.child().try_wait().unwrap();
        assert!(ended.is_none(), "it ended with {ended:?}: {self:?}");
        let events = self.stdout.events("listening");
        let addresses = events.iter().map(|event| event["address"].as_str().unwrap());
        self.addresses = addresses.map(|address| address.parse().unwrap()).collect();
        (self.addresses.len() >= wanted).then_some(())
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.process.runs() { "it runs" } else { "it has ended" };
        write!(f, "{state}, and printed:\n{}", self.printed())
    }
}

fn read(process: &mut Process) -> [(Output, JoinHandle<()>); 2] {
    let stdout = process.child().stdout.take().unwrap();
    let stderr = process.child().stderr.take().unwrap();
    [Output::of(stdout), Output::of(stderr)]
}
