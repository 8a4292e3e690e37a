//! The files of the same repository that a kustomization file builds on.

use super::remote;
use super::value::Values;
use crate::yaml::Node;

/// Keys of the root that list paths.
const LISTS: [&str; 9] = [
    "resources",
    "components",
    "bases",
    "crds",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "patchesStrategicMerge",
];
/// Keys of the root whose entries hold paths.
const HOLDERS: [&str; 7] = [
    "patches",
    "patchesJson6902",
    "replacements",
    "openapi",
    "configMapGenerator",
    "secretGenerator",
    "helmCharts",
];
/// Keys of such entries whose values are paths, or `name=path`.
const PATHS: [&str; 6] = ["path", "files", "envs", "env", "valuesFile", "additionalValuesFiles"];

/// The local paths that the entries of a root refer to, in file order.
pub(super) fn local<'o>(values: &Values<'o>, root: &'o [(Node, Node)]) -> Vec<&'o str> {
    let mut found = Vec::new();
    for (key, value) in root {
        match key.as_str() {
            Some(key) if LISTS.contains(&key) => texts(values, value, &mut found),
            Some(key) if HOLDERS.contains(&key) => held(values, value, &mut found),
            _ => {}
        }
    }
    found.retain(|path| remote::is_local(path));
    found
}

/// The text of a node, or of each item of a list.
fn texts<'o>(values: &Values<'o>, node: &'o Node, found: &mut Vec<&'o str>) {
    let node = values.resolve(node);
    let nodes = node.items().unwrap_or(std::slice::from_ref(node)).iter();
    let nodes = nodes.map(|node| values.resolve(node)).filter(|node| !node.is_null());
    found.extend(nodes.filter_map(Node::as_str));
}

/// The paths in a mapping, or in each mapping of a list.
fn held<'o>(values: &Values<'o>, node: &'o Node, found: &mut Vec<&'o str>) {
    let node = values.resolve(node);
    for entry in node.items().unwrap_or(std::slice::from_ref(node)) {
        for (key, value) in values.resolve(entry).entries().unwrap_or_default() {
            if key.as_str().is_some_and(|key| PATHS.contains(&key)) {
                let mut paths = Vec::new();
                texts(values, value, &mut paths);
                found.extend(paths.into_iter().map(without_name));
            }
        }
    }
}

/// The path of `name=path`.
fn without_name(entry: &str) -> &str {
    entry.split_once('=').map_or(entry, |(_, path)| path)
}

#[cfg(test)]
mod tests {
    use crate::overlay::Overlay;

    fn check(text: &str, paths: &[&str]) {
        let overlay = Overlay::parse("k.yaml", text.as_bytes()).unwrap();
        assert_eq!(overlay.local_references().unwrap(), paths, "{text}");
    }

    #[test]
    fn local_paths_of_every_kind() {
        check(
            "resources: [../base, a.yaml, 'https://host/a/b?ref=v1', ssh://h/a]",
            &["../base", "a.yaml"],
        );
        check("components: [../c]\nbases:\n- ../b\n- github.com/a/b\n", &["../c", "../b"]);
        check("patches:\n- path: p.yaml\n- patch: |-\n    a: b\n", &["p.yaml"]);
        check("patchesStrategicMerge:\n- p.yaml\n- |-\n  a: b\n", &["p.yaml"]);
        check(
            "configMapGenerator:\n- files: [a.txt, b=c.txt]\n  envs: [e]\n",
            &["a.txt", "c.txt", "e"],
        );
        check(
            "openapi: {path: schema.json}\nreplacements: [{path: r.yaml}]",
            &["schema.json", "r.yaml"],
        );
        check("helmCharts:\n- name: x\n  valuesFile: v.yaml\n", &["v.yaml"]);
        check("x: &b ../base\nresources:\n- *b\nnamespace: ../no\n", &["../base"]);
        check("resources:\nimages: [{name: a}]\n", &[]);
    }
}
