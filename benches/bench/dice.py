"""Choices that depend on a key alone, so that a repository is the same on every machine and Python."""

import hashlib
from typing import Sequence, TypeVar

T = TypeVar("T")


def fraction(*key: object) -> float:
    """A number in [0, 1) that is fixed by `key`."""
    digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:7], "big") / (1 << 56)


def number(limit: int, *key: object) -> int:
    """A whole number in [0, limit) that is fixed by `key`."""
    return int(fraction(*key) * limit)


def choice(options: Sequence[T], *key: object) -> T:
    """One of `options`, fixed by `key`."""
    return options[number(len(options), *key)]


def hexadecimal(length: int, *key: object) -> str:
    """`length` (at most 64) hexadecimal digits, fixed by `key`."""
    return hashlib.sha256("/".join(map(str, key)).encode()).hexdigest()[:length]
