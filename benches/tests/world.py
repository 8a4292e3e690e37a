"""A small seed and a folder that goes away, for tests on real git."""

import tempfile
import unittest
from pathlib import Path

from bench import generate, git
from bench.field import Field
from bench.generate import Size

SIZE = Size(services=10, files=80)


class WorldTest(unittest.TestCase):
    """A test with a field: seed, remote, clone and bare clone."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.seed = generate.seed(self.folder, SIZE)
        self.field = Field.lay(self.seed, self.folder / "field")

    def commit(self, files: dict[str, bytes]) -> str:
        """A commit of `files` on main of the bare clone; returns its id."""
        header = generate.commit_header("refs/heads/main", 1_770_000_000, "test", self.field.bare.tip)
        git.fast_import(self.field.bare.path, [header, *(generate.change(*file) for file in files.items())])
        return git.run(self.field.bare.path, "rev-parse", "main")
