"""All that is checked, in one value that can be copied and broken."""

import copy
import pathlib
import re
from dataclasses import dataclass

import render


@dataclass
class Tree:
    """The folders, what they come to, and the environments in their order."""

    root: pathlib.Path
    environments: list
    overlays: list
    variants: list  # what no environment here switches on
    cluster: list  # what the root application makes
    fences: list  # what is in the namespaces before anything runs there

    @classmethod
    def read(cls):
        """With the cluster that nobody's cloud is under."""
        names = re.findall(r"^  - name: *(\S+)", pathlib.Path("promoter.yaml").read_text(), re.M)
        return cls(pathlib.Path("."), names, render.overlays(), render.overlays("e2e/manifests/variants"), render.argocd("argocd"), render.argocd("argocd/fences"))

    def on(self, folder):
        """The same on another kind of cluster."""
        return Tree(self.root, self.environments, self.overlays, self.variants, render.argocd(folder), self.fences)

    def copy(self):
        return Tree(self.root, list(self.environments), copy.deepcopy(self.overlays), copy.deepcopy(self.variants), copy.deepcopy(self.cluster), copy.deepcopy(self.fences))

    def overlay(self, path):
        return next(overlay for overlay in [*self.overlays, *self.variants] if f"{overlay.environment}/{overlay.service}" == path)

    def all(self, kind):
        return [one for one in self.cluster if one["kind"] == kind]

    def argo(self, kind):
        return {one["metadata"]["name"]: one for one in self.all(kind)}
