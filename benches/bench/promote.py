"""Benchmark (a): promote every service from staging to prod."""

from dataclasses import dataclass
from pathlib import Path

from bench import generate, machine, meter, methods
from bench.field import Field
from bench.generate import Size
from bench.methods import Outcome, Tools

CASES = (Size(10, 1_000), Size(100, 1_000), Size(1_000, 10_000), Size(5_000, 50_000))
SWEEP = (Size(100, 1_000), Size(100, 10_000), Size(100, 50_000))
SWEEP_METHODS = ("kyaml", "fast-import", "promoter", "promoter-checked-out")
SLOW = frozenset({"kustomize", "yq", "ruamel"})
"""Measured once where a run takes many seconds; their spread is far below the ratios."""


@dataclass(frozen=True)
class Plan:
    """What to run."""

    cases: tuple[Size, ...]
    sweep: tuple[Size, ...]
    single: Size | None
    names: tuple[str, ...]
    rounds: int
    single_runs: int
    full: bool


def run(plan: Plan, tools: Tools, work: Path) -> dict:
    """The results, ready for JSON."""
    return {
        "machine": machine.describe(tools, work),
        "cases": [measure(size, plan, tools, work, plan.names) for size in plan.cases],
        "sweep": [measure(size, plan, tools, work, _chosen(plan, SWEEP_METHODS)) for size in plan.sweep],
        "single": single_service(plan, tools, work) if plan.single else None,
    }


def measure(size: Size, plan: Plan, tools: Tools, work: Path, names: tuple[str, ...]) -> dict:
    """Every method in turn, round by round, so that a ratio compares neighbours in time."""
    machine.say(f"promote all of {size.services} services in {size.files} files")
    field = Field.lay(generate.seed(work, size), work / "field")
    rounds: dict[str, list[Outcome]] = {name: [] for name in names if _affordable(name, size, plan)}
    for number in range(plan.rounds):
        for name in rounds:
            if number == 0 or not _slow(name, size):
                rounds[name].append(_one(name, field, size, tools))
    return {"services": size.services, "files": size.files, "methods": {name: _summary(o) for name, o in rounds.items()}}


def single_service(plan: Plan, tools: Tools, work: Path) -> dict:
    """One service in a large repository: many runs, because each is short."""
    size = plan.single
    machine.say(f"promote one service in {size.files} files, {plan.single_runs} times")
    field = Field.lay(generate.seed(work, size), work / "field")
    service = generate.movable(size)
    actions = _single_actions(field, tools, service)
    chosen = {name: action for name, action in actions.items() if "promoter" not in name or "promoter" in plan.names}
    costs: dict[str, list[meter.Cost]] = {name: [] for name in chosen}
    for _ in range(plan.single_runs):
        for name, action in chosen.items():
            field.restore()
            costs[name].append(action())
    return {"services": size.services, "files": size.files, "costs": {name: [c.as_json() for c in all] for name, all in costs.items()}}


def _single_actions(field: Field, tools: Tools, service: str) -> dict:
    """What is run once a round, by title."""
    path, content = generate.overlay_path("prod", service), generate.ideal_overlay(service)
    stream = field.seed.with_suffix(".one")
    header = generate.commit_header("refs/heads/main", 1_770_000_000, methods.MESSAGE, field.bare.tip)
    stream.write_bytes(header + generate.change(path, content))

    def fast_import() -> meter.Cost:
        return meter.succeed(["git", "fast-import", "--quiet"], field.bare.path, tools.environment, stdin=stream).cost

    def git_commit() -> meter.Cost:
        (field.clone.path / path).write_bytes(content)
        return meter.succeed(["git", "commit", "--quiet", "--all", "--message", "one"], field.clone.path, tools.environment).cost

    def rewrite_index() -> meter.Cost:
        return meter.succeed(["git", "update-index", "--force-write-index"], field.clone.path, tools.environment).cost

    return {
        "promoter, bare repository": lambda: methods.promote(tools, field.bare, "commit", service),
        "promoter, checked-out clone": lambda: methods.promote(tools, field.clone, "commit", service),
        "limit: `git fast-import` of the ready blob, bare": fast_import,
        "`git commit --all` of the edited file, checked out": git_commit,
        "`git update-index --force-write-index`: the index alone": rewrite_index,
    }


def _one(name: str, field: Field, size: Size, tools: Tools) -> Outcome:
    field.restore()
    machine.say(f"  {name}")
    return methods.METHODS[name](field, size, tools)


def _summary(outcomes: list[Outcome]) -> dict:
    verdicts = {outcome.verdict for outcome in outcomes}
    if len(verdicts) != 1:
        raise RuntimeError(f"the rounds of a method differ: {verdicts}")
    return {
        "without_push": [o.without_push.as_json() for o in outcomes if o.without_push],
        "with_push": [o.with_push.as_json() for o in outcomes if o.with_push],
        **verdicts.pop().as_json(),
    }


def _chosen(plan: Plan, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in plan.names)


def _slow(name: str, size: Size) -> bool:
    return name in SLOW and size.services >= 1_000


def _affordable(name: str, size: Size, plan: Plan) -> bool:
    return plan.full or name not in ("kustomize", "yq") or size.services < 5_000
