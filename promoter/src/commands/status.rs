//! `promoter status [ENV...]`: which version is where, since when, and how far behind.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use jiff::Timestamp;

use crate::error::Error;
use crate::gate::{Hold, HoldKind};
use crate::git::{CommitId, CommitInfo};
use crate::inventory::{Inventory, Service, VersionSet};
use crate::pipeline::Environment;

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
    let cost = timeline::walk(context, inventory.snapshot.commit, &mut |events| {
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
    /// The name each service has at the point that history was read to.
    names: BTreeMap<Place, String>,
    /// Cells whose `since` is open.
    ages: BTreeSet<Place>,
    /// Cells that differ from the environment before, with the changes of it counted so far.
    gaps: BTreeMap<Place, Gap>,
    last: BTreeMap<String, CommitInfo>,
    environments: Vec<Environment>,
}

/// How far the search for a cell's versions in the environment before has come.
struct Gap {
    from: String,
    changes: usize,
}

impl Table {
    fn read(
        context: &Context<'_>,
        inventory: &Inventory<'_>,
        shown: &[Environment],
        warnings: &mut Vec<Warning>,
    ) -> Result<Self, Error> {
        let mut cells = BTreeMap::new();
        for environment in with_sources(inventory, shown) {
            let (services, unreadable) = inventory.services(&environment)?;
            for service in services.values().filter(|service| !service.versions().is_empty()) {
                cells.insert(
                    (environment.name.clone(), service.name.clone()),
                    cell(context, inventory, &environment, service)?,
                );
            }
            warnings.extend(unreadable.into_iter().map(|one| Warning::Unreadable {
                service: one.service,
                environment: environment.name.clone(),
                reason: one.error.to_string(),
            }));
        }
        let names = cells.keys().map(|place| (place.clone(), place.1.clone())).collect();
        let is_shown = |place: &&Place| shown.iter().any(|environment| environment.name == place.0);
        let ages = cells.keys().filter(is_shown).cloned().collect();
        let gaps = gaps(&cells, shown);
        Ok(Table { cells, names, ages, gaps, last: BTreeMap::new(), environments: shown.to_vec() })
    }

    fn is_complete(&self) -> bool {
        self.ages.is_empty()
            && self.gaps.is_empty()
            && self.environments.iter().all(|environment| self.last.contains_key(&environment.name))
    }

    /// One commit further back.
    fn take(&mut self, events: &[Event], info: &CommitInfo) {
        for event in events {
            let place = (event.environment.clone(), event.service.clone());
            let current: Vec<Place> = self
                .names
                .iter()
                .filter(|(known, name)| known.0 == place.0 && **name == place.1)
                .map(|(known, _)| known.clone())
                .collect();
            if let Some(was) = &event.was {
                for known in current {
                    self.names.insert(known, was.clone());
                }
                continue;
            }
            self.last.entry(event.environment.clone()).or_insert_with(|| info.clone());
            for known in &current {
                self.enter(known, info);
            }
            self.close_gaps(event);
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

    /// A change in an environment before: one step back for every cell that waits for it.
    fn close_gaps(&mut self, event: &Event) {
        let mut closed = Vec::new();
        for (place, gap) in &mut self.gaps {
            if gap.from != event.environment || self.names.get(place) != Some(&event.service) {
                continue;
            }
            gap.changes += 1;
            let wanted = self.cells.get(place).map(|cell| &cell.versions);
            if event
                .before
                .as_ref()
                .is_some_and(|before| wanted.is_some_and(|wanted| covers(before, wanted)))
            {
                closed.push((place.clone(), gap.changes));
            }
        }
        for (place, changes) in closed {
            self.gaps.remove(&place);
            if let Some(cell) = self.cells.get_mut(&place) {
                cell.behind = Some(changes);
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
        for place in self.gaps.keys() {
            if let Some(cell) = self.cells.get_mut(place) {
                cell.drift = true;
            }
        }
        let mut rows: BTreeMap<String, BTreeMap<String, Cell>> = BTreeMap::new();
        for ((environment, service), cell) in self.cells {
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

/// Every cell whose versions differ from those of each environment that it takes from.
fn gaps(cells: &BTreeMap<Place, Cell>, shown: &[Environment]) -> BTreeMap<Place, Gap> {
    let mut gaps = BTreeMap::new();
    for environment in shown {
        for (place, cell) in cells.iter().filter(|(place, _)| place.0 == environment.name) {
            let sources = environment.from.iter();
            let mut held = sources
                .filter_map(|from| Some((from, cells.get(&(from.clone(), place.1.clone()))?)));
            let first = held.clone().next();
            let same = held.any(|(_, source)| covers(&source.versions, &cell.versions));
            if let Some((from, _)) = first.filter(|_| !same) {
                gaps.insert(place.clone(), Gap { from: from.clone(), changes: 0 });
            }
        }
    }
    gaps
}

/// Whether every version that both sides pin is equal; what only one side has does not count.
fn covers(source: &VersionSet, target: &VersionSet) -> bool {
    target.iter().all(|(slot, version)| source.get(slot).is_none_or(|other| other == version))
}
