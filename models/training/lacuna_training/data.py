"""Training volumes as 2-D slices, and the measured coil maps."""

from pathlib import Path

import nibabel
import numpy as np
import torch

from .coilmaps import fftc, low_resolution_maps
from .split import MEASURED_COILS, TRAIN, Source

MAPS_BLOCK = (32, 32)


def training_slices(root: Path) -> list[list[np.ndarray]]:
    """Slices of each training volume, float32 magnitudes; the volume's 99.5th percentile of tissue is 1."""
    return [_slices(root, source) for source in TRAIN]


def _slices(root: Path, source: Source) -> list[np.ndarray]:
    volume = np.asarray(nibabel.load(root / source.file).dataobj, dtype=np.float32)
    inside = volume[volume > 0.05 * volume.max()]
    volume = np.maximum(volume, 0) / np.percentile(inside, 99.5)
    slices = []
    for axis in source.planes:
        moved = np.moveaxis(volume, axis, 0)
        # Neighbours in an isotropic volume are nearly alike: every third will do.
        kept = moved[::3] if len(source.planes) > 1 else moved
        slices += [np.ascontiguousarray(s) for s in kept if (s > 0.1).mean() > 0.12]
    return slices


def measured_maps(root: Path) -> torch.Tensor:
    """Low-resolution maps [C, R, N], unit root-sum-of-squares, of the one array that was measured fully sampled."""
    images = np.load(root / MEASURED_COILS.file)['arr_0']
    images = torch.from_numpy(np.ascontiguousarray(np.moveaxis(images, -1, 0)).astype(np.complex64))
    return low_resolution_maps(fftc(images / images.abs().max(), (-2, -1)), MAPS_BLOCK)
