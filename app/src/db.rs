//! The SQL store: Postgres, or SQLite when none is configured.

use std::future::Future;
use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, PgPool, SqlitePool};

use crate::problem::Problem;

/// With Postgres only the `migrate` command applies these; the embedded store applies its own.
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
/// Demo data in the SQL that both stores understand; running it twice is running it once.
const DEMO: &str = include_str!("../migrations/seed.sql");

/// The name in the table of sqlx for what ran; the same in every release.
const NEWEST: &str = "select max(version) from _sqlx_migrations where success";

/// A pool of connections; clones share it.
#[derive(Clone)]
pub(crate) struct Db {
    pub(crate) pool: Pool,
    in_memory: bool,
    limit: Duration,
}

#[derive(Clone)]
pub(crate) enum Pool {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

/// The same expression over whichever pool it is: both understand `$1`.
macro_rules! on_pool {
    ($db:expr, $pool:ident => $query:expr) => {
        match &$db.pool {
            crate::db::Pool::Postgres($pool) => $db.limited($query).await,
            crate::db::Pool::Sqlite($pool) => $db.limited($query).await,
        }
    };
}

/// The address is a secret: it is not part of the message.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not an address that can be used: expected {1}")]
pub(crate) struct Address(pub(crate) &'static str, pub(crate) &'static str);

const ADDRESS: Address =
    Address("DATABASE_URL", "postgres://USER:PASSWORD@HOST/DATABASE or sqlite:FILE");

/// Why the store cannot be brought to this release.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("the database that DATABASE_URL names cannot be migrated: {0}")]
    Migration(#[from] MigrateError),
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
}

impl Db {
    /// Opens nothing yet: a database that is away must not keep the service from starting.
    pub(crate) fn new(
        url: Option<&SecretString>,
        connections: u32,
        limit: Duration,
    ) -> Result<Self, Address> {
        let pool = match url.map(ExposeSecret::expose_secret) {
            None => Pool::Sqlite(in_memory()),
            Some(url) if url.starts_with("postgres") => {
                Pool::Postgres(postgres(url, connections, limit)?)
            }
            Some(url) => Pool::Sqlite(file(url, connections, limit)?),
        };
        Ok(Self { pool, in_memory: url.is_none(), limit })
    }

    pub(crate) fn is_embedded(&self) -> bool {
        matches!(self.pool, Pool::Sqlite(_))
    }

    /// Whether the data ends with the process.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.in_memory
    }

    /// Brings the schema to this release; several at once take turns, a newer schema stays.
    pub(crate) async fn migrate(&self) -> Result<(), Unusable> {
        match &self.pool {
            Pool::Postgres(pool) => accepting_newer(&POSTGRES).run(pool).await?,
            Pool::Sqlite(pool) => accepting_newer(&SQLITE).run(pool).await?,
        }
        Ok(())
    }

    /// Adds the demo data that is not there yet.
    pub(crate) async fn seed(&self) -> Result<(), Unusable> {
        match &self.pool {
            Pool::Postgres(pool) => sqlx::raw_sql(DEMO).execute(pool).await.map(drop)?,
            Pool::Sqlite(pool) => sqlx::raw_sql(DEMO).execute(pool).await.map(drop)?,
        }
        Ok(())
    }

    /// Whether the store answers and its schema is at least this release's.
    pub(crate) async fn ready(&self) -> Result<(), &'static str> {
        let newest =
            on_pool!(self, pool => sqlx::query_scalar::<_, Option<i64>>(NEWEST).fetch_one(pool));
        match newest {
            Ok(Some(version)) if version >= self.wanted() => Ok(()),
            Ok(_) => Err("the schema is behind: run `migrate`"),
            Err(Failure::Query(error)) if has_no_table(&error) => {
                Err("there is no schema: run `migrate`")
            }
            Err(Failure::Query(sqlx::Error::Database(_))) => Err("does not let this service in"),
            Err(_) => Err("does not answer"),
        }
    }

    /// Connections that are open, and those of them that nobody uses.
    pub(crate) fn connections(&self) -> (u32, usize) {
        match &self.pool {
            Pool::Postgres(pool) => (pool.size(), pool.num_idle()),
            Pool::Sqlite(pool) => (pool.size(), pool.num_idle()),
        }
    }

    pub(crate) async fn close(&self) {
        match &self.pool {
            Pool::Postgres(pool) => pool.close().await,
            Pool::Sqlite(pool) => pool.close().await,
        }
    }

    /// A server that accepts and says nothing must not hold a request.
    pub(crate) async fn limited<T>(
        &self,
        query: impl Future<Output = sqlx::Result<T>>,
    ) -> Result<T, Failure> {
        match tokio::time::timeout(self.limit, query).await {
            Ok(answer) => answer.map_err(Failure::Query),
            Err(_) => Err(Failure::Late),
        }
    }

    fn wanted(&self) -> i64 {
        let migrations = if self.is_embedded() { &SQLITE } else { &POSTGRES };
        migrations.iter().map(|migration| migration.version).max().unwrap_or_default()
    }
}

/// Why a query has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("no answer in time")]
    Late,
    #[error(transparent)]
    Query(sqlx::Error),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match &failure {
            Failure::Query(error) if !is_away(error) => {
                tracing::error!(%error, "a query failed");
                Self::internal()
            }
            _ => {
                tracing::warn!(error = %failure, "the database is away");
                Self::unavailable("the database")
            }
        }
    }
}

/// Connections that cannot be had or broke, and a server that shuts down, starts, is full, lets nobody
/// in with this password, or has no database or schema yet.
fn is_away(error: &sqlx::Error) -> bool {
    use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut, Protocol, Tls, WorkerCrashed};
    match error {
        Io(_) | Tls(_) | Protocol(_) | PoolTimedOut | PoolClosed | WorkerCrashed => true,
        // Classes of PostgreSQL's appendix A.
        Database(refusal) => refusal.code().is_some_and(|code| {
            ["08", "28", "3D", "53", "57"].iter().any(|class| code.starts_with(class))
                || has_no_table(error)
        }),
        _ => false,
    }
}

/// Postgres's undefined table: the schema is yet to come.
fn has_no_table(error: &sqlx::Error) -> bool {
    let refusal = error.as_database_error();
    refusal.is_some_and(|refusal| refusal.code().as_deref() == Some("42P01"))
}

fn accepting_newer(migrations: &Migrator) -> Migrator {
    let mut migrator = Migrator::with_migrations(migrations.iter().cloned().collect());
    migrator.set_ignore_missing(true);
    migrator
}

fn postgres(url: &str, connections: u32, limit: Duration) -> Result<PgPool, Address> {
    let options = PgConnectOptions::from_str(url).map_err(|_| ADDRESS)?;
    let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(limit);
    Ok(pool.connect_lazy_with(options.disable_statement_logging()))
}

fn file(url: &str, connections: u32, limit: Duration) -> Result<SqlitePool, Address> {
    let path = url.strip_prefix("sqlite:").ok_or(ADDRESS)?;
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() {
        return Err(ADDRESS);
    }
    let options = SqliteConnectOptions::new()
        .filename(Path::new(path))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(limit)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(limit);
    Ok(pool.connect_lazy_with(options))
}

/// One connection that is never given up: with it the data would go.
fn in_memory() -> SqlitePool {
    let options = SqliteConnectOptions::new().in_memory(true).disable_statement_logging();
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    pool.connect_lazy_with(options)
}
