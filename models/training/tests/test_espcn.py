"""ESPCN: shuffle, bicubic polyphase weights, parameter counts, equivariance, the equal transposed convolution."""

import unittest

import numpy as np
import torch
from torch.nn import functional as F

from lacuna_training.espcn import Espcn, EspcnConfig, as_transposed, keys_kernel, polyphase


def trained_like(factor: int) -> Espcn:
    """A network whose last layer, which starts at zero, does something."""
    torch.manual_seed(factor)
    network = Espcn(EspcnConfig(factor)).eval()
    torch.nn.init.normal_(network.subpixel.weight, std=0.05)
    return network


def interpolated(line: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Sum over samples of the Keys kernel at the distance, one output at a time."""
    return np.array([sum(line[n] * float(keys_kernel(np.array([x - n]))[0]) for n in range(len(line))) for x in positions])


class EspcnTest(unittest.TestCase):
    def test_parameter_counts(self):
        for factor, count in ((2, 21_284), (3, 22_729), (4, 24_752)):
            self.assertEqual(sum(p.numel() for p in Espcn(EspcnConfig(factor)).parameters()), count)

    def test_shuffle_tiles_the_channels_and_is_undone(self):
        for r in (2, 3):
            x = torch.arange(r * r, dtype=torch.float32)[None, :, None, None].expand(1, r * r, 3, 4)
            y = F.pixel_shuffle(x, r)
            expected = torch.arange(r * r, dtype=torch.float32).reshape(r, r).repeat(3, 4)
            self.assertTrue(torch.equal(y[0, 0], expected))
            self.assertTrue(torch.equal(F.pixel_unshuffle(y, r), x))

    def test_keys_kernel_interpolates_and_has_known_values(self):
        np.testing.assert_allclose(keys_kernel(np.array([0.0, 1.0, 2.0])), [1, 0, 0], atol=1e-12)
        np.testing.assert_allclose(keys_kernel(np.array([0.5, 1.5])), [0.5625, -0.0625], atol=1e-12)

    def test_bicubic_weights_interpolate_on_either_grid(self):
        line = np.random.default_rng(0).standard_normal(12)
        image = torch.from_numpy(np.outer(line, np.ones(12)).astype(np.float32))[None, None]
        for r in (2, 3):
            for offset in (0.0, 0.5 - 0.5 / r):
                up = F.pixel_shuffle(F.conv2d(image, polyphase(r, 'bicubic', offset), padding=2), r)[0, 0, :, 6 * r]
                inside = np.arange(3 * r, 9 * r)
                np.testing.assert_allclose(up.numpy()[inside], interpolated(line, inside / r - offset), atol=1e-6)

    def test_bicubic_weights_equal_pillow(self):
        try:
            from PIL import Image
        except ImportError:
            self.skipTest('Pillow is not installed')
        values = np.random.default_rng(1).random((10, 14)).astype(np.float32)
        for r in (2, 3):
            expected = np.asarray(Image.fromarray(values).resize((14 * r, 10 * r), Image.Resampling.BICUBIC))
            up = F.pixel_shuffle(F.conv2d(torch.from_numpy(values)[None, None], polyphase(r, 'bicubic', 0.5 - 0.5 / r), padding=2), r)
            inner = slice(2 * r, -2 * r)
            np.testing.assert_allclose(up[0, 0].numpy()[inner, inner], expected[inner, inner], atol=1e-5)

    def test_lanczos_weights_keep_waves_below_the_middle_of_the_band(self):
        n = np.arange(64)
        for r in (2, 3):
            wave = lambda at: np.cos(2 * np.pi * 0.22 * at + 0.3)
            image = torch.from_numpy(np.outer(wave(n), np.ones(24)).astype(np.float32))[None, None]
            up = F.pixel_shuffle(F.conv2d(image, polyphase(r, 'lanczos'), padding=5), r)[0, 0, :, 12 * r].numpy()
            inside = np.arange(8 * r, 56 * r)
            np.testing.assert_allclose(up[inside], wave(inside / r), atol=0.01)

    def test_an_untrained_network_is_bicubic(self):
        network = Espcn(EspcnConfig(2)).eval()
        x = torch.rand(1, 1, 9, 7)
        with torch.no_grad():
            expected = F.pixel_shuffle(F.conv2d(x, polyphase(2, 'bicubic'), padding=2), 2)
            self.assertTrue(torch.equal(network(x), expected))

    def test_a_coarse_shift_by_one_is_a_fine_shift_by_r(self):
        for r in (2, 3):
            network = trained_like(r)
            x = torch.rand(1, 1, 20, 20)
            with torch.no_grad():
                plain, moved = network(x), network(x.roll((1, 1), (2, 3)))
            inner = slice(6 * r, 14 * r)
            torch.testing.assert_close(moved.roll((-r, -r), (2, 3))[..., inner, inner], plain[..., inner, inner], atol=1e-6, rtol=0)

    def test_convolution_and_shuffle_equal_a_transposed_convolution(self):
        for r in (2, 3):
            weight = torch.randn(r * r, 5, 3, 3, generator=torch.Generator().manual_seed(r))
            x = torch.randn(1, 5, 8, 9, generator=torch.Generator().manual_seed(9))
            expected = F.pixel_shuffle(F.conv2d(x, weight, padding=1), r)
            found = F.conv_transpose2d(x, as_transposed(weight, r), stride=r, padding=r)
            torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)


if __name__ == '__main__':
    unittest.main()
