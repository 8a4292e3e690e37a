"""The judge sees what a promotion did wrong."""

import unittest

from bench import generate, judge, overlay
from tests.world import SIZE, WorldTest


class IdealTest(unittest.TestCase):
    """What a promotion has to come to."""

    def test_an_added_digest_has_the_quotes_of_the_tag_beside_it(self) -> None:
        service = next(name for name in generate.services(SIZE.services) if overlay.style(generate.SEED, name).quote == '"')
        old, new = overlay.Image("app", None, "v1", None), overlay.Image("app", None, "v2", "sha256:0")
        for target, expected in ((old, b'digest: "sha256:0"'), (new, b"digest: sha256:0")):
            content = overlay.render(generate.SEED, service, "prod", overlay.promoted([target], [new]))
            self.assertIn(expected, content)


class JudgeTest(WorldTest):
    """Each case changes the ideal result and says what the judge has to find."""

    def check(self, changes: dict[str, bytes], **expected: int) -> None:
        commit = self.commit({**dict(generate.ideal(SIZE)), **changes})
        verdict = judge.promotion(self.field.bare.path, self.seed, self.field.bare.tip, commit).as_json()
        self.assertEqual({key: verdict[key] for key in expected}, expected)

    def ideal(self, marker: bytes) -> tuple[str, bytes]:
        """The first ideal file of prod that holds `marker`."""
        return next((path, content) for path, content in generate.ideal(SIZE) if marker in content)

    def test_the_ideal_has_no_fault(self) -> None:
        self.check({}, wrong=0, strayed=0, comments_lost=0, images=15)

    def test_the_ideal_changes_one_line_a_value(self) -> None:
        verdict = judge.promotion(self.field.bare.path, self.seed, self.field.bare.tip, self.commit(dict(generate.ideal(SIZE))))
        self.assertEqual(verdict.added + verdict.deleted, verdict.ideal_lines)
        self.assertGreater(verdict.ideal_lines, 0)

    def test_a_version_left_behind_is_wrong(self) -> None:
        service = generate.movable(SIZE)
        stale = overlay.render(generate.SEED, service, "prod", overlay.images(generate.SEED, service, "prod"))
        self.check({generate.overlay_path("prod", service): stale}, wrong=1, strayed=1)

    def test_a_registry_of_another_environment_is_wrong(self) -> None:
        path, content = self.ideal(b"registry.example.com/prod")
        moved = content.replace(b"registry.example.com/prod", b"registry.example.com/staging", 1)
        self.check({path: moved}, wrong=1, strayed=1, comments_lost=0)

    def test_a_tag_that_is_no_string_is_wrong(self) -> None:
        path, content = self.ideal(b"newTag: v")
        head, tail = content.split(b"newTag: v", 1)
        self.check({path: head + b"newTag: 1.10" + tail[tail.index(b"\n") :]}, wrong=1)

    def test_a_file_that_does_not_parse_is_wrong(self) -> None:
        path, _ = self.ideal(b"newTag")
        self.check({path: b"images: [\n"}, wrong=1)

    def test_a_lost_comment_is_counted(self) -> None:
        path, content = self.ideal(b"# what is common")
        self.check({path: content.replace(b"   # what is common", b"")}, wrong=0, comments_lost=1, strayed=1)

    def test_a_change_elsewhere_strays(self) -> None:
        self.check({"README.md": b"new\n"}, wrong=0, strayed=1)
