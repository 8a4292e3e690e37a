"""The ways to promote everything from staging to prod that are compared."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from bench import generate, git, judge, meter
from bench.field import Field, Repository
from bench.generate import Size

TOOLS = Path(__file__).parent.parent / "tools"
MESSAGE = "promote staging to prod"


@dataclass(frozen=True)
class Tools:
    """Where the programs are, and the environment they run in."""

    bin: Path
    promoter: Path | None
    python: Path
    environment: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """`without_push` and `with_push` are None where a method has no such form."""

    without_push: meter.Cost | None
    with_push: meter.Cost | None
    verdict: judge.Verdict


Method = Callable[[Field, Size, Tools], Outcome]


def editor(command: Callable[[Tools], list[str]]) -> Method:
    """A program that edits the checked-out files of prod, then git's add, commit and push."""

    def run(field: Field, size: Size, tools: Tools) -> Outcome:
        folder = field.clone.path
        edited = meter.succeed(command(tools), folder, tools.environment).cost
        committed = meter.succeed(["git", "commit", "--quiet", "--all", "--message", MESSAGE], folder, tools.environment).cost
        pushed = meter.succeed(["git", "push", "--quiet", "origin", "HEAD:main"], folder, tools.environment).cost
        return Outcome(edited + committed, edited + committed + pushed, _judge(field, field.remote))

    return run


def fast_import(field: Field, size: Size, tools: Tools) -> Outcome:
    """The limit: git writes blobs that somebody else has made ready, and pushes them."""
    stream = field.seed.with_suffix(".stream")
    if not stream.exists():
        stream.write_bytes(_ready_blobs(size, field.remote.tip))
    command = ["git", "fast-import", "--quiet"]
    committed = meter.succeed(command, field.bare.path, tools.environment, stdin=stream).cost
    pushed = meter.succeed(["git", "push", "--quiet", "origin", "main"], field.bare.path, tools.environment).cost
    return Outcome(committed, committed + pushed, _judge(field, field.remote))


def promoter(field: Field, size: Size, tools: Tools) -> Outcome:
    """`promoter` without a checkout: commits to a bare clone, then, from the start again, pushes from a clone."""
    committed = promote(tools, field.bare, "commit")
    verdict = _judge(field, field.bare)
    field.restore()
    pushed = promote(tools, field.clone, "push")
    if _judge(field, field.remote) != verdict:
        raise RuntimeError("promoter's push and its commit differ")
    return Outcome(committed, pushed, verdict)


def promoter_checked_out(field: Field, size: Size, tools: Tools) -> Outcome:
    """`promoter` with its default delivery: the branch, the changed files and the index of a checked-out clone."""
    committed = promote(tools, field.clone, "commit")
    if dirty := git.run(field.clone.path, "status", "--porcelain"):
        raise RuntimeError(f"promoter left the clone dirty: {dirty.splitlines()[:3]}")
    return Outcome(committed, None, _judge(field, field.clone))


def promote(tools: Tools, repository: Repository, delivery: str, *services: str) -> meter.Cost:
    """One `promoter promote staging prod`; it has to have changed something."""
    command = [str(tools.promoter), "promote", "staging", "prod", *services, "--deliver", delivery, "-o", "json"]
    finished = meter.succeed(command, repository.path, tools.environment)
    if not json.loads(finished.stdout)["changed"]:
        raise RuntimeError(f"promoter changed nothing: {finished.stdout}")
    return finished.cost


METHODS: dict[str, Method] = {
    "kustomize": editor(lambda tools: [str(TOOLS / "shell/kustomize-loop"), "staging", "prod"]),
    "yq": editor(lambda tools: [str(TOOLS / "shell/yq-loop"), "staging", "prod"]),
    "ruamel": editor(lambda tools: [str(tools.python), str(TOOLS / "ruamel/promote.py"), "staging", "prod"]),
    "kyaml": editor(lambda tools: [str(tools.bin / "kyaml"), "staging", "prod"]),
    "fast-import": fast_import,
    "promoter": promoter,
    "promoter-checked-out": promoter_checked_out,
}

TITLES = {
    "kustomize": "shell loop: `yq` + `kustomize edit set image`",
    "yq": "shell loop: `yq -i`",
    "ruamel": "ruamel.yaml, one process",
    "kyaml": "Go on kyaml, one process",
    "fast-import": "limit: `git fast-import` of ready blobs",
    "promoter": "**promoter** (`commit` on a bare clone; `push`)",
    "promoter-checked-out": "**promoter** (`commit` on a checked-out clone)",
}


def find_tools(installed: Path, home: Path, promoter_path: Path | None) -> Tools:
    """The tools that `setup.sh` has put below `installed`, run with `home` as HOME."""
    environment = git.environment(home, installed / "bin")
    return Tools(installed / "bin", promoter_path, installed / "venv/bin/python", environment)


def _judge(field: Field, repository: Repository) -> judge.Verdict:
    return judge.promotion(repository.path, field.seed, repository.tip, git.run(repository.path, "rev-parse", "main"))


def _ready_blobs(size: Size, parent: str) -> bytes:
    header = generate.commit_header("refs/heads/main", 1_770_000_000, MESSAGE, parent)
    return header + b"".join(generate.change(*file) for file in generate.ideal(size))
