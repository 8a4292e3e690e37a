"""What a command cost: processor time and memory of its whole process tree, and time on the clock."""

import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Sequence

LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Cost:
    """`cpu` and `wall` in seconds, `peak` in bytes: the largest single process of the tree."""

    cpu: float
    wall: float
    peak: int

    def __add__(self, other: "Cost") -> "Cost":
        """One after the other."""
        return Cost(self.cpu + other.cpu, self.wall + other.wall, max(self.peak, other.peak))

    def as_json(self) -> dict[str, float]:
        """For the results file."""
        return asdict(self)


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    cost: Cost
    code: int
    stdout: str
    stderr: str


class Running:
    """A command on its way; several may run at once."""

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str], stdin: Path | None = None):
        self._command = command
        self._scratch = tempfile.TemporaryDirectory(prefix="meter-")
        self._base = Path(self._scratch.name)
        out, err = ((self._base / name).open("wb") for name in ("stdout", "stderr"))
        with out, err, open(stdin or "/dev/null", "rb") as given:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(LAUNCH), str(self._base / "report"), *command],
                cwd=folder, env=environment, stdin=given, stdout=out, stderr=err,
            )

    def interrupt(self) -> None:
        """Asks the command to end; `wait` still reports its cost."""
        self._process.terminate()

    def stdout(self) -> str:
        """What it has printed so far."""
        return self._text("stdout")

    def wait(self) -> Finished:
        """Waits for the end."""
        self._process.wait()
        cpu, wall, peak, code = (self._base / "report").read_text().split()
        finished = Finished(Cost(float(cpu), float(wall), int(peak)), int(code), self.stdout(), self._text("stderr"))
        self._scratch.cleanup()
        return finished

    def _text(self, name: str) -> str:
        return (self._base / name).read_text(errors="replace")


def run(command: Sequence[str], folder: Path, environment: dict[str, str], stdin: Path | None = None) -> Finished:
    """Runs a command to its end, whatever its exit code."""
    return Running(command, folder, environment, stdin).wait()


def succeed(command: Sequence[str], folder: Path, environment: dict[str, str], stdin: Path | None = None) -> Finished:
    """Runs a command that has to exit with 0."""
    finished = run(command, folder, environment, stdin)
    if finished.code:
        raise RuntimeError(f"`{' '.join(command)}` in {folder} ended with {finished.code}: {finished.stderr.strip()[-2000:]}")
    return finished
