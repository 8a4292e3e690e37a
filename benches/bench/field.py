"""Where a method runs: a remote, a checked-out clone and a bare clone of it, put back between runs."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from bench import git

MAIN = "refs/heads/main"


@dataclass(frozen=True)
class Repository:
    """A git directory and the state to come back to."""

    path: Path
    objects: Path
    known: frozenset[Path]
    tip: str
    checked_out: bool

    @classmethod
    def at(cls, path: Path) -> "Repository":
        """Remembers the present state of the repository at `path`."""
        checked_out = (path / ".git").exists()
        objects = path / (".git/objects" if checked_out else "objects")
        return cls(path, objects, frozenset(_files(objects)), git.run(path, "rev-parse", "HEAD"), checked_out)

    def restore(self) -> None:
        """Back to the remembered commit, without the objects that came since: the next run pays for its own."""
        if self.checked_out:
            git.run(self.path, "reset", "--quiet", "--hard", self.tip)
            git.run(self.path, "clean", "--quiet", "--force", "-d")
            git.run(self.path, "update-ref", "refs/remotes/origin/main", self.tip)
        git.run(self.path, "update-ref", MAIN, self.tip)
        for file in set(_files(self.objects)) - self.known:
            file.unlink()


@dataclass(frozen=True)
class Field:
    """The three repositories of a case."""

    seed: Path
    remote: Repository
    clone: Repository
    bare: Repository

    @classmethod
    def lay(cls, seed: Path, folder: Path) -> "Field":
        """Makes them below `folder`, which is replaced."""
        shutil.rmtree(folder, ignore_errors=True)
        git.clone_bare(seed, folder / "remote.git")
        git.clone(f"file://{folder / 'remote.git'}", folder / "clone")
        git.run(folder / "clone", "remote", "set-url", "origin", str(folder / "remote.git"))
        git.clone_bare(seed, folder / "bare.git")
        git.run(folder / "bare.git", "remote", "add", "origin", str(folder / "remote.git"))
        return cls(seed, *(Repository.at(folder / name) for name in ("remote.git", "clone", "bare.git")))

    def restore(self) -> None:
        """Puts all three back."""
        for repository in (self.clone, self.bare, self.remote):
            repository.restore()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
