"""The promises that the figures have to keep, judged from the results."""

import math
import statistics
from dataclasses import dataclass
from typing import Sequence

EDITORS = ("ruamel", "kyaml")
"""What edits in one process."""


@dataclass(frozen=True)
class Bound:
    """One promise: `limit` and `measured` are for people, `holds` is the judgement."""

    what: str
    limit: str
    measured: str
    holds: bool


def ratio(case: dict, name: str, form: str) -> float | None:
    """CPU of `name` in times that of promoter: the median over rounds, each compared within itself."""
    theirs, ours = case["methods"][name][form], case["methods"]["promoter"][form]
    pairs = [their["cpu"] / our["cpu"] for their, our in zip(theirs, ours)]
    return statistics.median(pairs) if pairs else None


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile of values in order."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def promote(results: dict) -> list[Bound]:
    """What the largest case, the sweep and the single service promise."""
    largest = max(results["cases"], key=lambda case: case["services"])
    if "promoter" not in largest["methods"]:
        return []
    return [*_largest(largest), *_sweep(results["sweep"]), *_single(results["single"])]


def contention(results: dict) -> list[Bound]:
    """What the most writers promise, over each transport."""
    most = max(case["writers"] for case in results["cases"])
    cases = [case for case in results["cases"] if case["writers"] == most and "promoter" in case["loops"]]
    return [bound for case in cases for bound in _writers(case)]


def history(results: dict) -> list[Bound]:
    """Promoting costs the same at the end of any history."""
    costs = {case["commits"]: case["costs"].get("promote") for case in results["cases"]}
    if not all(costs.values()):
        return []
    medians = [_milliseconds(each) for each in costs.values()]
    return [flat(f"promote, {min(costs):,} to {max(costs):,} commits", medians)]


def serve(results: dict) -> list[Bound]:
    """What the app promises of a request, of its start and of its memory."""
    root, _, record, _ = (load["costs"] for load in results["loads"])
    app, poem, podinfo = (_cpus(root, word) for word in ("**app**, embedded", "poem-openapi", "podinfo"))
    added = statistics.median(ours - theirs for ours, theirs in zip(app, poem)) * 1e6
    share = statistics.median(ours / theirs for ours, theirs in zip(app, podinfo))
    hot = max(statistics.median(cost["cpu"] for cost in costs) for costs in record.values()) * 1e6
    started = next(each for title, each in results["starts"].items() if title.startswith("**app**, embedded"))
    start = statistics.median(cost["started"] for cost in started) * 1e3
    idle = statistics.median(cost["resident"] for cost in started) / 1e6
    return [
        Bound("CPU of `GET /` over the bare poem endpoint, a request", "at most 5 µs", f"{added:.1f} µs", added <= 5),
        Bound("CPU of `GET /`, in podinfo's", "less than 0.5", f"{share:.2f}", share < 0.5),
        Bound("CPU of a hot record by id", "under 25 µs", f"{hot:.1f} µs", hot < 25),
        Bound("start to first answer", "under 30 ms", f"{start:.0f} ms", start < 30),
        Bound("resident when idle", "under 12 MB", f"{idle:.1f} MB", idle < 12),
    ]


def _cpus(costs: dict, word: str) -> list[float]:
    return [cost["cpu"] for title, each in costs.items() if title.startswith(word) for cost in each]


def _largest(case: dict) -> list[Bound]:
    facts = case["methods"]["promoter"]
    peak = max(cost["peak"] for cost in facts["without_push"] + facts["with_push"]) / 1e6
    scope = f"{case['services']:,} services"
    return [
        *_ratios(case, scope),
        Bound(f"peak memory, {scope}", "under 100 MB", f"{peak:.0f} MB", peak < 100),
        Bound(f"wrong values, {scope}", "0", str(facts["wrong"]), facts["wrong"] == 0),
        Bound(f"changed files that are not byte for byte as they should be, {scope}", "0", str(facts["strayed"]), facts["strayed"] == 0),
    ]


def _ratios(case: dict, scope: str) -> list[Bound]:
    bounds = []
    for form, words in (("without_push", "without push"), ("with_push", "with push")):
        editors = [ratio(case, name, form) for name in EDITORS if name in case["methods"]]
        if editors:
            bounds.append(_at_least(f"CPU of the best in-process editor plus git, {scope}, {words}", 3, min(editors)))
    if "kustomize" in case["methods"]:
        bounds.append(_at_least(f"CPU of the shell loop, {scope}, without push", 200, ratio(case, "kustomize", "without_push")))
    return bounds


def _at_least(what: str, least: int, value: float) -> Bound:
    return Bound(what, f"at least {least} x promoter's", f"{value:.3g} x", value >= least)


def _sweep(sweep: list[dict]) -> list[Bound]:
    if not sweep:
        return []
    medians = [_milliseconds(case["methods"]["promoter"]["without_push"]) for case in sweep]
    return [flat(f"promote {sweep[0]['services']} services, {sweep[0]['files']:,} to {sweep[-1]['files']:,} files", medians)]


def flat(what: str, medians: list[float]) -> Bound:
    """Flat: the largest costs at most half as much again as the smallest, or 2 ms more."""
    flat = medians[-1] <= max(medians[0] * 1.5, medians[0] + 2)
    return Bound(what, "flat", " -> ".join(f"{value:.3g}" for value in medians) + " ms CPU", flat)


def _single(single: dict | None) -> list[Bound]:
    costs = (single or {"costs": {}})["costs"].get("promoter, bare repository")
    if not costs:
        return []
    value = _milliseconds(costs)
    return [Bound(f"one service, bare repository of {single['files']:,} files", "under 10 ms CPU", f"{value:.3g} ms", value < 10)]


def _writers(case: dict) -> list[Bound]:
    rounds, scope = case["loops"]["promoter"], f"{case['writers']} writers over {case['transport']}"
    landed = sum(each["landed"] for each in rounds)
    wanted = case["writers"] * len(rounds)
    spoiled = sum(each["lost"] + len(each["failures"]) for each in rounds)
    pushes = statistics.mean([count for each in rounds for count in each["pushes"]] or [math.inf])
    times = statistics.median(each["total_wall"] / each["serial_wall"] for each in rounds)
    return [
        Bound(f"landed, {scope}", str(wanted), str(landed), landed == wanted),
        Bound(f"lost or failed, {scope}", "0", str(spoiled), spoiled == 0),
        Bound(f"pushes each, {scope}", "at most 6", f"{pushes:.2f}", pushes <= 6),
        Bound(f"total time, {scope}", "at most 2 x one after another", f"{times:.2f} x", times <= 2),
    ]


def _milliseconds(costs: list[dict]) -> float:
    return statistics.median(cost["cpu"] for cost in costs) * 1000
