"""How the repositories looked at lay their environments out, and the promoter.yaml that says so."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Whose file it is."""

    environment: str
    service: str


@dataclass(frozen=True)
class Pipeline:
    layout: tuple
    sources: dict
    """Environment to the environments it is promoted from, the likeliest first."""

    def yaml(self):
        lines = ["layout:", *(f'  - "{pattern}"' for pattern in self.layout), "environments:"]
        for name, sources in self.sources.items():
            lines.append(f"  - name: {name}")
            if sources:
                lines.append(f"    from: [{', '.join(sources)}]")
        return "\n".join(lines) + "\n"

    def place(self, path):
        """The environment and service of a file; nothing where no pattern matches."""
        for pattern in self.layout:
            if found := self.expression(pattern).match(path):
                named = found.groupdict()
                return Place(named["environment"], named.get("service", ""))
        return None

    def folders(self, place):
        """Where the files of a service of an environment may lie."""
        names = {"{environment}": place.environment, "{service}": place.service}
        for pattern in self.layout:
            for placeholder, name in names.items():
                pattern = pattern.replace(placeholder, name)
            yield pattern

    def expression(self, pattern):
        environments = "|".join(map(re.escape, self.sources))
        pattern = pattern.replace("{environment}", f"(?P<environment>{environments})")
        return re.compile(pattern.replace("{service}", "(?P<service>.+?)") + "/")


PIPELINES = {
    "infra-deployments": Pipeline(
        layout=(
            "components/{service}/rings/{environment}",
            "components/{service}/overlays/{environment}",
            "components/{service}/{environment}",
        ),
        sources={
            "development": (),
            "staging": ("development",),
            "production": ("staging", "development"),
            "production-downstream": ("production", "staging"),
            "ring-0": (),
            "ring-1": ("ring-0",),
            "ring-2": ("ring-1", "ring-0"),
            "ring-3": ("ring-2", "ring-1"),
            "ring-4": ("ring-3", "ring-2"),
        },
    ),
    "passport-status-gitops": Pipeline(
        layout=("environments/{environment}",),
        sources={
            "local": (),
            "staging": (),
            "prod": ("staging",),
        },
    ),
}


def first_environment(folder):
    """A promoter.yaml for which one folder is the first environment."""
    return (
        'layout: "{environment}"\n'
        "environments:\n"
        "  - name: first\n"
        f'    path: "{folder}"\n'
    )
