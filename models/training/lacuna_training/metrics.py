"""PSNR, SSIM and NMSE of magnitude volumes by the fastMRI definition (float64, data range = volume maximum)."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def scores(reference: np.ndarray, estimate: np.ndarray) -> dict[str, float]:
    """Both [slices, R, N] or [R, N], real magnitudes on one scale."""
    reference, estimate = (np.atleast_3d(v).astype(np.float64) for v in (reference, estimate))
    if reference.shape[-1] == 1:
        reference, estimate = (np.moveaxis(v, -1, 0) for v in (reference, estimate))
    data_range = float(reference.max())
    error = float(np.mean((reference - estimate) ** 2))
    return {
        'psnr': math.inf if error == 0 else 10 * math.log10(data_range**2 / error),
        'ssim': float(np.mean([_ssim(r, e, data_range) for r, e in zip(reference, estimate)])),
        'nmse': error / float(np.mean(reference**2)),
    }


def _ssim(reference: np.ndarray, estimate: np.ndarray, data_range: float) -> float:
    """7x7 uniform window, K1 = 0.01, K2 = 0.03, sample covariance, windows inside the slice only."""

    def mean(image):
        return sliding_window_view(image, (7, 7)).mean(axis=(-2, -1))

    sample = 49 / 48
    mr, me = mean(reference), mean(estimate)
    vr = sample * (mean(reference**2) - mr**2)
    ve = sample * (mean(estimate**2) - me**2)
    cov = sample * (mean(reference * estimate) - mr * me)
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    return float(np.mean((2 * mr * me + c1) * (2 * cov + c2) / ((mr**2 + me**2 + c1) * (vr + ve + c2))))
