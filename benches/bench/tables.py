"""Results as Markdown, put between the markers of the document."""

import json
import re
import statistics
from pathlib import Path
from typing import Callable, Iterable

from bench import bounds, contention, methods

Row = list[str]


def render(names: Iterable[str], results: Path, document: Path) -> None:
    """Replaces what stands between the markers of each of these benchmarks that has results."""
    text = document.read_text()
    for name in names:
        file = results / f"{name}.json"
        if file.exists():
            text = between(text, name, SECTIONS[name](json.loads(file.read_text())))
    document.write_text(text)


def between(text: str, name: str, content: str) -> str:
    """`text` with `content` between the markers called `name`."""
    pattern = re.compile(rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    replaced, count = pattern.subn(lambda match: f"{match[1]}\n{content}\n{match[2]}", text)
    if count != 1:
        raise ValueError(f"the document needs the markers of `{name}` once, and has them {count} times")
    return replaced


def table(head: Row, rows: Iterable[Row]) -> str:
    """A Markdown table, numbers to the right."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, rule, *rows])


def seconds(value: float | None) -> str:
    """Three digits, in the unit that suits."""
    if value is None:
        return "–"
    return f"{value * 1000:.3g} ms" if value < 0.1 else f"{value:,.0f} s" if value >= 1000 else f"{value:.3g} s"


def median(costs: list[dict], field: str) -> float | None:
    """The middle value of one field, or None where nothing was measured."""
    return statistics.median(cost[field] for cost in costs) if costs else None


def _machine(facts: dict[str, str]) -> str:
    lines = [f"- {key}: {f'`{value}`' if key == 'command' else value}\n" for key, value in facts.items()]
    return "".join(lines) + "\n"


def _promote(results: dict) -> str:
    parts = [_machine(results["machine"]), _bounds(bounds.promote(results))]
    parts += [_case(case) for case in results["cases"]]
    parts += [_sweep(results["sweep"])] if results["sweep"] else []
    parts += [_single(results["single"])] if results["single"] else []
    return "\n".join(parts)


def _case(case: dict) -> str:
    head = ["method", "CPU", "CPU with push", "time with push", "peak memory", "lines changed", "wrong values", "comments lost"]
    rows = [_method_row(name, facts) for name, facts in case["methods"].items()]
    ideal = next(iter(case["methods"].values()))
    title = f"### All of {case['services']:,} services, {case['files']:,} files\n\n"
    note = f"{ideal['images']:,} images; the least that a diff can be is {ideal['ideal_lines']:,} lines.\n\n"
    return title + note + table(head, rows) + _ratios(case)


def _method_row(name: str, facts: dict) -> Row:
    without, pushed = facts["without_push"], facts["with_push"]
    peak = max(cost["peak"] for cost in without + pushed) / 1e6
    exact = " (exact)" if facts["strayed"] == 0 else ""
    return [
        methods.TITLES[name],
        seconds(median(without, "cpu")),
        seconds(median(pushed, "cpu")),
        seconds(median(pushed, "wall")),
        f"{peak:.0f} MB",
        f"+{facts['added']:,} -{facts['deleted']:,}{exact}",
        f"{facts['wrong']:,}",
        f"{facts['comments_lost']:,}",
    ]


def _ratios(case: dict) -> str:
    if "promoter" not in case["methods"]:
        return ""
    others = [name for name in case["methods"] if not name.startswith("promoter")]
    cell = lambda name, form: f"{ratio:.3g}" if (ratio := bounds.ratio(case, name, form)) else "–"  # noqa: E731
    rows = [[methods.TITLES[name], cell(name, "without_push"), cell(name, "with_push")] for name in others]
    return "\n" + table(["CPU, times that of promoter", "without push", "with push"], rows)


def _sweep(cases: list[dict]) -> str:
    head = ["method", *(f"{case['files']:,} files" for case in cases)]
    title = f"### The same {cases[0]['services']} services in larger repositories\n\nCPU without push / with push.\n\n"
    return title + table(head, ([methods.TITLES[name], *_sweep_cells(name, cases)] for name in cases[0]["methods"]))


def _sweep_cells(name: str, cases: list[dict]) -> Row:
    forms = [[case["methods"][name][form] for form in ("without_push", "with_push")] for case in cases]
    return [" / ".join(seconds(median(costs, "cpu")) for costs in pair if costs) for pair in forms]


def _single(single: dict) -> str:
    head = ["what", "CPU, median", "least", "most", "time, median", "peak memory"]
    title = f"### One service, {single['files']:,} files\n\n"
    return title + table(head, ([name, *_spread(costs)] for name, costs in single["costs"].items()))


def _spread(costs: list[dict]) -> Row:
    cpu = [cost["cpu"] for cost in costs]
    peak = max(cost["peak"] for cost in costs) / 1e6
    return [*map(seconds, (statistics.median(cpu), min(cpu), max(cpu), median(costs, "wall"))), f"{peak:.0f} MB"]


def _contention(results: dict) -> str:
    head = ["loop", "landed", "lost", "failed", "pushes each", "most", "p50", "p99", "total", "one after another", "times that", "CPU each"]
    parts = [_machine(results["machine"]), _bounds(bounds.contention(results))]
    for case in results["cases"]:
        title = f"### {case['writers']} writers over {case['transport']}, {case['files']:,} files\n\n"
        parts.append(title + table(head, ([contention.TITLES[n], *_loop(r, case["writers"])] for n, r in case["loops"].items())))
    return "\n".join(parts)


def _loop(rounds: list[dict], writers: int) -> Row:
    pushes = [count for each in rounds for count in each["pushes"]]
    walls = sorted(wall for each in rounds for wall in each["walls"])
    total, serial = (statistics.median(each[key] for each in rounds) for key in ("total_wall", "serial_wall"))
    cpu = statistics.median(each["cpu"] + each["server_cpu"] for each in rounds)
    return [
        f"{sum(each['landed'] for each in rounds)} of {writers * len(rounds)}",
        str(sum(each["lost"] for each in rounds)),
        str(sum(len(each["failures"]) for each in rounds)),
        f"{statistics.mean(pushes):.2f}" if pushes else "–",
        str(max(pushes, default=0)),
        seconds(bounds.percentile(walls, 50)),
        seconds(bounds.percentile(walls, 99)),
        seconds(total),
        seconds(serial),
        f"{total / serial:.2f}",
        seconds(cpu / writers),
    ]


def _history(results: dict) -> str:
    head = ["command", *(f"{case['commits']:,} commits" for case in results["cases"])]
    cell = lambda costs: f"{seconds(median(costs, 'cpu'))} / {seconds(median(costs, 'wall'))}"  # noqa: E731
    names = results["cases"][0]["costs"]
    rows = ([_command(name), *(cell(case["costs"][name]) for case in results["cases"])] for name in names)
    return "\n".join([_machine(results["machine"]), _bounds(bounds.history(results)), "CPU / time, medians.\n", table(head, rows)])


def _command(name: str) -> str:
    return name if name.startswith("`") else f"**promoter** `{name}`"


def _bounds(found: list[bounds.Bound]) -> str:
    rows = [[bound.what, bound.limit, bound.measured, "yes" if bound.holds else "**no**"] for bound in found]
    return table(["bound", "limit", "measured", "holds"], rows) if rows else ""


def _serve(results: dict) -> str:
    parts = [_machine(results["machine"]), _bounds(bounds.serve(results))]
    parts += [f"### {load['title']}\n\n{_served(load['costs'])}" for load in results["loads"]]
    head = ["server", "start to first answer", "resident when idle", "of it anonymous", "binary"]
    starts = table(head, ([title, *_started(each), f"{results['sizes'][title] / 1e6:.1f} MB"] for title, each in results["starts"].items()))
    return "\n".join([*parts, f"### Start and size\n\n{starts}"])


def _served(costs: dict) -> str:
    head = ["server", "CPU a request", "least", "requests a second", "p50", "p99", "resident after"]
    return table(head, ([title, *_request(each)] for title, each in costs.items()))


def _request(costs: list[dict]) -> Row:
    micros = lambda value: f"{value * 1e6:,.1f} µs"  # noqa: E731
    cpu = [micros(median(costs, "cpu")), micros(min(cost["cpu"] for cost in costs))]
    latencies = [f"{median(costs, name) * 1e6:,.0f} µs" for name in ("p50", "p99")]
    return [*cpu, f"{median(costs, 'rate'):,.0f}", *latencies, f"{median(costs, 'resident') / 1e6:.1f} MB"]


def _started(costs: list[dict]) -> Row:
    return [seconds(median(costs, "started")), *(f"{median(costs, name) / 1e6:.1f} MB" for name in ("resident", "anonymous"))]


SECTIONS: dict[str, Callable[[dict], str]] = {
    "promote": _promote,
    "contention": _contention,
    "history": _history,
    "serve": _serve,
}
