"""Costs, states and repositories are what they claim to be."""

import os
import sys
import unittest

from bench import contention, generate, git, history, judge, meter
from bench.field import Repository
from tests.world import SIZE, WorldTest

BURN = "import time\nwhile time.process_time() < 0.3: pass"
TREE_OF_SEED = "f3c6a98404e7dd1b4ea396a91f85aeec0375170c"


class MeterTest(WorldTest):
    """What a process tree used."""

    def test_the_work_of_a_grandchild_counts(self) -> None:
        script = f'"{sys.executable}" -c "{BURN}"; exit 3'
        finished = meter.run(["sh", "-c", script], self.folder, dict(os.environ))
        self.assertGreaterEqual(finished.cost.cpu, 0.3)
        self.assertEqual(finished.code, 3)

    def test_the_peak_is_that_of_the_command(self) -> None:
        peaks = [self.peak(size) for size in (1, 60_000_000)]
        self.assertGreater(peaks[1] - peaks[0], 50_000_000)

    def peak(self, size: int) -> int:
        return meter.succeed([sys.executable, "-c", f"bytes({size})[::4096]; x = b'x' * {size}"], self.folder, dict(os.environ)).cost.peak

    def test_an_interrupted_command_still_reports(self) -> None:
        running = meter.Running(["sh", "-c", "echo up; sleep 60 & wait"], self.folder, dict(os.environ))
        while not running.stdout():
            pass
        running.interrupt()
        self.assertNotEqual(running.wait().code, 0)


class FieldTest(WorldTest):
    """A run leaves nothing to the next one."""

    def test_restore_forgets_commits_files_and_objects(self) -> None:
        clone = self.field.clone
        (clone.path / "promoter.yaml").write_text("changed\n")
        (clone.path / "new").write_text("new\n")
        git.run(clone.path, "commit", "--quiet", "--all", "--message", "change")
        git.run(clone.path, "push", "--quiet", "origin", "HEAD:main")
        self.field.restore()
        for repository in (clone, self.field.remote):
            self.assertEqual(Repository.at(repository.path), repository)
        self.assertEqual(git.run(clone.path, "status", "--porcelain"), "")


class SeedTest(WorldTest):
    """What is generated."""

    def test_a_seed_is_the_same_everywhere(self) -> None:
        self.assertEqual(git.run(self.seed, "rev-parse", "main^{tree}"), TREE_OF_SEED)

    def test_a_seed_has_the_wanted_number_of_files(self) -> None:
        self.assertEqual(len(git.files(self.seed, "main")), SIZE.files)

    def test_clones_do_not_get_the_ideal(self) -> None:
        ideal = git.run(self.seed, "rev-parse", generate.IDEAL)
        with self.assertRaises(RuntimeError):
            git.run(self.field.clone.path, "cat-file", "-e", ideal)

    def test_any_history_ends_with_ten_services_waiting(self) -> None:
        for commits in (10, 100, 1_000):
            with self.subTest(commits=commits):
                path = history.seed(self.folder, commits)
                self.assertEqual(int(git.run(path, "rev-list", "--count", "main")), commits)
                self.assertEqual(len(self.waiting(git.files(path, "main", "environments"))), history.PENDING)

    def waiting(self, files: dict[str, bytes]) -> list[str]:
        staging = {path: judge.pins(content) for path, content in files.items() if "/staging/" in path}
        return [path for path, pins in staging.items() if pins != judge.pins(files[path.replace("/staging/", "/prod/")])]


class EndStateTest(WorldTest):
    """A writer that says done while its value is gone has lost an update."""

    def check(self, code: int, landed: bool, expected: dict[str, int]) -> None:
        service, image = contention.images(1)[0]
        path = generate.overlay_path("dev", service)
        content = f"images: [{{name: {image}, newTag: {contention.TAG if landed else 'v0'}}}]\n".encode()
        self.commit({path: content})
        writer = contention.Writer(self.field.bare, {}, path, image)
        finished = meter.Finished(meter.Cost(0, 0, 0), code, "", "")
        self.assertEqual(contention.end_state(self.field.bare, [writer], [finished]), {**expected, "commits": 1})

    def test_reported_and_there(self) -> None:
        self.check(0, True, {"landed": 1, "lost": 0})

    def test_reported_and_gone(self) -> None:
        self.check(0, False, {"landed": 0, "lost": 1})

    def test_failed_and_not_there_is_no_loss(self) -> None:
        self.check(6, False, {"landed": 0, "lost": 0})


if __name__ == "__main__":
    unittest.main()
