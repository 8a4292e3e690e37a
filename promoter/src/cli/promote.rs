//! `promoter promote`.

use super::deliver::Deliver;
use super::parse;
use crate::commands::{Follow, Promote, Source};

/// Give an environment the versions of another, as one commit.
///
/// The versions are those of one commit of FROM, all or nothing: if one service is blocked nothing
/// is written. With --push the plan is made on the remote's newest commit, and made anew when
/// someone else was faster. With --wait it ends when Argo CD says that TO runs it, and with
/// --rollback-on-failure what was promoted goes back together when it does not.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter promote staging prod --dry-run
  promoter promote staging prod --push
  promoter promote staging prod api auth
  promoter promote staging prod --push --wait --rollback-on-failure
  promoter promote staging@HEAD~3 prod      what staging held three commits ago")]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) scope: Scope,
    /// Leave out blocked services instead of refusing
    #[arg(long)]
    ready: bool,
    /// Show the plan and the patch, change nothing
    #[arg(long)]
    dry_run: bool,
    /// Text for the body of the commit
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,
    /// Pass soak and freeze for this reason, where promoter.yaml allows it; it is recorded
    #[arg(long = "override", value_name = "REASON", value_parser = parse::reason)]
    override_reason: Option<String>,
    #[command(flatten)]
    deliver: Deliver,
    /// Then wait until TO runs it, as `promoter wait` does
    #[arg(long, conflicts_with = "dry_run")]
    wait: bool,
    /// Go back when it does not become healthy in time, and mark what failed as bad
    #[arg(long, requires = "wait")]
    rollback_on_failure: bool,
}

/// What is promoted, or compared.
#[derive(Debug, clap::Args)]
pub(super) struct Scope {
    /// The environment to take from, perhaps at a commit
    #[arg(value_name = "FROM[@REV]", value_parser = parse::source)]
    from: Source,
    /// The environment to give to
    #[arg(value_name = "TO")]
    to: String,
    /// Only these services, in full or by the last part
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// Only this image, or URL without its query; repeatable
    #[arg(long, value_name = "IMAGE|URL")]
    only: Vec<String>,
    /// All but this service; repeatable
    #[arg(long, value_name = "SERVICE")]
    except: Vec<String>,
    /// Add images that TO lacks, without their mirror
    #[arg(long)]
    add: bool,
    /// Leave out services that TO has no folder for
    #[arg(long)]
    skip_missing: bool,
    /// Copy `newName` too
    #[arg(long)]
    with_name: bool,
}

impl Args {
    pub(super) fn request(self) -> Promote {
        Promote {
            ready: self.ready,
            dry_run: self.dry_run,
            message: self.message.clone(),
            override_reason: self.override_reason.clone(),
            deliver: self.deliver.chosen(),
            follow: self.follow(),
            ..self.scope.promotion()
        }
    }

    fn follow(&self) -> Option<Follow> {
        match (self.rollback_on_failure, self.wait) {
            (true, _) => Some(Follow::WaitElseReturn),
            (false, true) => Some(Follow::Wait),
            (false, false) => None,
        }
    }
}

impl Scope {
    /// The promotion of this scope, as far as it is a scope.
    pub(super) fn promotion(self) -> Promote {
        Promote {
            from: self.from,
            to: self.to,
            services: self.services,
            except: self.except,
            only: self.only,
            ready: false,
            add: self.add,
            skip_missing: self.skip_missing,
            with_name: self.with_name,
            dry_run: true,
            message: None,
            override_reason: None,
            deliver: None,
            follow: None,
        }
    }
}
