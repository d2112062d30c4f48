"""The phase-keeping network: adjoint DFTs, complex convolutions, equivariance to phase, its simulator, a few steps, its graph."""

import math
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from lacuna_training import fourier_pd as f
from lacuna_training import thermometry as t
from lacuna_training.operators import centred_dft_matrix


def stack(z):
    return torch.cat([z.real, z.imag], 1)


def random_complex(*shape, seed=0):
    g = torch.Generator().manual_seed(seed)
    return torch.complex(torch.randn(*shape, generator=g), torch.randn(*shape, generator=g))


class Thermometry(unittest.TestCase):
    def test_dft_and_its_inverse_are_adjoint(self):
        rows, columns = centred_dft_matrix(12), centred_dft_matrix(15)
        x, y = stack(random_complex(1, 1, 12, 15, seed=1)), stack(random_complex(1, 1, 12, 15, seed=2))
        left = (f.dft(x, rows, columns) * y).sum().item()
        right = (x * f.dft(y, rows, columns, inverse=True)).sum().item()
        assert abs(left - right) <= 1e-5 * max(1, abs(left))
        z = torch.complex(x[:, 0], x[:, 1])
        expected = torch.fft.fftshift(torch.fft.fft2(torch.fft.ifftshift(z, dim=(1, 2)), norm="ortho"), dim=(1, 2))
        found = f.dft(x, rows, columns)
        assert torch.allclose(torch.complex(found[:, 0], found[:, 1]), expected, atol=1e-5)

    def test_complex_convolution_is_complex(self):
        conv = f.ComplexConv(3, 4, "circular")
        z = random_complex(1, 3, 8, 8)
        padded = torch.nn.functional.pad(torch.view_as_real(z).permute(0, 4, 1, 2, 3).reshape(2, 3, 8, 8), (1, 1, 1, 1), mode="circular")
        expected = torch.nn.functional.conv2d(torch.complex(padded[:1], padded[1:]), torch.complex(conv.real, conv.imag))
        found = conv(stack(z)).chunk(2, 1)
        assert torch.allclose(torch.complex(*found), expected, atol=1e-5)

    def test_turning_the_input_turns_the_output(self):
        for mode in ("circular", "replicate"):
            block = f.Block(3, 8, 2, mode)
            z, turn = random_complex(1, 3, 8, 8), complex(math.cos(0.8), math.sin(0.8))
            plain, turned = (torch.complex(*block(stack(value)).chunk(2, 1)) for value in (z, z * turn))
            assert torch.allclose(turned, plain * turn, atol=1e-5)

    def test_modrelu_keeps_phase_and_shrinks_for_a_positive_threshold(self):
        relu = f.ModReLU(2)
        z = random_complex(1, 2, 6, 6)
        for sign in (1, -1):
            relu.threshold.data.fill_(0.1 * sign)
            found = torch.complex(*relu(stack(z)).chunk(2, 1))
            alive = found.abs() > 1e-4
            assert torch.allclose(torch.angle(found)[alive], torch.angle(z)[alive], atol=1e-5)
            assert ((found.abs() - z.abs())[alive] * sign <= 1e-6).all()

    def test_network_is_silent_at_first_when_its_primal_gain_is(self):
        network = f.FourierPD(f.FourierPDConfig(2, 2, 4, 2))
        network.primal_gain.data.zero_()
        matrix = centred_dft_matrix(16)
        assert network(torch.randn(1, 2, 16, 16), matrix, matrix).abs().max() == 0

    def test_pairs_have_the_phase_of_their_heating(self):
        pair = t.draw_pair(np.random.default_rng(3), [], 48)
        phase = torch.angle(pair.heated * pair.baseline.conj())
        per_degree = 2 * math.pi * t.GYROMAGNETIC_RATIO * t.PRF_COEFFICIENT * 1.5 * 0.0174
        bright = pair.baseline.abs() > 0.2
        assert torch.allclose((phase / per_degree)[bright], pair.rise[bright], atol=1e-3)
        assert (pair.measured_heated[:, pair.mask == 0] == 0).all()

    def test_loss_feels_phase(self):
        truth = stack(random_complex(1, 1, 8, 8))
        z = torch.complex(truth[:, :1], truth[:, 1:])
        turned = stack(z * complex(math.cos(0.3), math.sin(0.3)))
        assert t.phase_aware_loss(truth, truth, 1.0) < 1e-4
        gain = t.phase_aware_loss(turned, truth, 1.0) - t.phase_aware_loss(turned, truth, 0.0)
        assert abs(gain.item() - (1 - math.cos(0.3)) * (z.abs() ** 2).mean().item()) < 1e-4

    def test_a_few_steps_and_the_graph(self):
        training = {"steps": 4, "learningRate": 1e-3, "finalLearningRate": 1e-4, "warmupSteps": 1, "clip": 1.0, "ema": 0.5, "checkpointSeconds": 60}
        config = {
            "seed": 1,
            "network": {"kind": "fourier-pd", "primal": 2, "dual": 2, "hidden": 4, "iterations": 2},
            "examples": {"size": 32, "acceleration": [4, 6], "snr": 30},
            "training": training,
        }
        with tempfile.TemporaryDirectory() as folder:
            run = t.FourierPDRun(config, Path(folder), [])
            before = [p.detach().clone() for p in run.network.parameters()]
            run.run()
            self.assertEqual((run.step, run.progress()), (4, 1))
            self.assertTrue(any(not torch.equal(a, b) for a, b in zip(before, run.network.parameters())))
            t.write_package(Path(folder) / "checkpoint.pt", Path(folder) / "graph")
            self.assertTrue((Path(folder) / "graph" / t.GRAPH).exists())


if __name__ == "__main__":
    unittest.main()
