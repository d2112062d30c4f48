"""Examples for super-resolution: the grid of low-resolution images, k-space replacement."""

import unittest

import numpy as np
import torch

from lacuna_training.anatomy import ellipses
from lacuna_training.restoration_data import draw_pair, low_resolution, replace_band, zero_padded

VOLUMES = [[ellipses(np.random.default_rng(0), 120, 132).numpy()]]


def band_limited(rows: int, columns: int, factor: int) -> torch.Tensor:
    """A positive image with all of its spectrum inside the central 1/factor."""
    r = torch.arange(rows)[:, None] / rows
    c = torch.arange(columns)[None, :] / columns
    return 2 + torch.cos(2 * torch.pi * 3 * r) + 0.5 * torch.sin(2 * torch.pi * (2 * r + 4 * c))


class RestorationData(unittest.TestCase):
    def test_low_resolution_samples_a_band_limited_image_and_padding_restores_it(self):
        for factor in (2, 3):
            full = band_limited(24 * factor, 30 * factor, factor)
            low = low_resolution(full, factor)
            # Sides are even, so coarse pixel m and fine pixel r m are the same place.
            torch.testing.assert_close(low, full[::factor, ::factor], atol=1e-5, rtol=0)
            torch.testing.assert_close(zero_padded(low, factor), full, atol=1e-5, rtol=0)

    def test_pairs_lie_on_each_other_and_share_their_band(self):
        for factor in (2, 3):
            coarse, fine = draw_pair(np.random.default_rng(4), VOLUMES, {'synthetic': 1.0, 'smallest': 24}, factor)
            self.assertEqual(fine.shape, tuple(factor * n for n in coarse.shape))
            self.assertAlmostEqual(float(coarse.max()), 1, places=6)
            at = lambda shift: float((fine[shift::factor, shift::factor] - coarse).square().mean())
            self.assertLess(at(0), 0.7 * at(1))
            # Magnitudes of coarse images lose the sign of ringing alone, so the truth hardly changes.
            kept = replace_band(fine, coarse, factor)
            self.assertLess(float((kept - fine).square().mean().sqrt()), 0.02)

    def test_replacement_without_a_network_is_zero_padding(self):
        coarse = torch.rand(20, 26, generator=torch.Generator().manual_seed(3))
        for factor in (2, 3):
            fine = torch.zeros(20 * factor, 26 * factor)
            torch.testing.assert_close(replace_band(fine, coarse, factor), zero_padded(coarse, factor), atol=1e-6, rtol=0)


if __name__ == '__main__':
    unittest.main()
