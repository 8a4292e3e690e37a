//! Deployment records: what ran where, since when.

mod api;
mod store;

pub(crate) use api::RecordsApi;
pub(crate) use store::Records;

use poem_openapi::Object;

use crate::moment::Moment;
use crate::text::{Commit, Environment, Service, Text, Version};

/// A deployment as a client reports it.
#[derive(Object)]
#[oai(example)]
pub(crate) struct NewRecord {
    /// What was deployed.
    pub(crate) service: Text<Service>,
    /// Where.
    pub(crate) environment: Text<Environment>,
    /// Its version: a tag of an image.
    pub(crate) version: Text<Version>,
    /// The commit that it was built from.
    pub(crate) commit: Text<Commit>,
    /// When; to the microsecond.
    pub(crate) deployed_at: Moment,
}

/// A deployment that is recorded; it never changes.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub(crate) struct Record {
    /// Larger than those of all earlier records.
    #[oai(validator(minimum(value = "1")))]
    pub(crate) id: i64,
    /// What was deployed.
    #[oai(validator(max_length = 63))]
    pub(crate) service: String,
    /// Where.
    #[oai(validator(max_length = 63))]
    pub(crate) environment: String,
    /// Its version: a tag of an image.
    #[oai(validator(max_length = 128))]
    pub(crate) version: String,
    /// The commit that it was built from.
    #[oai(validator(max_length = 64))]
    pub(crate) commit: String,
    /// When; to the microsecond.
    pub(crate) deployed_at: Moment,
}

impl NewRecord {
    fn with_id(self, id: i64) -> Record {
        let Self { service, environment, version, commit, deployed_at } = self;
        Record {
            id,
            service: service.into_string(),
            environment: environment.into_string(),
            version: version.into_string(),
            commit: commit.into_string(),
            deployed_at,
        }
    }
}

impl poem_openapi::types::Example for NewRecord {
    fn example() -> Self {
        Self {
            service: Text::example(),
            environment: Text::example(),
            version: Text::example(),
            commit: Text::example(),
            deployed_at: Moment::from_second(1_795_255_200).unwrap_or(Moment::EPOCH),
        }
    }
}

impl poem_openapi::types::Example for Record {
    fn example() -> Self {
        NewRecord::example().with_id(1)
    }
}
