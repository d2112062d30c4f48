"""Examples for learning where to sample: the whole k-space is at hand, and the pattern is chosen after the scan is drawn."""

import math
from dataclasses import dataclass

import torch

from .anatomy import draw_image
from .coilmaps import compress, compression, fftc, lines_block, low_resolution_maps, root_sum_of_squares
from .operators import Coils, centred_dft_matrix, planar
from .simulate import Example, coil_images, draw_noise, full_reference, noise_estimate


@dataclass(frozen=True)
class Scan:
    """Clean and noisy coil images, complex [C, R, N], the reference [R, N] of the latter, and the noise that an estimator would find."""

    clean: torch.Tensor
    noisy: torch.Tensor
    reference: torch.Tensor
    noise: float


def draw_scan(rng, volumes, config, measured, side: int | None = None) -> Scan:
    """A random multi-coil slice; `side` crops it to that many rows and columns around its middle."""
    image = draw_image(rng, volumes, config['synthetic'])
    if side is not None:
        image = image[tuple(slice((n - min(n, side)) // 2, (n - min(n, side)) // 2 + min(n, side)) for n in image.shape)].contiguous()
    coils = int(rng.integers(config['coils'][0], config['coils'][1] + 1))
    clean, _ = coil_images(rng, image, coils, measured if measured is not None and rng.random() < config['measuredCoils'] else None)
    level = float(image.square().sum() / image.sum().clamp(min=1e-6))
    sigma = level * math.exp(rng.uniform(math.log(config['noise'][0]), math.log(config['noise'][1])))
    noisy = clean + draw_noise(rng, clean.shape, sigma)
    return Scan(clean, noisy, full_reference(noisy), noise_estimate(rng, sigma))


def lines_example(rng, scan: Scan, mask: torch.Tensor, config) -> Example:
    """`mask` [N] of 0 and 1; maps come from the run of lines around DC. The example's k-space holds all lines of a strip of rows."""
    _, rows, columns = scan.clean.shape
    low = symmetric_run(mask)
    start = columns // 2 - low // 2
    hybrid = fftc(scan.noisy, (-1,))
    centre = torch.zeros_like(hybrid)
    centre[..., start : start + low] = fftc(hybrid[..., start : start + low], (-2,))
    clean = scan.clean
    matrix = _compression(rng, centre[..., start : start + low], config)
    if matrix is not None:
        hybrid, centre, clean = (compress(matrix, t) for t in (hybrid, centre, clean))
    maps = low_resolution_maps(centre, lines_block(rows, low))
    level = float(root_sum_of_squares(clean).square().mean().sqrt())
    height = min(rows, config['stripRows'])
    top = int(rng.integers(0, rows - height + 1))
    strip = slice(top, top + height)
    return _example('lines', hybrid[:, strip], maps[:, strip], mask, clean[:, strip], scan.reference[strip], level, scan.noise)


def points_example(rng, scan: Scan, mask: torch.Tensor, block: tuple[int, int], config) -> Example:
    """`mask` [R, N] of 0 and 1, maps from the fully sampled `block`. The example's k-space holds all points."""
    _, rows, columns = scan.clean.shape
    kspace = fftc(scan.noisy, (-2, -1))
    clean = scan.clean
    inside = tuple(slice(n // 2 - b // 2, n // 2 - b // 2 + b) for n, b in zip((rows, columns), block))
    matrix = _compression(rng, kspace[(slice(None), *inside)], config)
    if matrix is not None:
        kspace, clean = (compress(matrix, t) for t in (kspace, clean))
    maps = low_resolution_maps(kspace, block)
    level = float(root_sum_of_squares(clean).square().mean().sqrt())
    return _example('points', kspace, maps, mask, clean, scan.reference, level, scan.noise)


def symmetric_run(mask: torch.Tensor) -> int:
    """Length of the longest run of kept lines whose calibration block, n // 2 - count // 2 onwards, is within the mask."""
    middle = len(mask) // 2
    below = above = 0
    while below < middle and mask[middle - below - 1] > 0:
        below += 1
    while middle + above < len(mask) and mask[middle + above] > 0:
        above += 1
    return 2 * below + 1 if above > below else 2 * above


class WeightedLines:
    """Line sampling with a weight for every line of the whole matrix: A^H A = S^H W^H D W S, linear in D = diag(weights).

    A mask is its own square, so for 0 and 1 this is the operator of the acquired lines; written with D once, it also has the
    right derivative where a line is not acquired.
    """

    def __init__(self, maps: torch.Tensor, weights: torch.Tensor):
        """maps [C, R, N, 2], weights [N]."""
        self.coils = Coils(maps)
        self.weights = torch.cat([weights, weights])
        dft = centred_dft_matrix(maps.shape[2])
        real, imag = dft[..., 0].transpose(0, 1), dft[..., 1].transpose(0, 1)
        self.encode = torch.cat([torch.cat([real, imag], dim=1), torch.cat([-imag, real], dim=1)], dim=0)
        self.decode = self.encode.transpose(0, 1)

    def adjoint(self, kspace: torch.Tensor) -> torch.Tensor:
        """All lines [C, R, N, 2] -> A^H y [2, R, N]."""
        return self.coils.combine((planar(kspace) * self.weights) @ self.decode)

    def normal(self, x: torch.Tensor) -> torch.Tensor:
        return self.coils.combine(((self.coils.expand(x) @ self.encode) * self.weights) @ self.decode)


def _compression(rng, calibration, config):
    count = int(rng.choice(config['virtualCoils']))
    return None if calibration.shape[0] <= count else compression(calibration.reshape(calibration.shape[0], -1), count)


def _example(kind, kspace, maps, mask, clean, magnitude, level, noise) -> Example:
    real = torch.view_as_real
    combined = (maps.conj() * clean).sum(0)
    return Example(kind, real(kspace.contiguous()), real(maps.contiguous()), mask, magnitude, real(combined), level, noise)
