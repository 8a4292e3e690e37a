"""The command line: one benchmark, its results file, and its tables in `docs/benchmarks.md`."""

import argparse
import json
import os
import subprocess
from pathlib import Path

from bench import contention, history, methods, promote, serve, stores, tables
from bench.generate import Size
from bench.machine import describe

HERE = Path(__file__).parent.parent
ROOT = HERE.parent
DOCUMENT = ROOT / "docs/benchmarks.md"


def main() -> None:
    """Runs what was asked for and renders it; the figures of other runs stay as they are."""
    arguments = _parser().parse_args()
    work = Path(arguments.work).resolve()
    work.mkdir(parents=True, exist_ok=True)
    results = HERE / ".work/results" / f"{arguments.name}.json"
    if arguments.name != "render":
        found = arguments.measure(arguments, work)
        results.parent.mkdir(parents=True, exist_ok=True)
        results.write_text(json.dumps(found, indent=1))
    names = tables.SECTIONS if arguments.name == "render" else [arguments.name]
    tables.render(names, HERE / ".work/results", Path(arguments.document))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benches/run", description=__doc__)
    parser.add_argument("--work", default=HERE / ".work", help="folder for repositories (default benches/.work)")
    parser.add_argument("--document", default=DOCUMENT, help="file that gets the tables")
    commands = parser.add_subparsers(dest="name", required=True)
    _add_promote(commands)
    _add_contention(commands)
    _add_history(commands)
    _add_serve(commands)
    commands.add_parser("render", help="write the tables again from the last results")
    return parser


def _add_promote(commands) -> None:
    command = commands.add_parser("promote", help="promote all of 10 to 5,000 services")
    command.add_argument("--full", action="store_true", help="the shell loops at 5,000 services too (minutes)")
    command.add_argument("--small", action="store_true", help="only repositories of 1,000 files")
    command.add_argument("--rounds", type=int, default=5)
    command.add_argument("--single-runs", type=int, default=30)
    command.add_argument("--methods", type=_names(tuple(methods.METHODS)), default=tuple(methods.METHODS), metavar="A,B")
    _add_promoter(command)
    command.set_defaults(measure=_promote)


def _add_contention(commands) -> None:
    command = commands.add_parser("contention", help="1, 16 and 64 writers on one branch")
    command.add_argument("--writers", type=_numbers, default=(1, 16, 64), metavar="N,N")
    command.add_argument("--files", type=int, default=1_000)
    command.add_argument("--rounds", type=int, default=1)
    command.add_argument("--transports", type=_names(contention.TRANSPORTS), default=contention.TRANSPORTS, metavar="A,B")
    command.add_argument("--loops", type=_names(tuple(contention.LOOPS)), default=tuple(contention.LOOPS), metavar="A,B")
    _add_promoter(command)
    command.set_defaults(measure=_contention)


def _add_history(commands) -> None:
    command = commands.add_parser("history", help="10 to 100,000 commits")
    command.add_argument("--commits", type=_numbers, default=(10, 1_000, 10_000, 100_000), metavar="N,N")
    command.add_argument("--runs", type=int, default=10)
    _add_promoter(command)
    command.set_defaults(measure=_history)


def _add_serve(commands) -> None:
    command = commands.add_parser("serve", help="requests of the app, of bare frameworks and of podinfo; needs wrk, Postgres, Redis")
    command.add_argument("--rounds", type=int, default=5)
    command.add_argument("--seconds", type=int, default=3)
    command.add_argument("--starts", type=int, default=5)
    command.add_argument("--app", type=Path, metavar="PATH", help="the binary `api` (default: built from this workspace)")
    command.set_defaults(measure=_serve)


def _add_promoter(command: argparse.ArgumentParser) -> None:
    choice = command.add_mutually_exclusive_group()
    choice.add_argument("--promoter", type=Path, metavar="PATH", help="the binary (default: built from this workspace)")
    choice.add_argument("--without-promoter", action="store_true", help="only what it is compared with")


def _promote(arguments: argparse.Namespace, work: Path) -> dict:
    tools = _tools(arguments, work)
    names = tuple(name for name in arguments.methods if tools.promoter or not name.startswith("promoter"))
    plan = promote.Plan(
        cases=promote.CASES[:2] if arguments.small else promote.CASES,
        sweep=() if arguments.small else promote.SWEEP,
        single=Size(100, 1_000) if arguments.small else Size(100, 50_000),
        names=names,
        rounds=arguments.rounds,
        single_runs=arguments.single_runs,
        full=arguments.full,
    )
    return promote.run(plan, tools, work)


def _contention(arguments: argparse.Namespace, work: Path) -> dict:
    tools = _tools(arguments, work)
    loops = tuple(name for name in arguments.loops if tools.promoter or name != "promoter")
    plan = contention.Plan(arguments.writers, arguments.files, arguments.rounds, arguments.transports, loops)
    return contention.run(plan, tools, work)


def _history(arguments: argparse.Namespace, work: Path) -> dict:
    return history.run(history.Plan(arguments.commits, arguments.runs), _tools(arguments, work), work)


def _serve(arguments: argparse.Namespace, work: Path) -> dict:
    app = arguments.app.resolve(strict=True) if arguments.app else _built("app", "api")
    peers = HERE / ".work/peers"
    manifest = HERE / "tools/peers/Cargo.toml"
    environment = {**os.environ, "CARGO_TARGET_DIR": str(peers)}
    subprocess.run(["cargo", "build", "--release", "--locked", "--manifest-path", manifest], env=environment, check=True)
    plan = serve.Plan(arguments.rounds, arguments.seconds, arguments.starts)
    tools = methods.find_tools(HERE / ".work", work / "home", None)
    with stores.started() as found:
        subprocess.run([app, "migrate"], env={"DATABASE_URL": found.postgres, "SEED": "demo"}, check=True)
        everything = serve.servers(app, peers / "release", HERE / ".work/bin", found)
        return {"machine": describe(tools, work), **serve.run(plan, everything)}


def _tools(arguments: argparse.Namespace, work: Path) -> methods.Tools:
    return methods.find_tools(HERE / ".work", work / "home", None if arguments.without_promoter else _promoter(arguments.promoter))


def _promoter(given: Path | None) -> Path:
    """The binary that was named, or the workspace's own."""
    return given.resolve(strict=True) if given else _built("promoter", "promoter")


def _built(package: str, binary: str) -> Path:
    """A binary of the workspace, built in release mode."""
    subprocess.run(["cargo", "build", "--release", "--package", package], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return (ROOT / target / "release" / binary).resolve(strict=True)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _names(known: tuple[str, ...]):
    def parse(text: str) -> tuple[str, ...]:
        chosen = tuple(text.split(","))
        if unknown := set(chosen) - set(known):
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
        return chosen

    return parse


if __name__ == "__main__":
    main()
