"""Where a method runs: a remote, a checked-out clone and a bare clone of it, put back between runs."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from bench import git

MAIN = "refs/heads/main"


@dataclass(frozen=True)
class Repository:
    """A repository and the state to come back to."""

    path: Path
    git_folder: Path
    objects: frozenset[Path]
    reflogs: frozenset[tuple[Path, bytes]]
    tip: str

    @classmethod
    def at(cls, path: Path) -> "Repository":
        """Remembers the present state of the repository at `path`."""
        git_folder = path / ".git" if (path / ".git").exists() else path
        reflogs = frozenset((file, file.read_bytes()) for file in _files(git_folder / "logs"))
        return cls(path, git_folder, frozenset(_files(git_folder / "objects")), reflogs, git.run(path, "rev-parse", "HEAD"))

    def restore(self) -> None:
        """Back to the remembered commit, without what came since: the next run pays for its own objects.

        `promoter` keeps the tip it fetched under a ref of its own, which goes with the objects.
        Reflogs go back too: `git pull --rebase` takes a commit that the reflog of `origin/main` knows for one
        that was dropped upstream, and two runs in one second make the same commit.
        """
        if self.git_folder != self.path:
            git.run(self.path, "reset", "--quiet", "--hard", self.tip)
            git.run(self.path, "clean", "--quiet", "--force", "-d")
            git.run(self.path, "update-ref", "refs/remotes/origin/main", self.tip)
        git.run(self.path, "update-ref", MAIN, self.tip)
        shutil.rmtree(self.git_folder / "refs/promoter", ignore_errors=True)
        for file in set(_files(self.git_folder / "objects")) - self.objects:
            file.unlink()
        self._restore_reflogs()

    def _restore_reflogs(self) -> None:
        shutil.rmtree(self.git_folder / "logs", ignore_errors=True)
        for file, content in self.reflogs:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


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
