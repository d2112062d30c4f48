"""ReconResNet: size, shapes, what is switched off for inference."""

import unittest

import torch

from lacuna_training.reconresnet import ReconResNet, ReconResNetConfig, restore

SMALL = ReconResNetConfig(channels=8, blocks=2, dropout=0.5, head='residual')
FREE = ReconResNetConfig(channels=8, blocks=3, dropout=0.0, head='residual', normalisation='none', dilations=(1, 2, 8), skips=True)


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

    def test_without_normalisation_it_is_homogeneous_and_takes_small_images(self):
        network = ReconResNet(FREE).eval()
        for parameter in network.parameters():
            torch.nn.init.normal_(parameter, std=0.1)
        for side in (32, 64):
            x = torch.rand(1, 1, side, side + 8)
            with torch.no_grad():
                y, scaled = network(x), network(1000 * x)
            self.assertGreater(float((y - x).abs().max()), 0.01)
            torch.testing.assert_close(scaled, 1000 * y, rtol=1e-4, atol=1e-2)
        self.assertFalse(any(name.endswith('bias') for name, _ in network.named_parameters()))

    def test_training_computes_what_inference_does(self):
        for config in (FREE, ReconResNetConfig(channels=8, blocks=2, dropout=0.0)):
            network = ReconResNet(config)
            for parameter in network.parameters():
                torch.nn.init.normal_(parameter, std=0.1)
            x = torch.rand(2, 1, 40, 32)
            with torch.no_grad():
                torch.testing.assert_close(network.train()(x), network.eval()(x), rtol=1e-4, atol=1e-4)

    def test_an_unknown_normalisation_is_refused(self):
        with self.assertRaisesRegex(ValueError, 'batch'):
            ReconResNet(ReconResNetConfig(normalisation='batch'))


if __name__ == '__main__':
    unittest.main()
