//! A version that a change brings into an environment.

use crate::place::Place;
use crate::service::Slot;
use crate::version::Version;

use super::stay::Wanted;

/// A version that a change brings into an environment.
pub(super) struct Moved {
    pub(super) service: String,
    pub(super) slot: Slot,
    pub(super) version: Version,
    /// Where it stands at the head.
    pub(super) place: Option<Place>,
}

impl Moved {
    pub(super) fn wanted(&self) -> Wanted<'_> {
        Wanted { service: &self.service, key: &self.slot.key, version: &self.version }
    }
}
