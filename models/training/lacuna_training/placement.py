"""From learned densities to index lists for any matrix: exact budget, no clumps, the same every time.

The learned object is a logit per knot of normalised frequency f = (k - floor(N / 2)) / N in [-1/2, 1/2]. A draw with
exp(logit) leaves clumps and gaps; what is delivered spreads the same density evenly instead. Twin of the product's
src/sampling/learned-*.ts; float64 throughout, so that both make the same lists.
"""

import math

import numpy as np

FEWEST_CENTRE_LINES = 6
# Where systematic sampling begins. The running sum from below and the one from above add up to a whole number, so that at 1/4
# the mirror image of a line falls in the middle between two others.
OFFSET = 0.25
# Weight of the distance to mirrored lines in the family's ranking.
FAMILY_MIRROR = 0.25


def budget(total: int, acceleration: float) -> int:
    """total / R rounded half up, at least 1."""
    return max(1, math.floor(total / acceleration + 0.5))


def centre_count(columns: int, fraction: float, kept: int) -> int:
    """Lines of the fully sampled centre: the fraction, but no fewer than 6, and no more than are kept in all."""
    return min(kept, columns, max(FEWEST_CENTRE_LINES, math.floor(fraction * columns + 0.5)))


def centre_start(length: int, count: int) -> int:
    return length // 2 - count // 2


def logits_at(knots: np.ndarray, columns: int) -> np.ndarray:
    """Knots [n] over [-1/2, 1/2] interpolated linearly at the frequencies of `columns` lines, [columns]."""
    knots = np.asarray(knots, np.float64)
    position = ((np.arange(columns) - columns // 2) / columns + 0.5) * (len(knots) - 1)
    low = np.minimum(np.floor(position).astype(int), len(knots) - 2)
    part = position - low
    return knots[low] * (1 - part) + knots[low + 1] * part


def inclusion_of(logits: np.ndarray, k: int) -> np.ndarray:
    """Probabilities 1 - exp(-t exp(logit)) that sum to k, 0 < k < number of finite logits; -inf is never kept."""
    weight = np.exp(logits - logits.max())
    low, high = -60.0, 60.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        if -np.expm1(-weight * math.exp(middle)).sum() < k:
            low = middle
        else:
            high = middle
    return -np.expm1(-weight * math.exp(high))


def design_lines(knots, columns: int, acceleration: float, fraction: float, offset: float) -> np.ndarray:
    """Mask [columns] of a design: the centre, then systematic sampling (Madow 1949): the lines at which the running sum of the
    inclusion probabilities passes offset, offset + 1, ... Spacings follow the density, and no line is met twice.
    """
    kept = budget(columns, acceleration)
    count = centre_count(columns, fraction, kept)
    mask = np.zeros(columns, np.uint8)
    start = centre_start(columns, count)
    mask[start : start + count] = 1
    left = kept - count
    free = np.flatnonzero(mask == 0)
    if left > 0:
        mask[free[systematic(logits_at(knots, columns)[free], left, offset)]] = 1
    return mask


def systematic(logits: np.ndarray, k: int, offset: float) -> np.ndarray:
    """Indices of k of the samples, ascending and distinct."""
    if k >= len(logits):
        return np.arange(len(logits))
    running = np.cumsum(inclusion_of(logits, k))
    running *= k / running[-1]
    picks = []
    at = -1
    for j in range(k):
        at += 1
        while running[at] <= j + offset and at < len(logits) - (k - j):
            at += 1
        picks.append(at)
    return np.array(picks)


def family_order(knots, columns: int, count: int, fraction: float, mirror: float) -> list[int]:
    """The first `count` lines of a ranking: its beginnings are the patterns of all accelerations, each part of the next.

    First the centre, from DC outwards; then always the line with the largest void around it: the product of its distances to
    the nearest kept lines on both sides, with distance = density in between, times a power of the same for the mirror images
    of the kept lines, which carry nearly the same where the phase is smooth. Equal voids go to the lower index.
    """
    logits = logits_at(knots, columns)
    weight = np.exp(logits - logits.max())
    running = np.cumsum(weight) - 0.5 * weight
    total = float(weight.sum())
    middle = columns // 2
    order = sorted(range(columns), key=lambda k: (abs(k - middle), k))
    order = order[: centre_count(columns, fraction, count)]
    kept = np.zeros(columns, bool)
    kept[order] = True
    while len(order) < count:
        score = _void(running, total, kept) * _void(running, total, mirrored(kept)) ** mirror
        score[kept] = -1
        best = int(np.argmax(score))
        kept[best] = True
        order.append(best)
    return order


def mirrored(kept: np.ndarray) -> np.ndarray:
    """Lines -k of the kept lines k; -N/2 of an even number is its own mirror image."""
    n = len(kept)
    return kept[(2 * (n // 2) - np.arange(n)) % n]


def _void(running: np.ndarray, total: float, kept: np.ndarray) -> np.ndarray:
    """Product of the distances to the nearest kept lines below and above, [N]; beyond the edge a mirror image of the gap is taken for granted."""
    below = np.maximum.accumulate(np.where(kept, running, -np.inf))
    above = np.minimum.accumulate(np.where(kept, running, np.inf)[::-1])[::-1]
    left = np.where(np.isfinite(below), running - below, 2 * running)
    right = np.where(np.isfinite(above), above - running, 2 * (total - running))
    return left * right
