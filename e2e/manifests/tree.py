"""What must hold between folders: base, components, environments, argocd."""

import pathlib
import re

import render
from render import containers, kind, name, pods


def nameless(tree):
    """nothing in kustomize/ names an environment"""
    names = "|".join(tree.environments)
    for file in sorted(tree.root.joinpath("kustomize").rglob("*")):
        for number, line in enumerate(file.read_text().splitlines() if file.is_file() else [], 1):
            if re.search(rf"(?<!/)\b({names}|production)\b", line):
                yield f"{file}:{number}: {line.strip()}"


def countless(tree):
    """a base says neither how many nor which version: images have short names"""
    for folder in sorted(tree.root.joinpath("kustomize/base").iterdir()):
        for one in render.objects(render.build(str(folder))):
            if one["kind"] in ("Deployment", "StatefulSet") and "replicas" in one["spec"]:
                yield f"{folder}: {name(one)} says how many"
            for container in containers(one) if pods(one) else []:
                if container["image"] != folder.name:
                    yield f"{folder}: {name(one)} runs {container['image']}"


def unique(tree):
    """no object belongs to two services of an environment"""
    seen = {}
    for overlay in tree.overlays:
        for one in overlay.objects:
            key = (overlay.environment, name(one))
            if key in seen:
                yield f"{name(one)} is in {seen[key]} and in {overlay.path}"
            seen[key] = overlay.path


def complete(tree):
    """each service is in each environment"""
    services = {folder.name for folder in tree.root.joinpath("kustomize/base").iterdir()}
    for environment in tree.environments:
        there = {overlay.service for overlay in tree.overlays if overlay.environment == environment}
        yield from (f"{environment} has no {service}" for service in sorted(services - there))


def permitted(tree):
    """the project of an environment allows what the overlays hold, and only its own namespace"""
    projects = tree.argo("AppProject")
    for overlay in tree.overlays:
        project = projects.get(overlay.environment, {"spec": {"destinations": [], "namespaceResourceWhitelist": []}})["spec"]
        allowed = {(each["group"], each["kind"]) for each in project["namespaceResourceWhitelist"]}
        for one in overlay.objects:
            if (kind(one)[1], kind(one)[0]) not in allowed:
                yield f"{overlay.path}: {name(one)} is not of an allowed kind"
            if one["metadata"].get("namespace") != overlay.environment:
                yield f"{overlay.path}: {name(one)} is in another namespace"
        if [each["namespace"] for each in project["destinations"]] != [overlay.environment]:
            yield f"the project {overlay.environment} reaches further"
        if project.get("clusterResourceWhitelist"):
            yield f"the project {overlay.environment} reaches the cluster"


def projects(tree):
    """every application has a project that is there, and the default one allows nothing"""
    there = tree.argo("AppProject")
    default = there.get("default", {"spec": {"destinations": ["*"]}})["spec"]
    if default.get("destinations") or default.get("sourceRepos"):
        yield "the default project allows something"
    for one, spec in applications(tree):
        if spec["project"] == "default" or spec["project"] not in there:
            yield f"{name(one)} is in the project {spec['project']}"
        elif spec["source"]["repoURL"] not in there[spec["project"]]["spec"]["sourceRepos"]:
            yield f"{name(one)} reads a repository that its project does not name"


def applications(tree):
    yield from ((one, one["spec"]) for one in tree.all("Application"))
    yield from ((one, one["spec"]["template"]["spec"]) for one in tree.all("ApplicationSet"))


def lasting(tree):
    """production outlives its application set and a renamed folder"""
    policy = tree.argo("ApplicationSet")["prod"]["spec"].get("syncPolicy", {})
    if policy != {"applicationsSync": "create-update", "preserveResourcesOnDeletion": True}:
        yield "the application set of prod may delete"
    options = tree.argo("Namespace")["prod"]["metadata"]["annotations"].get("argocd.argoproj.io/sync-options")
    if options != "Prune=false,Delete=false":
        yield "the namespace prod can be deleted by a sync"


def restricted(tree):
    """every environment is a namespace that enforces restricted pods and denies what no policy allows"""
    spaces, policies = tree.argo("Namespace"), [one for one in tree.fences if one["kind"] == "NetworkPolicy"]
    for environment in tree.environments:
        labels = spaces.get(environment, {"metadata": {}})["metadata"].get("labels", {})
        if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{environment} admits any pod"
        if not any(one["metadata"]["namespace"] == environment and not one["spec"]["podSelector"] for one in policies):
            yield f"{environment} allows what no policy forbids"


def apart(tree):
    """whoever makes a namespace puts nothing into it, so that a deleted one is healed"""
    made = tree.argo("Namespace")
    for one in tree.cluster:
        if one["metadata"].get("namespace") in made:
            yield f"{name(one)} is made with its namespace {one['metadata']['namespace']}"
    reached = {each["namespace"] for each in tree.argo("AppProject")["root"]["spec"]["destinations"]}
    for one in tree.fences:
        if one["metadata"]["namespace"] not in reached:
            yield f"{name(one)} is in {one['metadata']['namespace']}, which the project root does not reach"


def named(tree):
    """applications are called as promoter expects: SERVICE-ENVIRONMENT"""
    for environment in tree.environments:
        one = tree.argo("ApplicationSet")[environment]
        if one["spec"]["template"]["metadata"]["name"] != "{{.path.basename}}-" + environment:
            yield f"{name(one)} calls them {one['spec']['template']['metadata']['name']}"


def settled(tree):
    """charts are pinned to one version, and one file says where the repository is"""
    for one, spec in applications(tree):
        source = spec["source"]
        if "chart" in source and not re.fullmatch(r"\d+\.\d+\.\d+", source["targetRevision"]):
            yield f"{name(one)} takes {source['targetRevision']}"
    url = next(line.split()[1] for line in pathlib.Path("argocd/repository/repository.yaml").read_text().splitlines() if "url:" in line)
    for file in tree.root.joinpath("argocd").rglob("*.yaml"):
        if url in file.read_text() and file.name != "repository.yaml":
            yield f"{file} names the repository"


RULES = [nameless, countless, unique, complete, permitted, projects, lasting, restricted, apart, named, settled]
