"""Held-out acquisitions: fixed slices, coils, noise and patterns, the same on every run.

Coils: 8 simulated birdcage-like coils for magnitude volumes, the recorded 7 for the measured slice. Noise: complex
white, standard deviation 0.5 % of the slice's self-weighted mean magnitude in each component (none is added to the
measured slice). Phase: smooth and random. Seeds: 1000 + slice number for the object, 77 + slice number for the mask.
"""

from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import torch

from . import patterns
from .coilmaps import fftc, low_resolution_maps, lines_block
from .simulate import coil_images, draw_noise

COILS = 8
NOISE = 0.005
REFERENCE_BLOCK = (32, 32)


@dataclass(frozen=True)
class Slice:
    """A fully sampled multi-coil slice: complex coil images [C, R, N], its name, the noise in each component (0: not known)."""

    name: str
    images: torch.Tensor
    noise: float


def development_slices(root: Path) -> list[Slice]:
    """Four slices of each held-out volume and the measured 7-coil slice."""
    volumes = {
        'openms_p12_T1W': np.asarray(nibabel.load(root / 'nii/openms_p12_s1_T1W.nii.gz').dataobj, np.float32),
        'torchio_FLAIR': np.asarray(nibabel.load(root / 'nii/torchio_fpg_flair.nii.gz').dataobj, np.float32),
    }
    picks = [(name, v[..., round(v.shape[-1] * at)].T) for name, v in volumes.items() for at in (0.35, 0.5, 0.6, 0.75)]
    ptbp = np.load(root / 'nii/ptbp_t1_axial_val.npz')['images']
    picks += [('ptbp_T1', ptbp[scan, slice_].astype(np.float32)) for scan, slice_ in ((0, 5), (2, 8), (4, 11), (6, 12))]
    slices = [_simulated(name, image, number) for number, (name, image) in enumerate(picks)]
    measured = np.load(root / 'kspace/midas_brain_7ch_coilimages.npz')['arr_0']
    images = torch.from_numpy(np.ascontiguousarray(np.moveaxis(measured, -1, 0)).astype(np.complex64))
    return [*slices, Slice('midas_7ch_measured', images / images.abs().max(), 0.0)]


def _simulated(name: str, image: np.ndarray, number: int) -> Slice:
    rng = np.random.default_rng(1000 + number)
    image = torch.from_numpy(np.ascontiguousarray(np.maximum(image, 0) / image.max()))
    clean, _ = coil_images(rng, image, COILS)
    level = float(image.square().sum() / image.sum())
    return Slice(name, clean + draw_noise(rng, clean.shape, NOISE * level), NOISE * level)


def reference(images: torch.Tensor) -> torch.Tensor:
    """|sum conj(S) x| with uncropped low-resolution maps S of the full data, [R, N]."""
    maps = low_resolution_maps(fftc(images, (-2, -1)), REFERENCE_BLOCK)
    return (maps.conj() * images).sum(0).abs()


@dataclass(frozen=True)
class Acquisition:
    """k-space [C, R, N, 2] (of kind 'lines' with rows in image space), maps [C, R, N, 2], mask [N] or [R, N]."""

    kind: str
    kspace: torch.Tensor
    maps: torch.Tensor
    mask: torch.Tensor
    noise: float


def acquire(slice_: Slice, number: int, pattern: str, acceleration: float, fraction: float) -> Acquisition:
    """Sample columns or points and estimate maps from the fully sampled centre."""
    _, rows, columns = slice_.images.shape
    low = round(columns * fraction)
    rng = np.random.default_rng(77 + number)
    real = torch.view_as_real
    if pattern in patterns.POINTS:
        mask = torch.from_numpy(patterns.POINTS[pattern](rng, rows, columns, acceleration, low))
        kspace = fftc(slice_.images, (-2, -1)) * mask
        return Acquisition('points', real(kspace), real(low_resolution_maps(kspace, (low, low))), mask, slice_.noise)
    mask = torch.from_numpy(patterns.LINES[pattern](rng, columns, acceleration, low))
    hybrid = fftc(slice_.images, (-1,))
    maps = low_resolution_maps(fftc(hybrid * mask, (-2,)), lines_block(rows, low))
    return Acquisition('lines', real((hybrid * mask).contiguous()), real(maps), mask, slice_.noise)
