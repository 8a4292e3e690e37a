//! `promoter where`.

use super::parse;
use crate::commands::Where;

/// Show which environments run an image, since when.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter where api
  promoter where ghcr.io/acme/api:1.4.2")]
pub(super) struct Args {
    /// An image name or remote URL, in full or by its last part
    #[arg(value_name = "IMAGE[:TAG|@DIGEST]")]
    image: String,
}

impl Args {
    pub(super) fn request(self) -> Where {
        let (image, tag, digest) = parse::image(&self.image);
        Where { image, tag, digest }
    }
}
