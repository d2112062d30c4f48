"""Sampling patterns for training and evaluation (NumPy generators; 1 = acquired)."""

import numpy as np


def centre_run(columns: int, count: int) -> slice:
    """fastMRI's centre block: `count` columns from (columns - count + 1) // 2."""
    start = (columns - count + 1) // 2
    return slice(start, start + count)


def random_lines(rng, columns: int, acceleration: float, low: int) -> np.ndarray:
    """fastMRI RandomMaskFunc: centre block, every other column with one probability."""
    probability = max(0.0, (columns / acceleration - low) / (columns - low))
    mask = (rng.random(columns) < probability).astype(np.float32)
    mask[centre_run(columns, low)] = 1
    return mask


def equispaced_lines(rng, columns: int, acceleration: float, low: int) -> np.ndarray:
    """fastMRI EquispacedMaskFractionFunc: centre block and a spacing widened so that the overall R is kept."""
    spacing = acceleration * (low - columns) / (low * acceleration - columns)
    offset = rng.integers(0, max(1, round(spacing)))
    mask = np.zeros(columns, np.float32)
    mask[np.round(np.arange(offset, columns - 1, spacing)).astype(int)] = 1
    mask[centre_run(columns, low)] = 1
    return mask


def gaussian_lines(rng, columns: int, acceleration: float, low: int) -> np.ndarray:
    """Centre block, the rest drawn without replacement with Gaussian density (sd = 0.15 to 0.3 of the width)."""
    mask = np.zeros(columns, np.float32)
    mask[centre_run(columns, low)] = 1
    k = np.arange(columns) - columns // 2
    density = np.exp(-0.5 * (k / (rng.uniform(0.15, 0.3) * columns)) ** 2) + 1e-3
    density[mask > 0] = 0
    count = max(0, min(int(round(columns / acceleration)) - low, columns - low))
    mask[rng.choice(columns, count, replace=False, p=density / density.sum())] = 1
    return mask


def variable_density_points(rng, rows: int, columns: int, acceleration: float, low: int) -> np.ndarray:
    """Points drawn independently with a density falling from the centre, and a low x low centre square."""
    radius = _radius(rows, columns)
    density = np.clip(1 - radius / rng.uniform(1.0, 1.45), 0, 1) ** rng.uniform(1.5, 3.5)
    target = rows * columns / acceleration
    low_gain, high_gain = 0.0, 1e4
    for _ in range(40):
        gain = 0.5 * (low_gain + high_gain)
        if np.minimum(density * gain, 1).sum() < target:
            low_gain = gain
        else:
            high_gain = gain
    mask = (rng.random((rows, columns)) < density * gain).astype(np.float32)
    mask[centre_run(rows, low), centre_run(columns, low)] = 1
    return mask


def poisson_disc_points(rng, rows: int, columns: int, acceleration: float, low: int) -> np.ndarray:
    """Dart throwing with an exclusion square that grows from the centre; the rate is met approximately."""
    radius = _radius(rows, columns)
    slope = rng.uniform(0.5, 2.0)
    # Dart throwing with half-width h keeps about one point per 1.8 (h + 0.5)^2.
    half = np.maximum(0, np.sqrt(acceleration / 1.8 / (1 + slope * 0.4)) * (1 + slope * (radius - 0.5)) - 0.5)
    taken = np.zeros((rows, columns), bool)
    reach = np.floor(half + rng.random((rows, columns))).astype(int)
    inside = radius <= 1 if rng.random() < 0.5 else np.ones_like(taken)
    for flat in rng.permutation(rows * columns):
        r, c = divmod(int(flat), columns)
        h = reach[r, c]
        if inside[r, c] and not taken[max(0, r - h) : r + h + 1, max(0, c - h) : c + h + 1].any():
            taken[r, c] = True
    mask = taken.astype(np.float32)
    mask[centre_run(rows, low), centre_run(columns, low)] = 1
    return mask


def _radius(rows: int, columns: int) -> np.ndarray:
    """Distance from DC, 1 at the middle of an edge."""
    r = (np.arange(rows) - rows // 2) / (rows / 2)
    c = (np.arange(columns) - columns // 2) / (columns / 2)
    return np.hypot(r[:, None], c[None, :])


LINES = {'random': random_lines, 'equispaced': equispaced_lines, 'gaussian': gaussian_lines}
POINTS = {'poisson': poisson_disc_points, 'density': variable_density_points}
