"""Numerical tests of top-K DPS: exact budgets, known inclusion probabilities, limits, gradients, and what is learned where the answer is known."""

import unittest

import numpy as np
import torch

from lacuna_training.dps import draw_mask, gumbel, inclusion, soft_top_k, straight_through, top_k


class Draws(unittest.TestCase):
    def test_every_draw_keeps_exactly_k_and_the_soft_mask_sums_to_k(self):
        rng = np.random.default_rng(0)
        for _ in range(200):
            n = int(rng.integers(2, 80))
            k = int(rng.integers(0, n))
            logits = torch.from_numpy(rng.normal(0, 3, n))
            keys = logits + gumbel(rng, n)
            hard = top_k(keys, k)
            self.assertEqual(int(hard.sum()), k)
            self.assertTrue(bool(((hard == 0) | (hard == 1)).all()))
            self.assertAlmostEqual(float(soft_top_k(keys, k, 2.0).sum()), k, delta=1e-6)

    def test_keeping_all_is_refused(self):
        for keep in (top_k, lambda keys, k: soft_top_k(keys, k, 1.0), inclusion):
            with self.assertRaises(ValueError):
                keep(torch.zeros(4), 4)

    def test_inclusion_of_two_out_of_four(self):
        # Sums over ordered pairs i, j of p_i p_j / (1 - p_i).
        logits = torch.log(torch.tensor([0.5, 0.25, 0.15, 0.1]))
        rng = np.random.default_rng(1)
        draws = 400_000
        noise = -np.log(-np.log(rng.random((draws, 4)) + 1e-20) + 1e-20)
        picks = np.argsort(-(logits.numpy() + noise), axis=1)[:, :2]
        found = np.bincount(picks.ravel(), minlength=4) / draws
        np.testing.assert_allclose(found, (0.81046, 0.57190, 0.36667, 0.25098), atol=2e-3)

    def test_the_module_draws_with_these_probabilities_too(self):
        logits = torch.log(torch.tensor([0.5, 0.25, 0.15, 0.1]))
        rng = np.random.default_rng(2)
        found = sum(top_k(logits + gumbel(rng, 4), 2) for _ in range(20_000)) / 20_000
        np.testing.assert_allclose(found.numpy(), (0.81046, 0.57190, 0.36667, 0.25098), atol=0.015)

    def test_equal_logits_are_kept_alike(self):
        rng = np.random.default_rng(3)
        found = sum(top_k(gumbel(rng, 12), 3) for _ in range(20_000)) / 20_000
        np.testing.assert_allclose(found.numpy(), np.full(12, 0.25), atol=0.015)


class Gradients(unittest.TestCase):
    def test_the_soft_mask_becomes_hard_as_the_temperature_falls(self):
        rng = np.random.default_rng(4)
        tried = 0
        while tried < 50:
            keys = torch.from_numpy(rng.normal(0, 1, 20))
            ordered = keys.sort(descending=True).values
            if float((ordered[:-1] - ordered[1:])[:6].min()) <= 0.02:
                continue
            tried += 1
            difference = (soft_top_k(keys, 5, 1e-3) - top_k(keys, 5)).abs().max()
            self.assertLess(float(difference), 1e-3)

    def test_straight_through_has_the_gradient_of_the_soft_path(self):
        logits = torch.tensor([0.3, -0.7, 1.1, 0.0, 0.5], dtype=torch.float64, requires_grad=True)
        noise = torch.tensor([0.1, 0.9, -0.2, 0.4, -0.6], dtype=torch.float64)
        weights = torch.tensor([1.0, -2.0, 0.5, 3.0, -1.0], dtype=torch.float64)
        keys = logits + noise
        (weights * straight_through(top_k(keys, 2), soft_top_k(keys, 2, 1.5))).sum().backward()
        for i in range(5):
            step = torch.zeros(5, dtype=torch.float64)
            step[i] = 1e-6
            up, down = (weights * soft_top_k(logits.detach() + noise + step, 2, 1.5)).sum(), (weights * soft_top_k(logits.detach() + noise - step, 2, 1.5)).sum()
            self.assertAlmostEqual(float(logits.grad[i]), float(up - down) / 2e-6, delta=1e-4 * abs(float(logits.grad[i])) + 1e-9)

    def test_the_forward_pass_is_the_hard_mask(self):
        mask = draw_mask(torch.zeros(9, requires_grad=True), 4, 2.0, np.random.default_rng(5))
        np.testing.assert_allclose(sorted(mask.detach().numpy()), [0] * 5 + [1] * 4, atol=1e-6)


class Inclusion(unittest.TestCase):
    def test_sums_to_k_and_is_near_the_draws(self):
        rng = np.random.default_rng(6)
        logits = torch.from_numpy(rng.normal(0, 1.5, 60)).float()
        found = sum(top_k(logits + gumbel(rng, 60), 15) for _ in range(20_000)) / 20_000
        expected = inclusion(logits, 15)
        self.assertAlmostEqual(float(expected.sum()), 15, delta=1e-4)
        np.testing.assert_allclose(expected.numpy(), found.numpy(), atol=0.03)

    def test_its_gradient_is_that_of_finite_differences(self):
        logits = torch.tensor([0.3, -0.7, 1.1, 0.0, 0.5], dtype=torch.float64, requires_grad=True)
        weights = torch.tensor([1.0, -2.0, 0.5, 3.0, -1.0], dtype=torch.float64)
        (weights * inclusion(logits, 2)).sum().backward()
        for i in range(5):
            step = torch.zeros(5, dtype=torch.float64)
            step[i] = 1e-5
            up, down = ((weights * inclusion(logits.detach() + s, 2)).sum() for s in (step, -step))
            self.assertAlmostEqual(float(logits.grad[i]), float(up - down) / 2e-5, delta=1e-5)


def learn(error, count: int, k: int, steps: int, seed: int, rate: float = 0.05, draws: int = 8) -> torch.Tensor:
    """Logits that make `error(mask)` small: top-K DPS with Adam, the mean over several draws a step, noise off at the end."""
    rng = np.random.default_rng(seed)
    logits = torch.nn.Parameter(torch.from_numpy(rng.normal(0, 0.1, count)))
    optimiser = torch.optim.Adam([logits], lr=rate)
    for step in range(steps):
        # The temperature of noise and softmax falls, so that the pattern settles.
        heat = max(0.1, 1 - step / (0.8 * steps))
        loss = 0
        for _ in range(draws):
            keys = logits + heat * gumbel(rng, count)
            loss = loss + error(straight_through(top_k(keys, k), soft_top_k(keys, k, heat))) / draws
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return logits.detach()


def mmse(covariance: torch.Tensor, noise: float):
    """Error of the linear minimum mean-square estimate of x ~ N(0, C) from the samples of a mask [N].

    A sample of weight w is one with noise variance noise / w, so that w = 0 is not measured: for w of 0 and 1 this is
    tr(C - C_S (C_SS + noise)^-1 C_S^T), and it is differentiable at w = 0 too.
    """
    identity = torch.eye(len(covariance), dtype=covariance.dtype)

    def error(mask):
        root = torch.diag(mask)
        return torch.trace(torch.linalg.solve(identity + covariance @ root / noise, covariance))

    return error


def greedy(error, count: int, k: int) -> float:
    chosen = torch.zeros(count, dtype=torch.float64)
    for _ in range(k):
        errors = [float(error(chosen + torch.eye(count, dtype=torch.float64)[i])) if chosen[i] == 0 else np.inf for i in range(count)]
        chosen[int(np.argmin(errors))] = 1
    return float(error(chosen))


class Learned(unittest.TestCase):
    def test_weighted_error_is_the_textbook_one_for_masks(self):
        rng = np.random.default_rng(7)
        root = rng.normal(size=(6, 6))
        c = root @ root.T
        kept = np.array([0, 3, 4])
        textbook = np.trace(c - c[:, kept] @ np.linalg.solve(c[np.ix_(kept, kept)] + 0.1 * np.eye(3), c[kept]))
        mask = torch.zeros(6, dtype=torch.float64)
        mask[kept] = 1
        self.assertAlmostEqual(float(mmse(torch.from_numpy(c), 0.1)(mask)), textbook, places=10)

    def test_low_pass_fields_are_sampled_around_dc(self):
        # Power k^-3 and a decoder that keeps what was measured: the error is the power that was left out.
        n, k = 48, 8
        frequency = np.abs(np.arange(n) - n // 2)
        power = torch.from_numpy(1.0 / np.maximum(frequency, 1.0) ** 3)
        nearer = 0
        for seed in range(20):
            logits = learn(lambda mask: ((1 - mask) * power).sum(), n, k, steps=60, seed=seed, rate=0.2, draws=4)
            kept = np.flatnonzero(top_k(logits, k).numpy())
            self.assertIn(n // 2, kept)
            random = np.random.default_rng(seed).choice(n, k, replace=False)
            nearer += frequency[kept].mean() < frequency[random].mean()
        self.assertGreaterEqual(nearer, 19)

    def test_with_a_linear_decoder_it_ends_within_5_percent_of_greedy(self):
        n, k = 32, 6
        at = np.arange(n)
        # A random field whose strength varies along the axis, so that where to sample is not a matter of spacing alone.
        strength = 1 + 0.8 * np.sin(2 * np.pi * at / n)
        c = torch.from_numpy(np.outer(strength, strength) * np.exp(-np.abs(at[:, None] - at[None]) / 4.0))
        error = mmse(c, 0.05)
        logits = learn(error, n, k, steps=200, seed=8, rate=0.1, draws=4)
        self.assertLess(float(error(top_k(logits, k))), 1.05 * greedy(error, n, k))


if __name__ == '__main__':
    unittest.main()
