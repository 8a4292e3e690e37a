//! Where timestamps are kept: one hash in Redis, or a map of this process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fred::interfaces::{ClientLike as _, HashesInterface as _, LuaInterface as _};
use fred::prelude::{Builder, Client, Config, ReconnectPolicy};
use parking_lot::RwLock;
use secrecy::{ExposeSecret as _, SecretString};

use super::MOST;
use crate::db::Address;
use crate::problem::Problem;

/// Clones share the store.
#[derive(Clone)]
pub(crate) struct Timestamps(Kept);

#[derive(Clone)]
enum Kept {
    Memory(Arc<RwLock<BTreeMap<String, i64>>>),
    Redis { client: Client, limit: Duration },
}

/// What setting a name did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Set {
    New,
    Replaced,
    /// There are [`MOST`] names already, and this is none of them.
    Full,
}

/// The hash of all names; the value of each is its seconds since 1970.
const KEY: &str = "timestamps";

/// Counting and setting in one step: no number of clients makes more names than there may be.
const SET: &str = "\
local known = redis.call('HEXISTS', KEYS[1], ARGV[1])
if known == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return -1 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return known";

const ADDRESS: Address =
    Address("REDIS_URL", "redis://[USER:PASSWORD@]HOST[:PORT][/DB] or rediss://...");
/// Waits between attempts to connect, in milliseconds: from, to, growth.
const RECONNECT: (u32, u32, u32) = (100, 2_000, 2);

impl Timestamps {
    /// Connects in the background, for as long as it takes; needs the runtime of tokio.
    pub(crate) fn new(url: Option<&SecretString>, limit: Duration) -> Result<Self, Address> {
        let Some(url) = url else { return Ok(Self(Kept::Memory(Arc::default()))) };
        let url = url.expose_secret();
        // fred takes any scheme for one of Redis.
        if !["redis://", "rediss://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(ADDRESS);
        }
        let mut config = Config::from_url(url).map_err(|_| ADDRESS)?;
        config.fail_fast = false;
        let mut builder = Builder::from_config(config);
        builder
            .with_performance_config(|performance| performance.default_command_timeout = limit)
            .with_connection_config(|connection| {
                connection.connection_timeout = limit;
                connection.internal_command_timeout = limit;
                connection.unresponsive.max_timeout = Some(limit);
                connection.unresponsive.interval = limit / 4;
                connection.tcp.nodelay = Some(true);
            })
            .set_policy(ReconnectPolicy::new_exponential(0, RECONNECT.0, RECONNECT.1, RECONNECT.2));
        let client = builder.build().map_err(|_| ADDRESS)?;
        client.connect();
        Ok(Self(Kept::Redis { client, limit }))
    }

    pub(crate) async fn all(&self) -> Result<Vec<(String, i64)>, Problem> {
        match &self.0 {
            Kept::Memory(names) => {
                Ok(names.read().iter().map(|(name, at)| (name.clone(), *at)).collect())
            }
            Kept::Redis { client, limit } => {
                let names: BTreeMap<String, i64> = limited(*limit, client.hgetall(KEY)).await?;
                Ok(names.into_iter().collect())
            }
        }
    }

    pub(crate) async fn get(&self, name: &str) -> Result<Option<i64>, Problem> {
        match &self.0 {
            Kept::Memory(names) => Ok(names.read().get(name).copied()),
            Kept::Redis { client, limit } => limited(*limit, client.hget(KEY, name)).await,
        }
    }

    pub(crate) async fn set(&self, name: &str, second: i64) -> Result<Set, Problem> {
        match &self.0 {
            Kept::Memory(names) => Ok(set(&mut names.write(), name, second)),
            Kept::Redis { client, limit } => {
                let arguments = (name, second, i64::try_from(MOST).unwrap_or(i64::MAX));
                let arguments: Vec<String> =
                    vec![arguments.0.to_owned(), arguments.1.to_string(), arguments.2.to_string()];
                let known: i64 = limited(*limit, client.eval(SET, vec![KEY], arguments)).await?;
                Ok(match known {
                    -1 => Set::Full,
                    0 => Set::New,
                    _ => Set::Replaced,
                })
            }
        }
    }

    /// Nothing is left of the name, whether it was there or not.
    pub(crate) async fn reset(&self, name: &str) -> Result<(), Problem> {
        match &self.0 {
            Kept::Memory(names) => {
                names.write().remove(name);
                Ok(())
            }
            Kept::Redis { client, limit } => limited(*limit, client.hdel(KEY, name)).await,
        }
    }

    pub(crate) async fn ready(&self) -> Result<(), &'static str> {
        match &self.0 {
            Kept::Memory(_) => Ok(()),
            Kept::Redis { client, limit } => {
                let answer: Result<String, Problem> = limited(*limit, client.ping(None)).await;
                answer.map(drop).map_err(|_| "does not answer")
            }
        }
    }

    pub(crate) async fn close(&self) {
        if let Kept::Redis { client, .. } = &self.0 {
            // What fails here has ended already.
            let _ = client.quit().await;
        }
    }
}

fn set(names: &mut BTreeMap<String, i64>, name: &str, second: i64) -> Set {
    if let Some(at) = names.get_mut(name) {
        *at = second;
        return Set::Replaced;
    }
    if names.len() >= MOST {
        return Set::Full;
    }
    names.insert(name.to_owned(), second);
    Set::New
}

/// fred has limits of its own; this one holds whatever state its connection is in.
///
/// A command's future is some 25 kB, which would be part of every future around it.
fn limited<T>(
    limit: Duration,
    command: impl Future<Output = Result<T, fred::error::Error>>,
) -> impl Future<Output = Result<T, Problem>> {
    let command = Box::pin(command);
    async move {
        match tokio::time::timeout(limit, command).await {
            Ok(answer) => answer.map_err(|error| away(&error)),
            Err(_) => Err(away(&"no answer in time")),
        }
    }
}

fn away(error: &dyn std::fmt::Display) -> Problem {
    tracing::warn!(%error, "redis is away");
    Problem::unavailable("the store of the timestamps")
}
