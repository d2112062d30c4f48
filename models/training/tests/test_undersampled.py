"""Examples for ReconResNet: data consistency, scale, determinism, spokes on the grid."""

import unittest

import numpy as np
import torch

from lacuna_training.anatomy import ellipses
from lacuna_training.coilmaps import fftc
from lacuna_training.restoration_training import restored
from lacuna_training.undersampled import PLANE, ROWS, draw_undersampled, gridding_weights, pseudo_radial_points

VOLUMES = [[ellipses(np.random.default_rng(0), 120, 131).numpy()]]
CONFIG = {
    'strip': 40,
    'sides': [96, 160],
    'synthetic': 0.5,
    'multiCoil': 0.0,
    'noise': [0.004, 0.04],
    'pairs': [0.3, 0.2],
    'masks': {'random': 0.4, 'density': 0.3, 'radial': 0.3},
}
SEEDS = range(8)


def drawn(seed: int, **more):
    return draw_undersampled(np.random.default_rng([1, seed]), VOLUMES, {**CONFIG, **more})


def samples(example, image: torch.Tensor) -> torch.Tensor:
    return example.mask * fftc(example.maps * image, example.axes)


class Undersampled(unittest.TestCase):
    def test_examples_are_reproducible_and_on_the_scale_of_the_input(self):
        for seed in SEEDS:
            a, b = drawn(seed), drawn(seed)
            self.assertTrue(torch.equal(a.zero_filled, b.zero_filled) and torch.equal(a.target, b.target) and torch.equal(a.mask, b.mask))
            self.assertAlmostEqual(float(a.zero_filled.abs().max()), 1, places=5)
            self.assertTrue(all(n % 4 == 0 for n in a.target.shape), a.target.shape)
            self.assertGreater(float((a.zero_filled.abs() - a.target).abs().mean()), 0)

    def test_lines_are_strips_with_all_columns_and_points_are_blocks(self):
        lines, points = drawn(0, masks={'random': 1}), drawn(0, masks={'density': 1})
        self.assertEqual((lines.axes, lines.target.shape[0], lines.mask.shape), (ROWS, 40, lines.target.shape[1:]))
        self.assertEqual((points.axes, points.mask.shape), (PLANE, points.target.shape))
        self.assertIn(points.target.shape, [(96, 96), (160, 160)])

    def test_one_coil_gets_every_measured_sample_back_whatever_the_image(self):
        for seed in SEEDS:
            example = drawn(seed)
            image = torch.randn_like(example.zero_filled)
            made = example.consistent(image)
            torch.testing.assert_close(samples(example, made), example.kspace, atol=1e-4, rtol=0)
            kept = (1 - example.mask) * (fftc(made, example.axes) - fftc(image, example.axes))
            self.assertLess(float(kept.abs().max()), 1e-4)

    def test_several_coils_come_closer_to_their_samples(self):
        for seed in range(3):
            example = drawn(seed, multiCoil=1.0)
            self.assertGreater(len(example.maps), 3)
            image = torch.randn_like(example.zero_filled)
            off = lambda x: float((samples(example, x) - example.kspace).abs().square().sum())
            self.assertLess(off(example.consistent(image)), off(image))

    def test_a_network_that_leaves_its_input_as_it_is_gives_the_zero_filled_lines(self):
        example = drawn(3, masks={'random': 1})
        for passes in (1, 2):
            torch.testing.assert_close(restored(torch.nn.Identity(), example, passes), example.zero_filled, atol=1e-5, rtol=0)

    def test_spokes_keep_the_share_that_is_asked_for_and_weigh_their_rings(self):
        mask = pseudo_radial_points(np.random.default_rng(5), 96, 128, 6)
        self.assertAlmostEqual(float(mask.mean()), 1 / 6, delta=0.02)
        self.assertEqual(mask[48, 64], 1)
        weights = gridding_weights(mask)
        self.assertEqual(weights[mask == 0].max(), 0)
        # Spokes end at the sides: the corners of k-space are not acquired.
        r, c = np.ogrid[-48:48, -64:64]
        inside = np.hypot(r * 128 / 96, c) < 60
        self.assertAlmostEqual(float(weights[inside].sum()) / inside.sum(), 1, delta=0.02)


if __name__ == '__main__':
    unittest.main()
