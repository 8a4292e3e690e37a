//! What the services tell about themselves: log lines and traces.

mod log;
mod trace;

use std::io::IsTerminal as _;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

pub(crate) use log::{Log, Request};
pub(crate) use trace::{Ids, Tracer, hex};

use crate::config::{Common, LogFormat, LogLevel};

/// Everything that is logged from here on goes to standard output, through the one that is returned.
pub(crate) fn start_log(config: &Common) -> Log {
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !std::io::stdout().is_terminal(),
    };
    let log = Log::start(json, config.log_level >= LogLevel::Info);
    let lines =
        fmt().with_max_level(level(config.log_level)).with_writer(log.clone()).with_target(false);
    let set = if json {
        let lines = lines.json().flatten_event(true).with_current_span(false).with_span_list(false);
        tracing::subscriber::set_global_default(lines.finish())
    } else {
        tracing::subscriber::set_global_default(lines.finish())
    };
    debug_assert!(set.is_ok(), "the log is started once");
    log
}

fn level(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}
