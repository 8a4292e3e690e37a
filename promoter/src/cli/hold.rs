//! `promoter hold`, `promoter unhold`.

use jiff::Timestamp;

use super::deliver::Deliver;
use super::parse;
use crate::commands::{Lifted, Named, PutHold, Unhold};
use crate::gate::HoldKind;

/// Keep a service of an environment as it is, or keep a version out of it.
///
/// A commit that adds an entry to .promoter/holds/ENV/SERVICE.yaml. While it stands, `promote`,
/// `bump` and `check` refuse what it is against; a rollback is exempt from holds, not from marks.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter hold prod api --reason \"the fair is on\" --until 2026-12-01
  promoter hold prod api --version 1.4.2 --reason \"1.5 waits for the migration\"
  promoter hold prod api --version 1.4.3 --bad --reason \"leaks memory\"
  promoter hold prod api --reason outage --until 4h --push")]
pub(super) struct HoldArgs {
    /// The environment
    #[arg(value_name = "ENV")]
    environment: String,
    /// The service, in full or by the last part
    #[arg(value_name = "SERVICE")]
    service: String,
    /// Why; shown wherever it refuses something
    #[arg(short, long, value_name = "TEXT", value_parser = parse::reason)]
    reason: String,
    /// Until when: a time, a date (that day included), or a length such as 4h or 7d
    #[arg(long, value_name = "TIME", value_parser = parse::until)]
    until: Option<Timestamp>,
    /// The version that may still come in; with --bad the one that may not
    #[arg(long, value_name = "[IMAGE=]VERSION", value_parser = parse::named)]
    version: Option<Named>,
    /// Mark a version as bad (default: the one that runs), and leave the service free
    #[arg(long)]
    bad: bool,
    #[command(flatten)]
    deliver: Deliver,
}

/// Take holds of a service away.
///
/// Without options every hold goes, and bad marks stay.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter unhold prod api
  promoter unhold prod api --version 1.4.3      the version may come in again")]
pub(super) struct UnholdArgs {
    /// The environment
    #[arg(value_name = "ENV")]
    environment: String,
    /// The service, in full or by the last part
    #[arg(value_name = "SERVICE")]
    service: String,
    /// Only what is about this version: bad marks too
    #[arg(long, value_name = "[IMAGE=]VERSION", value_parser = parse::named, conflicts_with = "all")]
    version: Option<Named>,
    /// Bad marks too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    deliver: Deliver,
}

impl HoldArgs {
    pub(super) fn request(self) -> PutHold {
        PutHold {
            environment: self.environment,
            service: self.service,
            kind: if self.bad { HoldKind::Bad } else { HoldKind::Hold },
            version: self.version,
            reason: self.reason,
            until: self.until,
            deliver: self.deliver.chosen(),
        }
    }
}

impl UnholdArgs {
    pub(super) fn request(self) -> Unhold {
        let what = match (self.version, self.all) {
            (Some(version), _) => Lifted::Version(version),
            (None, true) => Lifted::All,
            (None, false) => Lifted::Holds,
        };
        Unhold {
            environment: self.environment,
            service: self.service,
            what,
            deliver: self.deliver.chosen(),
        }
    }
}
