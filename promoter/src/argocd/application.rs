//! An application as Argo CD keeps it, as far as promoter reads it.

use serde::Deserialize;

/// What Argo CD knows of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Application {
    /// How its resources are.
    pub health: Health,
    /// The commits that are synced, one for each source.
    pub synced: Vec<String>,
    /// Whether what runs is what git says: `Synced`, `OutOfSync`, `Unknown`.
    pub sync: String,
    /// The newest sync, finished or not.
    pub operation: Option<Operation>,
    /// The images that run: `name:tag@digest`, as the manifests name them.
    pub images: Vec<String>,
    /// What Argo CD cannot do, in its own words.
    pub conditions: Vec<String>,
}

/// How the resources of an application are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// `Healthy`, `Progressing`, `Degraded`, `Suspended`, `Missing` or `Unknown`.
    pub status: String,
    /// Of each resource that is not healthy: what it is, and why.
    pub reasons: Vec<String>,
}

/// A sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `Running`, `Succeeded`, `Failed`, `Error` or `Terminating`.
    pub phase: String,
    /// What Argo CD says of it.
    pub message: String,
    /// The commits that it syncs.
    pub revisions: Vec<String>,
    /// How often it has failed and is tried again.
    pub retries: u64,
}

impl Application {
    /// Reads the object; `None` where it is none. What is absent is empty: Argo CD writes the
    /// status bit by bit.
    pub(super) fn parse(json: &[u8]) -> Option<Self> {
        let object: Object = serde_json::from_slice(json).ok()?;
        let Status { health, sync, operation_state, summary, conditions, resources } =
            object.status;
        let unhealthy = resources.iter().filter_map(Resource::unhealthy);
        Some(Application {
            health: Health { status: health.status, reasons: unhealthy.collect() },
            synced: revisions(sync.revision, sync.revisions),
            sync: sync.status,
            operation: operation_state.map(|state| Operation {
                phase: state.phase,
                message: state.message,
                revisions: revisions(state.sync_result.revision, state.sync_result.revisions),
                retries: state.retry_count,
            }),
            images: summary.images,
            conditions: conditions.into_iter().map(|one| one.message).collect(),
        })
    }
}

/// One source has `revision`, several have `revisions`.
fn revisions(one: String, several: Vec<String>) -> Vec<String> {
    if several.is_empty() && !one.is_empty() { vec![one] } else { several }
}

#[derive(Deserialize)]
struct Object {
    #[serde(default)]
    status: Status,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    health: Told,
    sync: Sync,
    operation_state: Option<State>,
    summary: Summary,
    conditions: Vec<Condition>,
    resources: Vec<Resource>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    status: String,
    message: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sync {
    status: String,
    revision: String,
    revisions: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct State {
    phase: String,
    message: String,
    sync_result: Sync,
    retry_count: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    images: Vec<String>,
}

#[derive(Deserialize)]
struct Condition {
    #[serde(default)]
    message: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Resource {
    kind: String,
    name: String,
    health: Option<Told>,
}

impl Resource {
    fn unhealthy(&self) -> Option<String> {
        let health = self.health.as_ref().filter(|health| health.status != "Healthy")?;
        let Told { status, message } = health;
        let why = if message.is_empty() { String::new() } else { format!(": {message}") };
        Some(format!("{} {} is {status}{why}", self.kind, self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Application, Health, Operation};

    fn parse(json: &str) -> Application {
        Application::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn what_is_absent_is_empty() {
        for json in ["{}", r#"{"status": {}}"#, r#"{"status": {"health": {}}}"#] {
            assert_eq!(parse(json), Application::default());
        }
        for json in ["", "1", "null", r#"{"status": 1}"#] {
            assert_eq!(Application::parse(json.as_bytes()), None, "{json}");
        }
    }

    #[test]
    fn one_source_and_several() {
        let of = |sync: &str| parse(&format!(r#"{{"status": {{"sync": {sync}}}}}"#)).synced;
        assert_eq!(of(r#"{"revision": "a"}"#), ["a"]);
        assert_eq!(of(r#"{"revision": "", "revisions": ["a", "b"]}"#), ["a", "b"]);
    }

    #[test]
    fn all_of_it() {
        let found = parse(
            r#"{"metadata": {"name": "api-prod"}, "status": {
                "sync": {"status": "Synced", "revision": "abc"},
                "health": {"status": "Degraded"},
                "operationState": {"phase": "Failed", "message": "timed out",
                    "syncResult": {"revision": "abc"}, "retryCount": 2},
                "summary": {"images": ["ghcr.io/acme/api:1.4.2"]},
                "conditions": [{"type": "ComparisonError", "message": "no such path"}],
                "resources": [
                    {"kind": "Service", "name": "api", "health": {"status": "Healthy"}},
                    {"kind": "ConfigMap", "name": "api"},
                    {"kind": "Deployment", "name": "api",
                     "health": {"status": "Degraded", "message": "exceeded its progress deadline"}}]}}"#,
        );
        let expected = Application {
            health: Health {
                status: "Degraded".into(),
                reasons: vec!["Deployment api is Degraded: exceeded its progress deadline".into()],
            },
            synced: vec!["abc".into()],
            sync: "Synced".into(),
            operation: Some(Operation {
                phase: "Failed".into(),
                message: "timed out".into(),
                revisions: vec!["abc".into()],
                retries: 2,
            }),
            images: vec!["ghcr.io/acme/api:1.4.2".into()],
            conditions: vec!["no such path".into()],
        };
        assert_eq!(found, expected);
    }
}
