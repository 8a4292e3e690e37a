//! The two services together, on either kind of back end.

use std::sync::OnceLock;

use super::service::Variable;
use super::{Answer, Call, Postgres, Program, Redis, Service};

/// What the services stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    /// Nothing installed: `SQLite` and a map, in memory.
    Embedded,
    /// Postgres and Redis.
    Servers,
    /// The same, and the schema of a release to come: a table and a column more.
    NewerSchema,
}

/// Services to be started.
pub(crate) struct Setting {
    backend: Backend,
    demo: bool,
    api: Vec<(String, String)>,
    auth: Vec<(String, String)>,
}

/// Both services, running.
pub(crate) struct World {
    pub(crate) api: Service,
    pub(crate) auth: Service,
    redis: Option<Redis>,
}

impl Backend {
    /// Both services with demo data and no other variables.
    pub(crate) fn world(self) -> World {
        self.setting().start()
    }

    /// Both services with demo data, and these variables for `api`.
    pub(crate) fn api(self, variables: &[Variable]) -> World {
        self.setting().api(variables).start()
    }

    /// Services with demo data, to be varied.
    pub(crate) fn setting(self) -> Setting {
        Setting { backend: self, demo: true, api: Vec::new(), auth: Vec::new() }
    }

    /// A new database with the schema, and with demo data or not.
    pub(crate) fn database(self, demo: bool) -> Option<String> {
        let template = match self {
            Backend::Embedded => return None,
            _ if demo => demo_database(),
            _ => bare_database(),
        };
        let postgres = Postgres::shared();
        let name = postgres.database(Some(template));
        if self == Backend::NewerSchema {
            postgres.sql(&name, EXPAND);
        }
        Some(postgres.url(&name))
    }
}

impl Setting {
    /// Without demo data.
    pub(crate) fn bare(self) -> Self {
        Setting { demo: false, ..self }
    }

    /// With these variables for `api`.
    pub(crate) fn api(mut self, variables: &[Variable]) -> Self {
        self.api.extend(owned(variables));
        self
    }

    /// With these variables for `auth`.
    pub(crate) fn auth(mut self, variables: &[Variable]) -> Self {
        self.auth.extend(owned(variables));
        self
    }

    /// Starts `auth`, then `api`.
    pub(crate) fn start(mut self) -> World {
        let redis = (self.backend != Backend::Embedded).then(Redis::start);
        let mut common = Vec::new();
        match self.backend.database(self.demo) {
            Some(url) => common.push(("DATABASE_URL".to_owned(), url)),
            None if self.demo => common.extend(owned(&[("SEED", "demo")])),
            None => {}
        }
        self.auth.splice(0..0, common.clone());
        let auth = Program::Auth.serve(&borrowed(&self.auth));
        common.push(("AUTH_URL".to_owned(), auth.url()));
        common.extend(redis.as_ref().map(|redis| ("REDIS_URL".to_owned(), redis.url())));
        self.api.splice(0..0, common);
        let api = Program::Api.serve(&borrowed(&self.api));
        World { api, auth, redis }
    }
}

impl World {
    /// Sends a request to `api`.
    #[track_caller]
    pub(crate) fn send(&self, call: Call) -> Answer {
        self.api.send(call)
    }

    /// Gets a path of `api`.
    #[track_caller]
    pub(crate) fn get(&self, path: impl std::fmt::Display) -> Answer {
        self.api.get(path)
    }
}

/// What a later release may do to the schema: only add.
const EXPAND: &str = "
    create table extras (id bigint primary key, note text);
    alter table users add column note text;
    alter table records add column note text;
    insert into _sqlx_migrations (version, description, success, checksum, execution_time)
    values (29990101000000, 'extras', true, '\\x00', 1)";

/// A database that `migrate` filled, with demo data.
fn demo_database() -> &'static str {
    static DEMO: OnceLock<String> = OnceLock::new();
    DEMO.get_or_init(|| migrated(&[("SEED", "demo")]))
}

/// A database that `migrate` filled, without data.
fn bare_database() -> &'static str {
    static BARE: OnceLock<String> = OnceLock::new();
    BARE.get_or_init(|| migrated(&[]))
}

fn migrated(variables: &[Variable]) -> String {
    let postgres = Postgres::shared();
    let name = postgres.database(None);
    let url = postgres.url(&name);
    for program in [Program::Api, Program::Auth] {
        let ran = program.run(&["migrate"], &[variables, &[("DATABASE_URL", &url)]].concat());
        assert_eq!(ran.code, Some(0), "{program:?} migrate: {ran:?}");
    }
    name
}

fn owned(variables: &[Variable]) -> Vec<(String, String)> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn borrowed(variables: &[(String, String)]) -> Vec<Variable<'_>> {
    variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
