//! The table `records`; it only grows.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use super::{NewRecord, Record};
use crate::db::{Db, Failure};
use crate::moment::Moment;

/// Records that are read from memory, and for how long: they do not change, but a database may be restored.
const CACHED: u64 = 1_000;
const FRESH: Duration = Duration::from_mins(1);

/// Clones share the store and its cache.
#[derive(Clone)]
pub(crate) struct Records {
    db: Db,
    by_id: Cache<i64, Arc<Record>>,
}

/// Which records a list has; what is absent matches all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) service: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) version: Option<String>,
}

/// Newest first.
pub(crate) struct Page {
    pub(crate) records: Vec<Record>,
    /// How many the filter matches.
    pub(crate) total: i64,
    /// Whether older ones follow.
    pub(crate) more: bool,
}

type Row = (i64, String, String, String, String, i64);

const GET: &str =
    "select id, service, environment, version, commit_id, deployed_at from records where id = $1";
// A placeholder has no type of its own in `$1 is null`: Postgres asks for one.
const LIST: &str = "select id, service, environment, version, commit_id, deployed_at from records \
    where (cast($1 as text) is null or service = $1) \
    and (cast($2 as text) is null or environment = $2) \
    and (cast($3 as text) is null or version = $3) \
    and id < $4 order by id desc limit $5";
const COUNT: &str = "select count(*) from records \
    where (cast($1 as text) is null or service = $1) \
    and (cast($2 as text) is null or environment = $2) \
    and (cast($3 as text) is null or version = $3)";
const ADD: &str = "insert into records (service, environment, version, commit_id, deployed_at) \
    values ($1, $2, $3, $4, $5) \
    on conflict (service, environment, version, commit_id, deployed_at) do nothing returning id";
const FIND: &str = "select id from records where service = $1 and environment = $2 and version = $3 \
    and commit_id = $4 and deployed_at = $5";

impl Records {
    pub(crate) fn new(db: Db) -> Self {
        Self { db, by_id: Cache::builder().max_capacity(CACHED).time_to_live(FRESH).build() }
    }

    pub(crate) async fn get(&self, id: i64) -> Result<Option<Arc<Record>>, Failure> {
        if let Some(record) = self.by_id.get(&id) {
            return Ok(Some(record));
        }
        let row: Option<Row> =
            on_pool!(self.db, pool => sqlx::query_as(GET).bind(id).fetch_optional(pool))?;
        let record = row.map(|row| Arc::new(record(row)));
        if let Some(record) = &record {
            self.by_id.insert(id, Arc::clone(record));
        }
        Ok(record)
    }

    /// At most `limit` records that are older than the record `after`.
    pub(crate) async fn list(
        &self,
        filter: &Filter,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Page, Failure> {
        let Filter { service, environment, version } = filter;
        let (after, asked) = (after.unwrap_or(i64::MAX), i64::from(limit) + 1);
        let mut rows: Vec<Row> = on_pool!(self.db, pool => sqlx::query_as(LIST)
            .bind(service).bind(environment).bind(version).bind(after).bind(asked).fetch_all(pool))?;
        let total: i64 = on_pool!(self.db, pool => sqlx::query_scalar(COUNT)
            .bind(service).bind(environment).bind(version).fetch_one(pool))?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        Ok(Page { records: rows.into_iter().map(record).collect(), total, more })
    }

    /// The record, and whether it is new: the same five fields again are the same record.
    pub(crate) async fn add(&self, new: NewRecord) -> Result<(Record, bool), Failure> {
        let at = new.deployed_at.as_microsecond();
        let (service, environment) = (new.service.as_str(), new.environment.as_str());
        let (version, commit) = (new.version.as_str(), new.commit.as_str());
        let added: Option<i64> = on_pool!(self.db, pool => sqlx::query_scalar(ADD)
            .bind(service).bind(environment).bind(version).bind(commit).bind(at).fetch_optional(pool))?;
        if let Some(id) = added {
            return Ok((new.with_id(id), true));
        }
        let id: i64 = on_pool!(self.db, pool => sqlx::query_scalar(FIND)
            .bind(service).bind(environment).bind(version).bind(commit).bind(at).fetch_one(pool))?;
        Ok((new.with_id(id), false))
    }
}

fn record((id, service, environment, version, commit, at): Row) -> Record {
    // The table holds what was accepted; should another program have written there, 1970 is shown.
    let deployed_at = Moment::from_microsecond(at).unwrap_or(Moment::EPOCH);
    Record { id, service, environment, version, commit, deployed_at }
}
