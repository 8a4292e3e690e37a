//! `promoter status [ENV...]`: which version is where, since when, and how far behind.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use jiff::Timestamp;

use crate::error::Error;
use crate::gate::{Hold, HoldKind};
use crate::git::{CommitId, CommitInfo};
use crate::inventory::Inventory;
use crate::pipeline::Environment;
use crate::service::{Service, VersionSet};

use super::judge::holds;
use super::timeline::{self, Event};
use super::{Context, Warning};

/// The request.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Only these environments; empty: all.
    pub environments: Vec<String>,
}

/// The answer.
#[derive(Debug)]
pub struct StatusTable {
    /// The commit that was read.
    pub commit: CommitId,
    /// The environments, in promotion order.
    pub environments: Vec<EnvironmentStatus>,
    /// One row a service.
    pub rows: Vec<Row>,
    /// How many commits had to be looked at.
    pub commits: usize,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

impl StatusTable {
    /// Whether some environment does not run what the one before it runs.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.rows
            .iter()
            .flat_map(|row| row.cells.values())
            .any(|cell| cell.behind.is_some() || cell.drift)
    }
}

/// An environment as a column.
#[derive(Debug)]
pub struct EnvironmentStatus {
    /// Its name.
    pub name: String,
    /// What it takes from.
    pub from: Vec<String>,
    /// The newest commit that changed a version in it.
    pub last: Option<CommitInfo>,
}

/// A service as a row.
#[derive(Debug)]
pub struct Row {
    /// Its name.
    pub service: String,
    /// By environment; absent where the service is not.
    pub cells: BTreeMap<String, Cell>,
}

/// A service in an environment.
#[derive(Debug, Default)]
pub struct Cell {
    /// What it pins.
    pub versions: VersionSet,
    /// The commit that brought the present versions; none where history ends before.
    pub since: Option<(CommitId, Timestamp)>,
    /// How many changes of versions the environment before has had since it held these; none when
    /// it holds the same, or never held them.
    pub behind: Option<usize>,
    /// The environment before never had these versions.
    pub drift: bool,
    /// What stands against changes or versions now.
    pub holds: Vec<Hold>,
}

/// Reads where everything is.
pub fn status(context: &Context<'_>, request: &Status) -> Result<StatusTable, Error> {
    let (inventory, mut warnings) = context.read()?;
    let shown = shown(&inventory, &request.environments)?;
    let mut table = Table::read(context, &inventory, &shown, &mut warnings)?;
    let cost = timeline::walk(context, inventory.snapshot.commit, None, &mut |events| {
        let info = events.first().map(|event| context.repo.info(event.commit)).transpose()?;
        if let Some(info) = info {
            table.take(events, &info);
        }
        Ok(if table.is_complete() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(table.finish(&inventory, &shown, cost.commits, warnings))
}

fn shown(inventory: &Inventory<'_>, asked: &[String]) -> Result<Vec<Environment>, Error> {
    if asked.is_empty() {
        return Ok(inventory.pipeline.environments.clone());
    }
    let find = |name: &String| Ok(inventory.pipeline.environment(name)?.clone());
    asked.iter().map(find).collect()
}

type Place = (String, String);

/// The table while history is read into it.
struct Table {
    cells: BTreeMap<Place, Cell>,
    /// What each service was called at the point that history was read to, and is called now.
    names: BTreeMap<Place, Place>,
    /// Cells whose `since` is open.
    ages: BTreeSet<Place>,
    /// Cells that differ from the environments before, each with the changes counted so far in
    /// every place that it waits for.
    gaps: BTreeMap<Place, BTreeMap<Place, usize>>,
    /// The cells that wait for a place.
    waiting: BTreeMap<Place, Vec<Place>>,
    last: BTreeMap<String, CommitInfo>,
    environments: Vec<Environment>,
}

impl Table {
    fn read(
        context: &Context<'_>,
        inventory: &Inventory<'_>,
        shown: &[Environment],
        warnings: &mut Vec<Warning>,
    ) -> Result<Self, Error> {
        let (mut cells, mut broken) = (BTreeMap::new(), false);
        for environment in with_sources(inventory, shown) {
            let (services, unreadable) = inventory.services(&environment)?;
            for service in services.values().filter(|service| !service.versions().is_empty()) {
                let place = (environment.name.clone(), service.name.clone());
                cells.insert(place, cell(context, inventory, &environment, service)?);
            }
            broken |= !unreadable.is_empty();
            warnings.extend(unreadable.into_iter().map(|one| Warning::Unreadable {
                service: one.service,
                environment: environment.name.clone(),
                reason: one.error.to_string(),
            }));
        }
        if let (true, Some(first)) = (cells.is_empty() && !broken, shown.first()) {
            return Err(inventory.no_services(first));
        }
        let is_shown = |place: &&Place| shown.iter().any(|environment| environment.name == place.0);
        let ages = cells.keys().filter(is_shown).cloned().collect();
        let names = cells.keys().map(|place| (place.clone(), place.clone())).collect();
        let waiting = waiting(&cells, shown);
        let gaps = waiting.values().flatten().map(|place| (place.clone(), BTreeMap::new()));
        let gaps = gaps.collect();
        let (last, environments) = (BTreeMap::new(), shown.to_vec());
        Ok(Table { cells, names, ages, gaps, waiting, last, environments })
    }

    fn is_complete(&self) -> bool {
        let known = |environment: &Environment| self.last.contains_key(&environment.name);
        self.ages.is_empty() && self.gaps.is_empty() && self.environments.iter().all(known)
    }

    /// One commit further back.
    fn take(&mut self, events: &[Event], info: &CommitInfo) {
        for event in events {
            let then = (event.environment.clone(), event.service.clone());
            let now = self.names.get(&then).cloned();
            if let Some(was) = &event.was {
                self.names.remove(&then);
                self.names.extend(now.map(|now| ((then.0, was.clone()), now)));
                continue;
            }
            self.last.entry(event.environment.clone()).or_insert_with(|| info.clone());
            if let Some(now) = now {
                self.enter(&now, info);
                self.close_gaps(&now, event);
            }
        }
    }

    /// The newest change of a service brought what it has now.
    fn enter(&mut self, place: &Place, info: &CommitInfo) {
        if self.ages.remove(place)
            && let Some(cell) = self.cells.get_mut(place)
        {
            cell.since = Some((info.id, info.time));
        }
    }

    /// A change of a place: one step back for every cell that waits for it.
    fn close_gaps(&mut self, source: &Place, event: &Event) {
        for place in self.waiting.get(source).into_iter().flatten() {
            let Some(gap) = self.gaps.get_mut(place) else { continue };
            let changes = gap.entry(source.clone()).or_default();
            *changes += 1;
            let Some(cell) = self.cells.get_mut(place) else { continue };
            if event.before.as_ref().is_some_and(|before| covers(before, &cell.versions)) {
                cell.behind = Some(*changes);
                self.gaps.remove(place);
            }
        }
    }

    fn finish(
        mut self,
        inventory: &Inventory<'_>,
        shown: &[Environment],
        commits: usize,
        warnings: Vec<Warning>,
    ) -> StatusTable {
        let mut rows: BTreeMap<String, BTreeMap<String, Cell>> = BTreeMap::new();
        for (place, mut cell) in self.cells {
            cell.drift = self.gaps.contains_key(&place);
            let (environment, service) = place;
            if shown.iter().any(|one| one.name == environment) {
                rows.entry(service).or_default().insert(environment, cell);
            }
        }
        let column = |environment: &Environment| EnvironmentStatus {
            name: environment.name.clone(),
            from: environment.from.clone(),
            last: self.last.remove(&environment.name),
        };
        StatusTable {
            commit: inventory.snapshot.commit,
            environments: shown.iter().map(column).collect(),
            rows: rows.into_iter().map(|(service, cells)| Row { service, cells }).collect(),
            commits,
            warnings,
        }
    }
}

/// The environments shown, and those they take from.
fn with_sources(inventory: &Inventory<'_>, shown: &[Environment]) -> Vec<Environment> {
    let needed = |environment: &&Environment| {
        shown.iter().any(|one| one.name == environment.name || one.from.contains(&environment.name))
    };
    inventory.pipeline.environments.iter().filter(needed).cloned().collect()
}

fn cell(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    environment: &Environment,
    service: &Service,
) -> Result<Cell, Error> {
    let versions = service.versions();
    let holds = holds(inventory, &environment.name, &service.name)?;
    let counts = |hold: &Hold| {
        let present = |marked: &crate::gate::MarkedVersion| {
            versions.iter().any(|(slot, version)| marked.means(&slot.key, version))
        };
        hold.stands(context.now)
            && (hold.kind == HoldKind::Hold || hold.version.as_ref().is_some_and(present))
    };
    let holds = holds.entries.into_iter().filter(counts).collect();
    Ok(Cell { versions, holds, ..Cell::default() })
}

/// The cells whose versions differ from those of every environment that they take from, by the
/// places that they wait for.
fn waiting(cells: &BTreeMap<Place, Cell>, shown: &[Environment]) -> BTreeMap<Place, Vec<Place>> {
    let mut waiting: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
    for environment in shown {
        for (place, cell) in cells.iter().filter(|(place, _)| place.0 == environment.name) {
            let sources = environment.from.iter().map(|from| (from.clone(), place.1.clone()));
            let held: Vec<Place> = sources.filter(|source| cells.contains_key(source)).collect();
            let same = |source: &Place| {
                cells.get(source).is_some_and(|source| covers(&source.versions, &cell.versions))
            };
            if !held.iter().any(same) {
                for source in held {
                    waiting.entry(source).or_default().push(place.clone());
                }
            }
        }
    }
    waiting
}

/// Whether every version that both sides pin is equal; what only one side has does not count.
fn covers(source: &VersionSet, target: &VersionSet) -> bool {
    target.iter().all(|(slot, version)| source.get(slot).is_none_or(|other| other == version))
}
