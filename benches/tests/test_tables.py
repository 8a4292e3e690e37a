"""Figures become the right words, and promises are judged."""

import unittest

from bench import bounds, tables


def cost(cpu: float) -> dict:
    """A cost of so many CPU seconds."""
    return {"cpu": cpu, "wall": cpu, "peak": 20_000_000}


def case(ours: list[float], theirs: list[float]) -> dict:
    """A case of the promote benchmark with one competitor."""
    facts = {"wrong": 0, "strayed": 0}
    methods = {"promoter": ours, "kyaml": theirs}
    costs = {name: [cost(cpu) for cpu in values] for name, values in methods.items()}
    return {"services": 5_000, "files": 50_000, "methods": {n: {**facts, "without_push": c, "with_push": c} for n, c in costs.items()}}


class TablesTest(unittest.TestCase):
    """Markdown."""

    def test_text_between_markers_is_replaced(self) -> None:
        text = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n"
        expected = "a\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\nb\n"
        self.assertEqual(tables.between(text, "x", "new\n"), expected)
        self.assertEqual(tables.between(expected, "x", "new\n"), expected)

    def test_missing_markers_are_an_error(self) -> None:
        with self.assertRaisesRegex(ValueError, "markers of `x`"):
            tables.between("a\n", "x", "new\n")

    def test_seconds_choose_their_unit(self) -> None:
        for value, expected in ((0.00234, "2.34 ms"), (0.25, "0.25 s"), (131.4, "131 s"), (None, "–")):
            self.assertEqual(tables.seconds(value), expected)


class BoundsTest(unittest.TestCase):
    """Judgements."""

    def holds(self, results: dict) -> dict[str, bool]:
        return {bound.what: bound.holds for bound in bounds.promote(results)}

    def test_a_ratio_is_the_median_of_pairs(self) -> None:
        self.assertEqual(bounds.ratio(case([1, 2, 4], [3, 10, 8]), "kyaml", "with_push"), 3)

    def test_a_ratio_pairs_only_rounds_that_both_have(self) -> None:
        self.assertEqual(bounds.ratio(case([1, 2, 4], [7]), "kyaml", "with_push"), 7)

    def test_a_ratio_below_three_does_not_hold(self) -> None:
        for theirs, expected in ((2.9, False), (3.0, True)):
            found = self.holds({"cases": [case([1], [theirs])], "sweep": [], "single": None})
            self.assertEqual(found["CPU of the best in-process editor plus git, 5,000 services, with push"], expected)

    def test_costs_that_grow_are_not_flat(self) -> None:
        for medians, expected in (([10, 11, 12], True), ([10, 20, 40], False), ([2, 3, 3.9], True)):
            self.assertEqual(bounds.flat("x", medians).holds, expected)

    def test_percentiles_are_values_that_were_seen(self) -> None:
        values = [float(value) for value in range(1, 65)]
        for percent, expected in ((50, 32), (99, 64), (1, 1)):
            self.assertEqual(bounds.percentile(values, percent), expected)

    def test_a_writer_that_failed_breaks_the_promise(self) -> None:
        rounds = [{"landed": 64, "lost": 0, "failures": [], "pushes": [1] * 64, "total_wall": 3, "serial_wall": 2}]
        results = {"cases": [{"writers": 64, "transport": "file", "loops": {"promoter": rounds}}]}
        self.assertTrue(all(bound.holds for bound in bounds.contention(results)))
        rounds[0]["failures"] = ["4: conflict"]
        self.assertFalse(all(bound.holds for bound in bounds.contention(results)))
