//! Every endpoint and every status, on any back end.

mod auth;
mod cors;
mod headers;
mod ids;
mod jobs;
mod logs;
mod methods;
mod metrics;
mod names;
mod pages;
mod problems;
mod rates;
mod record_fields;
mod records;
mod seeds;
mod system;
mod timestamps;
mod traces;
mod write_token;
