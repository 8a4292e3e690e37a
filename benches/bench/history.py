"""Benchmark (c): the same tree at the end of a short and of a long history."""

from dataclasses import dataclass, field as default
from pathlib import Path
from typing import Iterator

from bench import generate, git, machine, meter
from bench.field import Repository
from bench.generate import PIPELINE, overlay_path
from bench.methods import Tools

SERVICES = 50
SETTLED = 20
"""The services that change along the way; ten others wait for promotion at the end, the rest never changed."""
PENDING = 10
FILES = 500
EVERY = 10
"""One commit in ten moves a version; the others change files outside of the environments."""
START = 1_500_000_000
INTERVAL = 600
"""Seconds between two commits."""
STEPS = ("dev", "staging", "prod")


@dataclass(frozen=True)
class Plan:
    """What to run: lengths of history, and runs of each command."""

    commits: tuple[int, ...]
    runs: int


@dataclass
class Versions:
    """How many releases each service has had in each environment."""

    counts: dict[tuple[str, str], int] = default(default_factory=dict)

    def move(self, service: str, environment: str) -> bytes:
        """One release more; returns the fast-import line."""
        self.counts[service, environment] = self.counts.get((service, environment), 0) + 1
        return generate.change(overlay_path(environment, service), self.overlay(service, environment))

    def overlay(self, service: str, environment: str) -> bytes:
        """The kustomization file."""
        release = self.counts.get((service, environment), 0)
        return OVERLAY.format(service=service, environment=environment, release=release).encode()


OVERLAY = """\
# {service} in {environment}.
resources:
  - ../../../kustomize/base/{service}
images:
  - name: {service}   # moved by promotion only
    newTag: 1.{release}.0
"""


def run(plan: Plan, tools: Tools, work: Path) -> dict:
    """The results, ready for JSON."""
    return {
        "machine": machine.describe(tools, work),
        "cases": [{"commits": count, "costs": _measure(count, plan, tools, work)} for count in plan.commits],
    }


def _measure(count: int, plan: Plan, tools: Tools, work: Path) -> dict:
    repository = Repository.at(seed(work, count))
    environment = tools.environment
    costs: dict[str, list[dict]] = {}
    for name, command in _commands(tools).items():
        machine.say(f"{count} commits: {name}")
        costs[name] = []
        for _ in range(plan.runs):
            repository.restore()
            costs[name].append(meter.succeed(command, repository.path, environment).cost.as_json())
    repository.restore()
    return costs


def _commands(tools: Tools) -> dict[str, list[str]]:
    """git's own walks of the same history are there to compare with."""
    walks = {
        "`git log --first-parent -- environments`": ["git", "log", "--first-parent", "--format=%H", "--", "environments"],
        "`git rev-list --first-parent`": ["git", "rev-list", "--first-parent", "--count", "HEAD"],
    }
    if not tools.promoter:
        return walks
    promoter = str(tools.promoter)
    return {
        "promote": [promoter, "promote", "staging", "prod", "--deliver", "commit"],
        "diff": [promoter, "diff", "staging", "prod"],
        "status": [promoter, "status"],
        "history": [promoter, "history"],
        "history prod SERVICE": [promoter, "history", "prod", generate.services(1)[0]],
        **walks,
    }


def seed(work: Path, count: int) -> Path:
    """A bare repository with so many commits, packed as a server sends it."""
    path = work / "seeds" / f"history-{generate.FORMAT}-{count}.git"
    if not path.exists():
        machine.say(f"make a history of {count} commits")
        git.init_bare(path)
        git.fast_import(path, _stream(count))
        git.run(path, "repack", "-adq")
    return path


def _stream(count: int) -> Iterator[bytes]:
    """The first commit lays the tree, the last two leave ten services waiting between staging and prod."""
    versions = Versions()
    services = generate.services(SERVICES)
    yield _header(0, "lay the repository")
    yield from _first(versions, services)
    yield from _middle(versions, services[:SETTLED], count - 3)
    for position, step in enumerate(STEPS[:2], start=count - 2):
        yield _header(position, f"move {PENDING} services in {step}")
        yield from (versions.move(service, step) for service in services[SETTLED : SETTLED + PENDING])


def _first(versions: Versions, services: list[str]) -> Iterator[bytes]:
    yield generate.change("promoter.yaml", PIPELINE.encode())
    for service in services:
        yield generate.change(f"kustomize/base/{service}/kustomization.yaml", b"resources: []\n")
        for environment in STEPS:
            yield generate.change(overlay_path(environment, service), versions.overlay(service, environment))
    for position in range(FILES):
        yield _note(position, 0)


def _middle(versions: Versions, services: list[str], count: int) -> Iterator[bytes]:
    """Each service goes through all environments before the next one starts, so the end is the same for any count."""
    whole = count // (EVERY * len(STEPS)) * len(STEPS)
    for position in range(1, count + 1):
        moves, rest = divmod(position, EVERY)
        if rest == 0 and moves <= whole:
            service, step = services[(moves - 1) // len(STEPS) % len(services)], STEPS[(moves - 1) % len(STEPS)]
            yield _header(position, f"move {service} in {step}")
            yield versions.move(service, step)
        else:
            yield _header(position, f"note {position}")
            yield _note(position % FILES, position)


def _note(place: int, edition: int) -> bytes:
    path = f"platform/team-{place % 20:02}/notes-{place:03}.yaml"
    return generate.change(path, f"# Notes {place}.\nedition: {edition}\n".encode())


def _header(position: int, subject: str) -> bytes:
    return generate.commit_header("refs/heads/main", START + position * INTERVAL, subject)
