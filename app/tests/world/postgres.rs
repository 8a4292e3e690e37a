//! A real Postgres, made for tests: its data is not synced to disk.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Process, Signal, ports, reaper, until};

/// The password of every database here; no log may show it.
pub(crate) const PASSWORD: &str = "pg-Secret.7Kq";

/// What Postgres runs as when the tests run as root, as whom it refuses to.
const NOBODY: u32 = 65534;

/// A Postgres of its own.
pub(crate) struct Postgres {
    process: Option<Process>,
    port: u16,
    data: PathBuf,
}

impl Postgres {
    /// A port and a data folder for a server that does not run yet.
    pub(crate) fn absent() -> Self {
        let data = reaper::folder("postgres").join("data");
        let mut copy = Command::new("cp");
        copy.arg("-a").arg(template()).arg(&data);
        assert!(copy.status().unwrap().success());
        Postgres { process: None, port: ports::free(), data }
    }

    /// A running server without databases of anybody.
    pub(crate) fn start() -> Self {
        let mut postgres = Postgres::absent();
        postgres.restart();
        postgres
    }

    /// The one that tests share which do not harm it.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Postgres::start)
    }

    /// Starts it, on the port and the data that it had.
    pub(crate) fn restart(&mut self) {
        self.kill();
        let mut command = program("postgres");
        command.arg("-D").arg(&self.data).args(["-p", &self.port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        self.process = Some(Process::start(command.stdout(Stdio::null()).stderr(Stdio::null())));
        until("postgres to answer", || self.try_sql("postgres", "select 1"));
    }

    /// Stops the clock of it and of its sessions.
    pub(crate) fn pause(&self) {
        self.process.as_ref().unwrap().signal_family(Signal::SIGSTOP);
    }

    /// Lets them go on.
    pub(crate) fn resume(&self) {
        self.process.as_ref().unwrap().signal_family(Signal::SIGCONT);
    }

    /// Ends it without a word.
    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    /// Where a database of it is.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://app:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// A new database, empty or a copy of another; gives its name.
    pub(crate) fn database(&self, template: Option<&str>) -> String {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("d{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let template = template.unwrap_or("template0");
        self.sql("postgres", &format!("create database {name} template {template}"));
        name
    }

    /// Runs SQL in a database; gives the rows, unaligned.
    pub(crate) fn sql(&self, database: &str, sql: &str) -> String {
        self.try_sql(database, sql).unwrap_or_else(|| panic!("psql refuses: {sql}"))
    }

    fn try_sql(&self, database: &str, sql: &str) -> Option<String> {
        let mut command = Command::new("psql");
        command.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql]);
        command.arg(self.url(database)).env_remove("PGOPTIONS").stdin(Stdio::null());
        let ran = command.output().expect("psql is needed: install postgresql");
        ran.status.success().then(|| String::from_utf8_lossy(&ran.stdout).trim().to_owned())
    }
}

const SETTINGS: [&str; 7] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=400",
    "shared_buffers=32MB",
    "log_min_messages=panic",
];

/// A data folder as `initdb` leaves it; made once and copied.
fn template() -> &'static Path {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let home = reaper::folder("initdb");
        let (data, password) = (home.join("data"), home.join("password"));
        fs::write(&password, PASSWORD).unwrap();
        if is_root() {
            chown(&home, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let mut command = program("initdb");
        command.args(["--no-sync", "--locale=C", "--encoding=UTF8", "--username=app"]);
        command.args(["--auth=scram-sha-256", "--pwfile"]).arg(&password).arg("-D").arg(&data);
        let ran = command.output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        data
    })
}

/// Debian keeps the servers' programs off the PATH.
fn program(name: &str) -> Command {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let known = versions.map(|version| version.path().join("bin").join(name));
    let found = known.filter(|path| path.exists()).max();
    let mut command = Command::new(found.unwrap_or_else(|| PathBuf::from(name)));
    command.current_dir(reaper::root()).stdin(Stdio::null());
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}
