"""What is trained on and what is held out."""

import os
import re
import unittest
from pathlib import Path
from unittest import mock

import nibabel
import numpy as np

from lacuna_training import data
from lacuna_training.split import DEV, MEASURED_COILS, TRAIN

ROOT = Path(os.environ.get('LACUNA_TEST_DATA', '../shared/data')) / 'mri'


def person(file: str) -> str:
    """Scans of one person share their name up to the session: openms_p12, ptbp, studyforrest_sub02."""
    name = file.rsplit('/', 1)[-1]
    return re.match(r'(openms_p\d+|[a-z0-9]+)', name).group(1)


class Split(unittest.TestCase):
    def test_no_file_is_on_both_sides(self):
        self.assertEqual(set(s.file for s in TRAIN) & set(s.file for s in DEV), set())

    def test_no_person_is_on_both_sides(self):
        self.assertEqual(set(person(s.file) for s in TRAIN) & set(person(s.file) for s in DEV), set())

    def test_every_source_names_its_licence_and_whom_to_cite(self):
        for source in (*TRAIN, *DEV, MEASURED_COILS):
            self.assertTrue(source.licence and source.citation, source.file)

    @unittest.skipUnless((ROOT / TRAIN[0].file).exists(), 'the training data is not here')
    def test_training_opens_nothing_but_its_own_files(self):
        opened = []

        def noting(load):
            def wrapped(path, *rest, **more):
                opened.append(Path(path).relative_to(ROOT).as_posix())
                return load(path, *rest, **more)

            return wrapped

        with mock.patch.object(nibabel, 'load', noting(nibabel.load)), mock.patch.object(np, 'load', noting(np.load)):
            data.training_slices(ROOT)
            data.measured_maps(ROOT)
        self.assertEqual(sorted(opened), sorted([*(s.file for s in TRAIN), MEASURED_COILS.file]))

    @unittest.skipUnless((ROOT / MEASURED_COILS.file).exists(), 'the measured slice is not here')
    def test_of_the_measured_slice_only_smooth_maps_are_seen(self):
        maps = data.measured_maps(ROOT).numpy()
        np.testing.assert_allclose((np.abs(maps) ** 2).sum(0), 1, atol=1e-4)


if __name__ == '__main__':
    unittest.main()
