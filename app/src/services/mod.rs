//! The commands of both services, each told in one function.

mod parts;

use std::future::Future;
use std::path::Path;

use parts::{Parts, database};

use crate::cli::Failed;
use crate::config::{self, Common, Seed};
use crate::docs;
use crate::identity::Identity;
use crate::jobs::Jobs;
use crate::limit::PerMinute;
use crate::message::Message;
use crate::records::{Records, RecordsApi};
use crate::timestamps::{Timestamps, TimestampsApi};
use crate::users::{Token, Username, Users, UsersApi};

/// Serves the public API until a signal.
pub(crate) fn api(config: &config::Api) -> Result<(), Failed> {
    let redis =
        config::secret("REDIS_URL", config.redis_url.as_ref(), config.redis_url_file.as_ref())?;
    run(async {
        let timestamps = Timestamps::new(redis.as_ref(), config.common.store_timeout)?;
        let parts = Parts::new("api", &config.common, Some(timestamps.clone())).await?;
        let identity = Identity::new(config)?;
        let writes =
            PerMinute::new(config.writes_per_minute, "too many timestamps were set or reset; wait");
        let apis = (
            Message,
            Jobs,
            TimestampsApi { timestamps: timestamps.clone(), writes },
            RecordsApi { records: Records::new(parts.db.clone()) },
        );
        let surfaces = parts.surfaces(&config.common, apis, &docs::API, &identity);
        parts.serve(&config.common, surfaces, config.trusted_proxies).await?;
        timestamps.close().await;
        parts.close().await;
        Ok(())
    })
}

/// Serves `auth` until a signal.
pub(crate) fn auth(config: &config::Auth) -> Result<(), Failed> {
    run(async {
        let parts = Parts::new("auth", &config.common, None).await?;
        let failures =
            PerMinute::new(config.common.auth_failures_per_minute, "too many wrong tokens; wait");
        let users = UsersApi { users: Users::new(parts.db.clone()), failures };
        let surfaces = parts.surfaces(&config.common, users, &docs::AUTH, &());
        parts.serve(&config.common, surfaces, config.trusted_proxies).await?;
        parts.close().await;
        Ok(())
    })
}

/// Brings the schema to this release, and adds the demo data when it is asked for.
pub(crate) fn migrate(config: &Common) -> Result<(), Failed> {
    run(async {
        let db = database(config)?;
        db.migrate().await?;
        if config.seed == Seed::Demo {
            db.seed().await?;
        }
        db.close().await;
        Ok(())
    })
}

/// Adds the user; its token is made here, and given back, unless the file has one.
pub(crate) fn add_user(
    config: &Common,
    name: &Username,
    token_file: Option<&Path>,
) -> Result<Option<String>, Failed> {
    let token = token_file.map_or_else(Token::generate, Token::read)?;
    run(async {
        let db = database(config)?;
        if db.is_in_memory() {
            return Err("a user in memory ends with this command: set DATABASE_URL".into());
        }
        if db.is_embedded() {
            db.migrate().await?;
        }
        Users::new(db.clone()).add(name, &token).await?;
        db.close().await;
        Ok(token_file.is_none().then(|| token.expose().to_owned()))
    })
}

fn run<T>(story: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(story)
}
