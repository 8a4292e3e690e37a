"""Benchmark (b): many writers on one branch, each with a clone and a HOME of its own."""

import json
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

from bench import generate, git, judge, machine, meter, overlay
from bench.field import Repository
from bench.generate import Size
from bench.methods import TOOLS, Tools

TAG = "9.9.9"
SERVICES = 128
TRANSPORTS = ("file", "http")


@dataclass(frozen=True)
class Plan:
    """What to run; `files` is the size of the repository."""

    writers: tuple[int, ...]
    files: int
    rounds: int
    transports: tuple[str, ...]
    loops: tuple[str, ...]


@dataclass(frozen=True)
class Writer:
    """Who bumps one image of one service in dev."""

    clone: Repository
    environment: dict[str, str]
    path: str
    image: str


def _rebase(pause: int) -> Callable[[Tools, Writer], list[str]]:
    script = str(TOOLS / "shell/rebase-push")
    return lambda tools, writer: [script, writer.path, writer.image, TAG, str(pause)]


def _promoter(tools: Tools, writer: Writer) -> list[str]:
    bump = ["bump", "dev", f"{writer.image}={TAG}", "--deliver", "push", "--timeout", "10m", "-o", "json"]
    return [str(tools.promoter), *bump]


LOOPS: dict[str, Callable[[Tools, Writer], list[str]]] = {
    "rebase": _rebase(pause=0),
    "rebase-pause": _rebase(pause=800),
    "promoter": _promoter,
}

TITLES = {
    "rebase": "`git pull --rebase && git push`, at once",
    "rebase-pause": "the same, waiting up to 0.8 s",
    "promoter": "**promoter** `bump --push`",
}


def run(plan: Plan, tools: Tools, work: Path) -> dict:
    """The results, ready for JSON."""
    seed = generate.seed(work, Size(SERVICES, plan.files))
    cases = [
        {"transport": transport, "writers": count, "files": plan.files, "loops": _case(plan, transport, count, seed, tools, work)}
        for transport in plan.transports
        for count in plan.writers
    ]
    return {"machine": machine.describe(tools, work), "cases": cases}


def _case(plan: Plan, transport: str, count: int, seed: Path, tools: Tools, work: Path) -> dict:
    """Every loop, round by round, on one set of clones."""
    folder = work / "contention"
    shutil.rmtree(folder, ignore_errors=True)
    git.clone_bare(seed, folder / "remote.git")
    remote = Repository.at(folder / "remote.git")
    writers = [_writer(folder, tools, image) for image in images(count)]
    rounds: dict[str, list[dict]] = {name: [] for name in plan.loops}
    for _ in range(plan.rounds):
        for name in plan.loops:
            machine.say(f"{count} writers over {transport}: {name}")
            rounds[name].append(_round(LOOPS[name], transport, remote, writers, tools))
    shutil.rmtree(folder)
    return rounds


def _round(loop, transport: str, remote: Repository, writers: list[Writer], tools: Tools) -> dict:
    """The same pushes one after another, then all at once."""
    with _served(transport, remote, writers, tools) as server:
        serial = _one_after_another(loop, writers, tools)
    _check_landed("one after another", remote, writers, serial["finished"])
    with _served(transport, remote, writers, tools) as server:
        at_once = _at_once(loop, writers, tools)
    return {
        "serial_wall": serial["wall"],
        "serial_cpu": _cpu(serial["finished"]),
        "total_wall": at_once["wall"],
        "cpu": _cpu(at_once["finished"]),
        "server_cpu": server.cpu,
        "walls": [finished.cost.wall for finished in at_once["finished"]],
        "pushes": [json.loads(finished.stdout)["pushes"] for finished in at_once["finished"] if finished.code == 0],
        "failures": [f"{f.code}: {f.stderr.strip()[-300:]}" for f in at_once["finished"] if f.code],
        **end_state(remote, writers, at_once["finished"]),
    }


def _one_after_another(loop, writers: list[Writer], tools: Tools) -> dict:
    begin = time.monotonic()
    finished = [meter.run(loop(tools, writer), writer.clone.path, writer.environment) for writer in writers]
    return {"wall": time.monotonic() - begin, "finished": finished}


def _at_once(loop, writers: list[Writer], tools: Tools) -> dict:
    begin = time.monotonic()
    running = [meter.Running(loop(tools, writer), writer.clone.path, writer.environment) for writer in writers]
    finished = [each.wait() for each in running]
    return {"wall": time.monotonic() - begin, "finished": finished}


def end_state(remote: Repository, writers: list[Writer], finished: list[meter.Finished]) -> dict[str, int]:
    """`landed` counts values that stand at the end, `lost` those that a writer reported done and that do not stand."""
    files = git.files(remote.path, "main", "environments/dev")
    stands = [judge.pins(files[writer.path])[writer.image][1] == TAG for writer in writers]
    lost = sum(end.code == 0 and not value for end, value in zip(finished, stands))
    commits = int(git.run(remote.path, "rev-list", "--count", f"{remote.tip}..main"))
    return {"landed": sum(stands), "lost": lost, "commits": commits}


def _check_landed(what: str, remote: Repository, writers: list[Writer], finished: list[meter.Finished]) -> None:
    """Without contention nothing may fail: otherwise the comparison means nothing."""
    broken = [end for end in finished if end.code]
    if broken or end_state(remote, writers, finished)["landed"] != len(writers):
        raise RuntimeError(f"{what}: {len(broken)} of {len(writers)} failed: {broken[:1]}")


def _cpu(finished: list[meter.Finished]) -> float:
    return sum(end.cost.cpu for end in finished)


@dataclass
class _Server:
    """`cpu` in seconds is known when the server has ended; over files the pushes pay for it themselves."""

    cpu: float = 0.0


@contextmanager
def _served(transport: str, remote: Repository, writers: list[Writer], tools: Tools) -> Iterator[_Server]:
    """Everything as at the start, and the remote reachable by `transport`."""
    for repository in (remote, *(writer.clone for writer in writers)):
        repository.restore()
    server = _Server()
    if transport == "file":
        _point(writers, str(remote.path))
        yield server
        return
    running = meter.Running([str(tools.bin / "githttp"), str(remote.path.parent)], remote.path, tools.environment)
    _point(writers, f"{_address(running)}/{remote.path.name}")
    yield server
    running.interrupt()
    server.cpu = running.wait().cost.cpu


def _address(running: meter.Running) -> str:
    deadline = time.monotonic() + 30
    while not running.stdout().endswith("\n"):
        if time.monotonic() > deadline:
            raise RuntimeError("the HTTP server has not started")
        time.sleep(0.02)
    return running.stdout().strip()


def _point(writers: list[Writer], url: str) -> None:
    for writer in writers:
        git.run(writer.clone.path, "remote", "set-url", "origin", url)


def _writer(folder: Path, tools: Tools, place: tuple[str, str]) -> Writer:
    service, image = place
    clone = folder / "clones" / service
    git.clone(f"file://{folder / 'remote.git'}", clone)
    environment = git.environment(folder / "homes" / service, tools.bin)
    return Writer(Repository.at(clone), environment, generate.overlay_path("dev", service), image)


def images(count: int) -> list[tuple[str, str]]:
    """So many services, each with an image that is pinned by tag alone: yq's one-line bump is right for it."""
    places = [
        (service, image.name)
        for service in generate.services(SERVICES)
        for image in overlay.images(generate.SEED, service, "dev")[:1]
        if image.tag and not image.digest
    ]
    if count > len(places):
        raise ValueError(f"{count} writers, but only {len(places)} services are pinned by tag alone")
    return places[:count]
