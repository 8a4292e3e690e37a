"""The tree as Argo CD would apply it: each folder built, and its objects."""

import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

import yaml


PUBLISHED = ".tools/manifests/sources/argocd.yaml"
# Folders that belong to no environment.
EXTRA = ["kustomize/monitoring", "argocd/fences", "argocd/eks", "argocd/eks/store"]


@dataclass(frozen=True)
class Overlay:
    """What one folder of environments/ comes to."""

    environment: str
    service: str
    objects: list

    @property
    def path(self):
        return f"environments/{self.environment}/{self.service}"

    def of(self, *kinds):
        return [one for one in self.objects if one["kind"] in kinds]


def build(folder, *command):
    return subprocess.run([*(command or ("kustomize", "build")), folder], check=True, capture_output=True, text=True).stdout


def objects(text):
    return [one for one in yaml.safe_load_all(text) if one]


def overlay(folder):
    return Overlay(folder.parent.name, folder.name, objects(build(folder)))


def overlays(root="environments"):
    folders = sorted(path.parent for path in pathlib.Path(root).glob("*/*/kustomization.yaml"))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return list(pool.map(overlay, folders))


def argocd(folder):
    return objects(build(folder))


def everything():
    """All that is ever applied, as text, by a name for its file."""
    folders = sorted(path.parent for root in ("environments", "e2e/manifests/variants") for path in pathlib.Path(root).glob("*/*/kustomization.yaml"))
    texts = {"-".join(folder.parts[-2:]): build(folder) for folder in [*folders, *map(pathlib.Path, EXTRA)]}
    return {**texts, "argocd": build("argocd"), "argocd-production": installed("production")}


def installed(folder):
    """Argo CD's own manifests come from its module, which holds what its address would answer."""
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree("argocd", f"{scratch}/argocd")
        shutil.copy(PUBLISHED, f"{scratch}/argocd/install/install.yaml")
        file = pathlib.Path(scratch, "argocd/install/kustomization.yaml")
        file.write_text(re.sub(r"https://\S+/install.yaml", "install.yaml", file.read_text()))
        return build(f"{scratch}/argocd/{folder}")


def unmarked(text):
    """The objects by kind and name, without what Argo CD writes on them; it does not list its hooks."""
    found = {}
    for one in objects(text):
        annotations = one["metadata"].get("annotations", {})
        if "argocd.argoproj.io/hook" in annotations:
            continue
        annotations.pop("argocd.argoproj.io/tracking-id", None)
        if not annotations:
            one["metadata"].pop("annotations", None)
        found[(*kind(one), one["metadata"]["name"])] = one
    return found


def kind(one):
    """Kind, group and version, as schemas are called."""
    group, _, version = one["apiVersion"].rpartition("/")
    return one["kind"], group, version


def name(one):
    return f"{one['kind']} {one['metadata']['name']}"


def pods(one):
    """The pod of a workload: its metadata and its spec."""
    spec = one.get("spec", {})
    if one["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec.get("template") if one["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob") else None


def containers(one):
    spec = pods(one)["spec"]
    return spec.get("initContainers", []) + spec["containers"]
