"""git in a world of its own: no configuration but ours, no maintenance in the background."""

import os
import subprocess
from pathlib import Path
from typing import Iterable

CONFIGURATION = """\
[user]
	name = Bench
	email = bench@example.com
[init]
	defaultBranch = main
[gc]
	auto = 0
[maintenance]
	auto = false
[advice]
	detachedHead = false
"""


def environment(home: Path, bin_folder: Path | None = None) -> dict[str, str]:
    """The environment of a measured process: HOME is `home`, which gets git's configuration."""
    home.mkdir(parents=True, exist_ok=True)
    (home / ".gitconfig").write_text(CONFIGURATION)
    path = os.environ["PATH"]
    return {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PATH": f"{bin_folder}{os.pathsep}{path}" if bin_folder else path,
    }


def run(repository: Path, *arguments: str, text: str | None = None) -> str:
    """What git prints, run in `repository`; its failure is an exception with git's words."""
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments], input=text, capture_output=True, text=True, env=_environment()
    )
    if done.returncode:
        raise RuntimeError(f"git {' '.join(arguments)} in {repository}: {done.stderr.strip()}")
    return done.stdout.strip()


def init_bare(path: Path) -> None:
    """An empty bare repository that takes pushes by HTTP too."""
    path.mkdir(parents=True)
    run(path, "init", "--quiet", "--bare", "--initial-branch=main")
    run(path, "config", "http.receivepack", "true")
    run(path, "config", "gc.auto", "0")
    run(path, "config", "receive.autogc", "false")


def clone_bare(source: Path, target: Path) -> None:
    """A bare clone of `main` with objects of its own and `origin` set as in any clone."""
    init_bare(target)
    run(target, "fetch", "--quiet", f"file://{source}", "refs/heads/main:refs/heads/main")


def clone(remote: str, target: Path) -> None:
    """A checked-out clone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    run(target.parent, "clone", "--quiet", remote, str(target))


def fast_import(repository: Path, stream: Iterable[bytes]) -> None:
    """Writes a fast-import stream into `repository`."""
    process = subprocess.Popen(
        ["git", "-C", str(repository), "fast-import", "--quiet", "--force"], stdin=subprocess.PIPE, env=_environment()
    )
    with process.stdin as pipe:
        for part in stream:
            pipe.write(part)
    if process.wait():
        raise RuntimeError(f"git fast-import in {repository} failed")


def files(repository: Path, revision: str, *folders: str) -> dict[str, bytes]:
    """The content of every file below `folders` at `revision`, by path."""
    listing = run(repository, "ls-tree", "-r", "--format=%(objectname) %(path)", revision, "--", *folders)
    entries = [line.split(" ", 1) for line in listing.splitlines()]
    batch = subprocess.run(
        ["git", "-C", str(repository), "cat-file", "--batch"],
        input="".join(f"{name}\n" for name, _ in entries).encode(),
        capture_output=True,
        check=True,
        env=_environment(),
    ).stdout
    return dict(zip((path for _, path in entries), _contents(batch)))


def _contents(batch: bytes) -> Iterable[bytes]:
    offset = 0
    while offset < len(batch):
        end = batch.index(b"\n", offset)
        size = int(batch[offset:end].split()[2])
        yield batch[end + 1 : end + 1 + size]
        offset = end + 2 + size


def _environment() -> dict[str, str]:
    identity = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in (("NAME", "Bench"), ("EMAIL", "bench@example.com"))}
    return {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
