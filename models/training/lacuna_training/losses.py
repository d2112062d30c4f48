"""Training loss: logarithms of the root-mean-square error and of 1 - SSIM.

The logarithm of the error is the PSNR but for a factor, so that easy and hard examples (low and high acceleration, little
and much noise) pull alike.
"""

import torch
from torch.nn import functional as F

ERROR_FLOOR = 0.003
SSIM_FLOOR = 0.01


def reconstruction_loss(image, magnitude, combined, level: float, ssim_weight: float, complex_weight: float):
    """Loss, and the relative error for the log.

    image [2, R, N]; magnitude [R, N]; combined [R, N, 2]; everything is measured relative to `level`.
    """
    estimate = (image.square().sum(0) + (1e-4 * level) ** 2).sqrt()
    error = _rms(estimate - magnitude) / level
    complex_error = _rms(image.permute(1, 2, 0) - combined) / level
    loss = torch.log(error + complex_weight * complex_error + ERROR_FLOOR)
    unlike = 1 - ssim(estimate, magnitude, 3 * level)
    return loss + ssim_weight * torch.log(unlike + SSIM_FLOOR), error.detach()


def ssim(a: torch.Tensor, b: torch.Tensor, data_range: float) -> torch.Tensor:
    """Mean SSIM, 7x7 uniform window, K1 = 0.01, K2 = 0.03, as fastMRI defines it."""
    stack = torch.stack([a, b, a * a, b * b, a * b]).unsqueeze(1)
    ma, mb, aa, bb, ab = F.avg_pool2d(stack, 7, stride=1)[:, 0]
    sample = 49 / 48
    va, vb, cov = sample * (aa - ma * ma), sample * (bb - mb * mb), sample * (ab - ma * mb)
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    return (((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2))).mean()


def _rms(x: torch.Tensor) -> torch.Tensor:
    return (x.square().mean() + 1e-12).sqrt()
