"""ReconResNet: size, shapes, what is switched off for inference."""

import unittest

import torch

from lacuna_training.reconresnet import ReconResNet, ReconResNetConfig, restore

SMALL = ReconResNetConfig(channels=8, blocks=2, dropout=0.5, head='residual')


def parameters(config: ReconResNetConfig) -> int:
    return sum(p.numel() for p in ReconResNet(config).parameters())


class ReconResNetTest(unittest.TestCase):
    def test_parameter_counts(self):
        self.assertEqual(parameters(ReconResNetConfig()), 17_266_452)
        self.assertEqual(parameters(ReconResNetConfig(channels=24, blocks=4)), 770_602)

    def test_any_size_comes_back(self):
        network = ReconResNet(SMALL).eval()
        with torch.no_grad():
            for side in (64, 96, 250, 256):
                self.assertEqual(restore(network, torch.rand(1, 1, side, side - 1)).shape, (1, 1, side, side - 1))

    def test_dropout_is_off_for_inference(self):
        network = ReconResNet(SMALL)
        torch.nn.init.normal_(network.head[1].weight)
        x = torch.rand(1, 1, 32, 32)
        with torch.no_grad():
            self.assertFalse(torch.equal(network.train()(x), network(x)))
            self.assertTrue(torch.equal(network.eval()(x), network(x)))

    def test_the_residual_head_starts_as_identity_and_the_sigmoid_within_its_range(self):
        x = torch.rand(1, 1, 32, 32)
        with torch.no_grad():
            self.assertTrue(torch.equal(ReconResNet(SMALL).eval()(x), x))
            y = ReconResNet(ReconResNetConfig(channels=8, blocks=1)).eval()(x)
        self.assertTrue(bool((y > 0).all() and (y < 1).all()))


if __name__ == '__main__':
    unittest.main()
