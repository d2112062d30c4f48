"""Placement of learned lines, weighted operators, and logits on normalised frequency."""

import unittest

import numpy as np
import torch

from lacuna_training.operators import LinesOperator, centred_dft_matrix
from lacuna_training.pattern_examples import WeightedLines, symmetric_run
from lacuna_training.pattern_logits import LineLogits, PointLogits
from lacuna_training.placement import budget, centre_count, design_lines, family_order, inclusion_of, logits_at, mirrored

KNOTS = -1.3 * np.log(np.abs(np.linspace(-0.5, 0.5, 33)) + 0.03)


def random_maps(seed: int, columns: int = 20):
    generator = torch.Generator().manual_seed(seed)
    maps = torch.randn(3, 8, columns, 2, generator=generator)
    return maps / maps.square().sum((0, 3), keepdim=True).sqrt(), generator


class Placement(unittest.TestCase):
    def test_budget_is_exact_and_the_centre_whole(self):
        rng = np.random.default_rng(0)
        for _ in range(300):
            columns, acceleration = int(rng.integers(16, 641)), rng.uniform(1.5, 16)
            kept = budget(columns, acceleration)
            mask = design_lines(rng.normal(0, 3, 17), columns, acceleration, 0.05, rng.random())
            self.assertEqual(int(mask.sum()), kept)
            count = centre_count(columns, 0.05, kept)
            start = columns // 2 - count // 2
            self.assertTrue(mask[start : start + count].all())

    def test_rankings_are_nested_and_name_no_line_twice(self):
        order = family_order(KNOTS, 200, 120, 0.05, 0.25)
        self.assertEqual(len(set(order)), 120)
        for count in (1, 5, 12, 40, 90):
            self.assertEqual(set(family_order(KNOTS, 200, count, 0.05, 0.25)), set(order[:count]))

    def test_probabilities_sum_to_the_count(self):
        logits = logits_at(KNOTS, 320)
        self.assertAlmostEqual(inclusion_of(logits, 40).sum(), 40, places=9)
        logits[150:170] = -np.inf
        self.assertTrue((inclusion_of(logits, 40)[150:170] == 0).all())

    def test_mirror_images_are_at_minus_k(self):
        for columns in (9, 10):
            kept = np.zeros(columns, bool)
            kept[columns // 2 + 3] = True
            self.assertEqual(np.flatnonzero(mirrored(kept)).tolist(), [columns // 2 - 3])

    def test_knots_are_logits_at_their_frequencies(self):
        knots = np.arange(9.0)
        np.testing.assert_allclose(logits_at(knots, 8), np.arange(8.0))
        logits = LineLogits(['family'], 9)
        with torch.no_grad():
            logits.base.copy_(torch.arange(9.0))
        np.testing.assert_allclose(logits.at('family', 33).detach().numpy(), logits_at(knots, 33), rtol=1e-5)

    def test_calibration_block_lies_within_the_mask(self):
        for flags in ('0011110000', '0001111000', '0000110000', '0111111110', '0000010000', '0000000100'):
            mask = torch.tensor([float(f) for f in flags])
            count = symmetric_run(mask)
            start = 5 - count // 2
            self.assertTrue(bool((mask[start : start + count] == 1).all()), flags)
            # One more would not fit, whichever side it is on.
            start = 5 - (count + 1) // 2
            longer = mask[max(0, start) : start + count + 1]
            self.assertTrue(start < 0 or len(longer) < count + 1 or not bool((longer == 1).all()), flags)


class Weighted(unittest.TestCase):
    def test_a_mask_gives_the_operator_of_the_acquired_lines(self):
        maps, generator = random_maps(1)
        mask = (torch.rand(20, generator=generator) < 0.4).float()
        kspace, x = torch.randn(3, 8, 20, 2, generator=generator), torch.randn(2, 8, 20, generator=generator)
        weighted, lines = WeightedLines(maps, mask), LinesOperator(maps, centred_dft_matrix(20)[mask > 0])
        torch.testing.assert_close(weighted.normal(x), lines.normal(x), rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(weighted.adjoint(kspace), lines.adjoint(kspace[:, :, mask > 0]), rtol=1e-4, atol=1e-5)

    def test_the_derivative_for_a_line_that_is_not_kept_is_that_of_adding_it(self):
        maps, generator = random_maps(2)
        maps = maps.double()
        weights = torch.zeros(20, dtype=torch.float64)
        weights[8:12] = 1
        x = torch.randn(2, 8, 20, generator=generator).double()

        def energy(w):
            operator = WeightedLines(maps.float(), w.float())
            operator.encode, operator.decode = operator.encode.double(), operator.decode.double()
            operator.coils.direct, operator.coils.crossed = operator.coils.direct.double(), operator.coils.crossed.double()
            operator.weights = torch.cat([w, w])
            return (x * operator.normal(x)).sum()

        weights.requires_grad_()
        energy(weights).backward()
        step = torch.zeros(20, dtype=torch.float64)
        step[3] = 1
        added = float(energy(weights.detach() + step) - energy(weights.detach()))
        self.assertGreater(added, 0)
        self.assertAlmostEqual(float(weights.grad[3]), added, places=8)


class Points(unittest.TestCase):
    def test_logits_fall_from_dc_and_have_its_place_in_the_middle(self):
        logits = PointLogits(9, 5).at(12, 15).detach()
        self.assertEqual(int(logits.argmax()), 6 * 15 + 7)
        self.assertLess(float(logits[0, 0]), float(logits[3, 4]))


if __name__ == '__main__':
    unittest.main()
