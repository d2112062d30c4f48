"""Training volumes as 2-D slices."""

from pathlib import Path

import nibabel
import numpy as np

from .split import TRAIN, Source


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
