"""Weights carried over from one network to another."""

import unittest

import torch

from lacuna_training.network import NetworkConfig, UnrolledNetwork
from lacuna_training.operators import LinesOperator, PointsOperator, centred_dft_matrix
from lacuna_training.weights import fit

SMALL = NetworkConfig(2, (8, 8, 8), 2, 0.02)


def problem(seed: int):
    """Operator, A^H y and condition: 3 coils, 16 x 24, every third line and the centre."""
    generator = torch.Generator().manual_seed(seed)
    maps = torch.randn(3, 16, 24, 2, generator=generator)
    maps = maps / maps.square().sum((0, 3), keepdim=True).sqrt()
    mask = (torch.arange(24) % 3 == 0) | ((torch.arange(24) - 12).abs() < 3)
    operator = LinesOperator(maps, centred_dft_matrix(24)[mask])
    kspace = torch.randn(3, 16, int(mask.sum()), 2, generator=generator)
    return operator, maps, mask, kspace


class Weights(unittest.TestCase):
    def test_a_narrower_condition_is_widened_without_changing_the_function(self):
        source = UnrolledNetwork(SMALL)
        for stage in source.stages:
            torch.nn.init.normal_(stage.modulate.weight)
        weights = {name: p.detach() for name, p in source.named_parameters()}
        narrow = {n: (w[:, :2] if n.endswith('modulate.weight') else w) for n, w in weights.items()}
        wide = UnrolledNetwork(SMALL)
        fit(wide, narrow)
        operator, _, mask, kspace = problem(1)
        adjoint = operator.adjoint(kspace)
        fraction = float(mask.float().mean())
        with torch.no_grad():
            for stage in source.stages:
                stage.modulate.weight[:, 2] = 0
            self.assertTrue(torch.equal(wide(operator, adjoint, torch.tensor([fraction, 0.3])), source(operator, adjoint, torch.tensor([fraction, 0.0]))))

    def test_refuses_what_does_not_fit(self):
        weights = {name: p.detach() for name, p in UnrolledNetwork(SMALL).named_parameters()}
        with self.assertRaises(ValueError):
            fit(UnrolledNetwork(NetworkConfig(2, (4, 8, 8), 2, 0.02)), weights)
        with self.assertRaises(KeyError):
            fit(UnrolledNetwork(NetworkConfig(3, (8, 8, 8), 2, 0.02)), weights)

    def test_stages_can_be_picked(self):
        source = UnrolledNetwork(SMALL)
        picked = UnrolledNetwork(NetworkConfig(1, (8, 8, 8), 2, 0.02))
        fit(picked, {name: p.detach() for name, p in source.named_parameters()}, [1])
        self.assertTrue(torch.equal(picked.stages[0].enter.weight, source.stages[1].enter.weight))


class Operators(unittest.TestCase):
    def test_adjoint_and_normal_belong_together(self):
        operator, maps, mask, kspace = problem(2)
        points = PointsOperator(maps, mask.float().expand(16, 24), centred_dft_matrix(16), centred_dft_matrix(24))
        x = torch.randn(2, 16, 24)
        # Along fully sampled rows both are the same normal operator: the DFT along rows is unitary.
        torch.testing.assert_close(operator.normal(x), points.normal(x), rtol=1e-4, atol=1e-5)
        left = (operator.normal(x) * x).sum()
        coils = operator.coils.expand(x) @ operator.encode
        torch.testing.assert_close(left, coils.square().sum(), rtol=1e-4, atol=1e-4)
        y = torch.randn_like(kspace)
        forward = coils.reshape(3, 16, 2, -1).permute(0, 1, 3, 2)
        torch.testing.assert_close((forward * y).sum(), (x * operator.adjoint(y)).sum(), rtol=1e-4, atol=1e-4)

    def test_the_network_is_homogeneous(self):
        operator, _, mask, kspace = problem(3)
        network = UnrolledNetwork(SMALL).eval()
        adjoint = operator.adjoint(kspace)
        fraction = float(mask.float().mean())
        with torch.no_grad():
            one = network(operator, adjoint, torch.tensor([fraction, 0.01]))
            scaled = network(operator, 250 * adjoint, torch.tensor([fraction, 2.5]))
        torch.testing.assert_close(scaled, 250 * one, rtol=1e-4, atol=1e-3)


if __name__ == '__main__':
    unittest.main()
