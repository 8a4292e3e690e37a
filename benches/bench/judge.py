"""What a promotion did to the files, told by an independent parser and by git."""

import os
import re
import subprocess
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from bench import generate, git

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
COMMENT = re.compile(rb"(?:^|\s)(#[^\r\n]*)", re.MULTILINE)

Pins = dict[str, tuple[object, object, object]]
"""By image name: newName, newTag, digest."""


@dataclass(frozen=True)
class Verdict:
    """`wrong` counts images whose version or registry is not what it has to be, files that do not parse included.

    `ideal_lines` is what the same promotion costs when no other byte changes; `strayed` counts the
    changed files that are not byte for byte that ideal.
    """

    images: int
    wrong: int
    added: int
    deleted: int
    ideal_lines: int
    comments_lost: int
    strayed: int

    def as_json(self) -> dict[str, int]:
        """For the results file."""
        return asdict(self)


def promotion(repository: Path, seed: Path, base: str, result: str) -> Verdict:
    """Judges the commit `result`, made on `base` in `repository`, by the seed that both came from."""
    before = git.files(seed, base, "environments")
    after = git.files(repository, result, "environments")
    added, deleted = _changed_lines(repository, seed, base, result)
    ideal = _changed_lines(repository, seed, base, generate.IDEAL)
    images, wrong = _values(before, after)
    return Verdict(
        images, wrong, added, deleted, sum(ideal), _comments_lost(before, after), _strayed(repository, seed, result)
    )


def pins(content: bytes) -> Pins:
    """The images of a kustomization file; a version that is no string is none, as kustomize refuses it."""
    entries = yaml.load(content, LOADER)["images"]
    return {entry["name"]: (entry.get("newName"), entry.get("newTag"), entry.get("digest")) for entry in entries}


def _values(before: dict[str, bytes], after: dict[str, bytes]) -> tuple[int, int]:
    images = wrong = 0
    for path in (path for path in before if path.startswith("environments/prod/")):
        source = pins(before[path.replace("/prod/", "/staging/")])
        expected = {name: (pin[0], *source[name][1:]) for name, pin in pins(before[path]).items()}
        actual = _readable(after.get(path, b""))
        images += len(expected)
        wrong += sum(actual.get(name) != pin for name, pin in expected.items())
    return images, wrong


def _readable(content: bytes) -> Pins:
    try:
        return pins(content)
    except (yaml.YAMLError, TypeError, KeyError):
        return {}


def _comments_lost(before: dict[str, bytes], after: dict[str, bytes]) -> int:
    return sum(sum((_comments(content) - _comments(after.get(path, b""))).values()) for path, content in before.items())


def _comments(content: bytes) -> Counter[bytes]:
    return Counter(comment.strip() for comment in COMMENT.findall(content))


def _changed_lines(repository: Path, seed: Path, base: str, result: str) -> tuple[int, int]:
    rows = [line.split("\t") for line in _diff(repository, seed, "--numstat", base, result)]
    return sum(int(row[0]) for row in rows), sum(int(row[1]) for row in rows)


def _strayed(repository: Path, seed: Path, result: str) -> int:
    return len(_diff(repository, seed, "--name-only", generate.IDEAL, result))


def _diff(repository: Path, seed: Path, form: str, old: str, new: str) -> list[str]:
    """`git diff` between commits of the two repositories, run in the seed, which holds the ideal."""
    objects = git.run(repository, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    command = ["git", "-C", str(seed), "diff", "--no-renames", form, old, new]
    environment = {**os.environ, "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.splitlines()
