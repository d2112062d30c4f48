"""No held-out file is trained on, and the split follows the data index. Needs only Python itself."""

import os
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'models' / 'training'))

from lacuna_training.split import DEV, TRAIN  # noqa: E402

INDEX = Path(os.environ.get('LACUNA_TEST_DATA', ROOT.parent / 'shared' / 'data')) / 'mri' / 'INDEX.md'


def uses() -> dict[str, str]:
    """File -> use column of the data index."""
    rows = (line.strip('|\n ').split('|') for line in INDEX.read_text().splitlines() if line.startswith('| '))
    return {row[0].strip(): row[-1].strip() for row in rows}


class SplitTest(unittest.TestCase):
    def test_no_file_is_on_both_sides(self):
        self.assertEqual({s.file for s in TRAIN} & {s.file for s in DEV}, set())

    def test_no_subject_is_on_both_sides(self):
        def subjects(sources):
            return {s.file.split('/')[1].split('_s1_')[0].split('.')[0] for s in sources}

        self.assertEqual(subjects(TRAIN) & subjects(DEV), set())

    def test_training_code_reads_the_training_list_alone(self):
        package = ROOT / 'models' / 'training' / 'lacuna_training'
        for name in ('data.py', 'simulate.py', 'anatomy.py', 'train.py'):
            text = (package / name).read_text()
            self.assertNotIn('DEV', text, name)
            self.assertNotIn('acquisitions', text, name)
            for source in DEV:
                self.assertNotIn(Path(source.file).name.split('.')[0], text, name)

    @unittest.skipUnless(INDEX.exists(), f'{INDEX} is absent: the split is not held against the index')
    def test_split_follows_the_index(self):
        use = uses()
        for source in TRAIN:
            self.assertEqual(use[source.file], 'train', source.file)
        for source in DEV:
            self.assertIn('dev test', use[source.file], source.file)


if __name__ == '__main__':
    unittest.main()
