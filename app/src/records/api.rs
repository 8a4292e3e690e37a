//! `/api/v1/records`.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::store::{Filter, Page, Records};
use super::{NewRecord, Record};
use crate::identity::Caller;
use crate::openapi::Tags;
use crate::problem::{Problem, Refused, status};
use crate::text::{Environment, Service, Text, Version};

#[derive(ApiResponse)]
enum Listed {
    /// Records, newest first.
    #[oai(status = 200)]
    Page(
        Json<Vec<Record>>,
        /// How many records the filters match.
        #[oai(header = "X-Total-Count")]
        i64,
        /// The next page (RFC 8288, `rel="next"`); absent on the last one.
        #[oai(header = "Link")]
        Option<String>,
    ),
}

#[derive(ApiResponse)]
enum Found {
    /// The record.
    #[oai(status = 200)]
    Record(Json<Record>),
    /// There is none of this id.
    #[oai(status = 204)]
    None,
}

#[derive(ApiResponse)]
enum Added {
    /// The same record was there already.
    #[oai(status = 200)]
    Known(Json<Record>),
    /// The record is new.
    #[oai(status = 201)]
    New(
        Json<Record>,
        /// Where it is.
        #[oai(header = "Location")]
        String,
    ),
}

pub(crate) struct RecordsApi {
    pub(crate) records: Records,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Records")]
impl RecordsApi {
    /// List of records
    ///
    /// Answers with deployment records, newest first; `Link` leads to the next page.
    #[oai(path = "/records", method = "get", operation_id = "listRecords")]
    async fn list(
        &self,
        /// How many records at most.
        #[oai(
            default = "page_size",
            example = "page_size",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// Only records older than the one of this id.
        #[oai(example = "a_later_id", validator(minimum(value = "1")))]
        after: Query<Option<i64>>,
        /// Only records of this service.
        service: Query<Option<Text<Service>>>,
        /// Only records of this environment.
        environment: Query<Option<Text<Environment>>>,
        /// Only records of this version.
        version: Query<Option<Text<Version>>>,
    ) -> Result<Listed, Refused<0>> {
        let filter = Filter {
            service: service.0.map(Text::into_string),
            environment: environment.0.map(Text::into_string),
            version: version.0.map(Text::into_string),
        };
        let page = self.records.list(&filter, after.0, limit.0).await.map_err(Problem::from)?;
        let next = next(&page, &filter, limit.0);
        Ok(Listed::Page(Json(page.records), page.total, next))
    }

    /// One record
    ///
    /// Answers with the record of this id, or with nothing (204).
    #[oai(path = "/records/:id", method = "get", operation_id = "getRecord")]
    async fn get(
        &self,
        /// A positive integer of 63 bits.
        #[oai(example = "an_id", validator(minimum(value = "1")))]
        id: Path<i64>,
    ) -> Result<Found, Refused<0>> {
        let record = self.records.get(id.0).await.map_err(Problem::from)?;
        Ok(record.map_or(Found::None, |record| Found::Record(Json(Record::clone(&record)))))
    }

    /// Record a deployment
    ///
    /// The same five fields again are the same record, so that a report may be sent twice.
    #[oai(path = "/records", method = "post", operation_id = "addRecord")]
    async fn add(
        &self,
        _caller: Caller,
        record: Json<NewRecord>,
    ) -> Result<Added, Refused<{ status::UNAUTHORIZED | status::MEDIA_TYPE | status::TOO_MANY }>>
    {
        let (record, new) = self.records.add(record.0).await.map_err(Problem::from)?;
        let location = format!("/api/v1/records/{}", record.id);
        Ok(if new { Added::New(Json(record), location) } else { Added::Known(Json(record)) })
    }
}

fn page_size() -> u32 {
    20
}

fn an_id() -> i64 {
    1
}

#[allow(clippy::unnecessary_wraps, reason = "poem-openapi wants the type of the parameter")]
fn a_later_id() -> Option<i64> {
    Some(100)
}

/// `</api/v1/records?limit=20&after=7>; rel="next"`; the values of filters need no escaping but for `+`.
fn next(page: &Page, filter: &Filter, limit: u32) -> Option<String> {
    let last = page.records.last().filter(|_| page.more)?;
    let filters = [
        ("service", &filter.service),
        ("environment", &filter.environment),
        ("version", &filter.version),
    ];
    let filters: String = filters
        .iter()
        .filter_map(|(name, value)| {
            Some(format!("&{name}={}", value.as_ref()?.replace('+', "%2B")))
        })
        .collect();
    Some(format!("</api/v1/records?limit={limit}&after={}{filters}>; rel=\"next\"", last.id))
}
