"""What the figures were measured on, so that a reader can judge them."""

import os
import platform
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

from bench.methods import Tools


def say(text: str) -> None:
    """Progress, for whoever waits."""
    print(text, file=sys.stderr, flush=True)


def describe(tools: Tools, work: Path) -> dict[str, str]:
    """Machine, versions, date and command."""
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "command": _command(sys.argv[1:]),
        "processor": f"{os.cpu_count()} cores, {_processor()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, {_file_system(work)}",
        "load at the start": f"{os.getloadavg()[0]:.1f}",
        "versions": ", ".join(_versions(tools)),
    }


def _command(arguments: list[str]) -> str:
    """The command without the paths of this machine, which change no figure."""
    paths = {"--document", "--promoter", "--work"}
    kept = [argument for before, argument in zip(["", *arguments], arguments) if not {before, argument} & paths]
    return " ".join(["benches/run", *kept])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), platform.machine())


def _file_system(work: Path) -> str:
    kind = _print("stat", "--file-system", "--format=%T", str(work))
    return f"work folder on {kind}" if kind else "work folder on a file system of unknown kind"


def _versions(tools: Tools) -> list[str]:
    promoter = [_print(str(tools.promoter), "--version") + _revision()] if tools.promoter else []
    packages = _print(str(tools.python), "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check").split()
    wanted = [package.replace("==", " ") for package in packages if package.startswith(("ruamel.yaml==", "PyYAML=="))]
    return [
        *promoter,
        _print("git", "--version"),
        "kustomize " + _print(str(tools.bin / "kustomize"), "version"),
        "yq " + _print(str(tools.bin / "yq"), "--version").rsplit(" ", 1)[-1],
        "kyaml " + _module(tools.bin / "kyaml", "sigs.k8s.io/kustomize/kyaml"),
        *wanted,
        f"Python {platform.python_version()}",
        _print("go", "version").removeprefix("go version ").replace("go1", "Go 1").split(" linux")[0],
    ]


def _module(program: Path, module: str) -> str:
    """The version of `module` that a Go program was built with."""
    words = _print("go", "version", "-m", str(program)).split()
    return words[words.index(module) + 1] if module in words else "of unknown version"


def _revision() -> str:
    return f" ({_print('git', '-C', str(Path(__file__).parent), 'rev-parse', '--short=12', 'HEAD')})"


def _print(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
