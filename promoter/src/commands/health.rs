//! Gathers what Argo CD says of the environments that versions come from.

use std::collections::BTreeMap;

use crate::argocd::{Application, Argocd};
use crate::error::Error;
use crate::gate::{self, Running, Verdict};
use crate::inventory::Inventory;
use crate::pipeline::{Environment, Pipeline};
use crate::service::Service;
use crate::version::Key;

use super::Context;
use super::judge::Entering;
use super::stay::Wanted;

/// Whether one of the environments before runs each image and is well, where that is asked for.
pub(super) fn health(
    context: &Context<'_>,
    entering: &Entering<'_, '_>,
) -> Result<Vec<Verdict>, Error> {
    if entering.to.gates.healthy.is_none() {
        return Ok(Vec::new());
    }
    let mut asked = Asked::new(context);
    let mut verdicts = Vec::new();
    for wanted in &entering.versions {
        let Key::Image(name) = wanted.key else { continue };
        let mut best: Option<Verdict> = None;
        for name_of in entering.from {
            let from = entering.inventory.pipeline.environment(name_of)?;
            let name = pulled_as(entering.inventory, from, wanted)?.unwrap_or(name.clone());
            let running = asked.running(&entering.inventory.pipeline, from, wanted.service);
            let image = (wanted.service, name.as_str(), wanted.version);
            let verdict = gate::runs_well(image, &from.name, &running).about(wanted.key);
            best = best.filter(|best| best.outcome <= verdict.outcome).or(Some(verdict));
        }
        verdicts.extend(best);
    }
    Ok(verdicts)
}

/// The name under which an environment pulls an image.
fn pulled_as(
    inventory: &Inventory<'_>,
    from: &Environment,
    wanted: &Wanted<'_>,
) -> Result<Option<String>, Error> {
    let service = inventory.service(from, wanted.service)?;
    let mut pins = service.iter().flat_map(Service::pins);
    let pin = pins.find(|(_, pin)| pin.key == *wanted.key && pin.version == *wanted.version);
    Ok(pin.and_then(|(_, pin)| pin.new_name.clone()))
}

/// Argo CD, and what it has said; each application is asked for once.
struct Asked {
    argocd: Result<Argocd, String>,
    said: BTreeMap<String, Running>,
}

impl Asked {
    fn new(context: &Context<'_>) -> Self {
        let argocd = match &context.argocd {
            _ if context.registry.is_silent() => {
                Err("nothing is asked over the network (--offline)".into())
            }
            Some(access) => Argocd::new(access).map_err(|gap| gap.to_string()),
            None => {
                Err("Argo CD cannot be asked: neither ARGOCD_SERVER nor a kubeconfig is set".into())
            }
        };
        Asked { argocd, said: BTreeMap::new() }
    }

    fn running(&mut self, pipeline: &Pipeline, from: &Environment, service: &str) -> Running {
        let Some(name) = pipeline.application(&from.name, service) else {
            let reason = "promoter.yaml does not say what Argo CD calls it: `argocd: { application: \"{service}-{environment}\" }`";
            return Running::Untold(reason.to_owned());
        };
        let argocd = &self.argocd;
        let ask = || match argocd {
            Ok(argocd) => match argocd.application(&name) {
                Ok(application) => told(&name, application),
                Err(gap) => Running::Untold(gap.to_string()),
            },
            Err(reason) => Running::Untold(reason.clone()),
        };
        self.said.entry(name.clone()).or_insert_with(ask).clone()
    }
}

fn told(name: &str, application: Application) -> Running {
    Running::Told {
        application: name.to_owned(),
        health: application.health.status,
        reasons: application.health.reasons,
        images: application.images,
    }
}
