"""Deep probabilistic subsampling, top-K: which K of N samples are kept, as a random draw with a gradient.

After Huijben, Veeling and van Sloun (ICLR 2020). Keys are logits plus Gumbel noise; the K largest are kept, which is
drawing without replacement with weights exp(logit) (Plackett and Luce). The gradient is that of a soft mask: the sum of K
softmaxes, each with the picks before it taken out. The forward pass sees the hard mask alone (straight-through).
"""

import math

import numpy as np
import torch

SMALLEST = 1e-20


def gumbel(rng: np.random.Generator, count: int) -> torch.Tensor:
    """Standard Gumbel noise -log(-log U), [count]."""
    uniform = torch.from_numpy(rng.random(count))
    return -torch.log(-torch.log(uniform + SMALLEST) + SMALLEST).float()


def top_k(keys: torch.Tensor, k: int) -> torch.Tensor:
    """Mask of the k largest keys, [N] of 0 and 1 with exactly k ones. Raises ValueError unless 0 <= k < N."""
    _check(keys, k)
    mask = torch.zeros_like(keys)
    mask[keys.topk(k).indices] = 1
    return mask


def soft_top_k(keys: torch.Tensor, k: int, temperature: float) -> torch.Tensor:
    """Sum over picks of softmax(keys / temperature) with the earlier picks taken out, [N]; sums to k.

    The pick of a row is still part of its own softmax. Raises ValueError unless 0 <= k < N: with all taken out nothing is left.
    """
    _check(keys, k)
    picks = keys.detach().topk(k).indices
    # Row r takes out picks 0 .. r - 1.
    taken = torch.zeros(k, keys.numel(), dtype=torch.bool)
    taken[:, picks] = torch.arange(k)[:, None] > torch.arange(k)[None, :]
    rows = (keys / temperature).expand(k, -1).masked_fill(taken, -math.inf)
    return rows.softmax(dim=1).sum(dim=0)


def straight_through(hard: torch.Tensor, soft: torch.Tensor) -> torch.Tensor:
    """The value of `hard` with the gradient of `soft`."""
    return hard.detach() - soft.detach() + soft


def draw_mask(logits: torch.Tensor, k: int, temperature: float, rng: np.random.Generator) -> torch.Tensor:
    """A mask of exactly k ones that is drawn with weights exp(logits), differentiable with respect to them."""
    keys = logits + gumbel(rng, logits.numel())
    return straight_through(top_k(keys, k), soft_top_k(keys, k, temperature))


def inclusion(logits: torch.Tensor, k: int) -> torch.Tensor:
    """Probability of each sample to be among the k that are kept, [N], differentiable; sums to k.

    p = 1 - exp(-t exp(logit)), with t so that they sum to k: N exponential clocks, stopped when k have rung on average (Rosen,
    J. Appl. Stat. 1997). The draw stops when exactly k have, which for large k is nearly the same. This is the soft mask for
    2-D points, where k softmaxes over N would not fit in memory. Raises ValueError unless 0 <= k < N.
    """
    _check(logits, k)
    values = logits.detach().double()
    low, high = -values.max().item() - 40, -values.min().item() + 40
    for _ in range(80):
        middle = 0.5 * (low + high)
        if -torch.expm1(-(values + middle).exp()).sum() < k:
            low = middle
        else:
            high = middle
    # One Newton step that autograd sees makes the gradient that of the implicit function log t(logits).
    rate = (logits + high).exp()
    slope = (rate * (-rate).exp()).sum().detach()
    shift = (k + torch.expm1(-rate).sum()) / slope.clamp(min=SMALLEST)
    return -torch.expm1(-(logits + high + shift).exp())


def _check(keys: torch.Tensor, k: int) -> None:
    if not 0 <= k < keys.numel():
        raise ValueError(f'{k} of {keys.numel()} samples cannot be drawn: at least one must be left out')
