"""The loop that trainings share: resumption, order of examples, schedule, checkpoints."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from lacuna_training.anatomy import ellipses
from lacuna_training.loop import Examples, Loop, Machine, averaged, warm_cosine
from lacuna_training.pattern_training import PatternRun
from lacuna_training.restoration_training import EspcnRun, ReconResNetRun, network_of
from lacuna_training.train import UnrolledRun

# Checkpoints are written after 2 and 4 steps; the process ends during the fourth, so that the third is done again.
STEPS, HALT = 5, 3
VOLUMES = [[ellipses(np.random.default_rng(0), 100, 108).numpy()]]
# The tensors are small, and a result should not depend on how many cores there are.
torch.set_num_threads(1)
SCHEDULE = {'learningRate': 0.01, 'finalLearningRate': 0.001, 'warmupSteps': 4, 'clip': 1.0, 'ema': 0.9, 'checkpointSeconds': 1}
RECONRESNET = {
    'seed': 5,
    'network': {'kind': 'reconresnet', 'channels': 4, 'blocks': 1, 'dropout': 0.3, 'head': 'residual', 'normalisation': 'none'},
    'examples': {'strip': 16, 'sides': [96], 'synthetic': 1.0, 'multiCoil': 0.5, 'noise': [0.01, 0.02], 'pairs': [0.5, 0.2], 'masks': {'random': 1, 'density': 1}},
    'training': {**SCHEDULE, 'ssimWeight': 0.1},
}
ESPCN = {
    'seed': 6,
    'network': {'kind': 'espcn', 'factor': 2, 'widths': [4, 4], 'base': 'bicubic'},
    'examples': {'smallest': 32, 'synthetic': 1.0},
    'training': {**SCHEDULE, 'accumulate': 2},
}
SIMULATION = {
    'synthetic': 1.0,
    'singleCoil': 0.5,
    'coils': [2, 3],
    'virtualCoils': [2, 3],
    'measuredCoils': 0.0,
    'trueMaps': 0.3,
    'otherBlock': 0.2,
    'points': 0.0,
    'pointsMatrix': [48],
    'noise': [0.005, 0.02],
    'pairs': [0.2, 0.2],
    'linesMix': [1.0, 0.0, 0.0],
    'stripRows': [16],
}
UNROLLED = {
    'seed': 7,
    'network': {'stages': 1, 'widths': [4, 4, 4], 'cgSteps': 1, 'cgLambda': 0.02},
    'simulation': SIMULATION,
    'training': {**SCHEDULE, 'accumulate': 2, 'ssimWeight': 0.1, 'complexWeight': 0.2},
}
PATTERNS = {
    'seed': 8,
    'kind': 'lines',
    'network': UNROLLED['network'],
    'simulation': {**SIMULATION, 'stripRows': 16},
    'patterns': {
        'knots': 17,
        'designs': {'R4': {'acceleration': 4, 'centreFraction': 0.08}},
        'familyRates': [2, 8],
        'familyCentre': 0.04,
        'gumbelShare': 0.5,
        'temperature': 1.0,
    },
    'training': {**SCHEDULE, 'ema': 0, 'logitsRateFactor': 10, 'smoothness': 0.01, 'averageFrom': 0.2, 'ssimWeight': 0.1, 'complexWeight': 0.2},
}


class Seconds:
    """A clock that is a second later each time it is read, so that schedules can be repeated."""

    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


class Halted(Exception):
    pass


def trained(make, config: dict, out: Path, steps: int, halt: int | None = None) -> Loop:
    """`steps` seconds of training, a step each; `halt` ends the process, so to say, in the middle of that step."""
    torch.manual_seed(config['seed'])
    with contextlib.redirect_stdout(io.StringIO()):
        run = make({**config, 'training': {**config['training'], 'minutes': steps / 60}}, out, clock=Seconds())
    inner = run.loss

    def loss(example):
        if run.step == halt:
            raise Halted
        return inner(example)

    run.loss = loss
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Halted):
        run.run()
    return run


TRAININGS = {
    'reconresnet': (lambda c, out, **more: ReconResNetRun(c, out, VOLUMES, **more), RECONRESNET),
    'espcn': (lambda c, out, **more: EspcnRun(c, out, VOLUMES, **more), ESPCN),
    'unrolled': (lambda c, out, **more: UnrolledRun(c, out, VOLUMES, None, **more), UNROLLED),
    'patterns': (lambda c, out, **more: PatternRun(c, out, VOLUMES, None, **more), PATTERNS),
}


class Resumption(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)

    def test_a_resumed_run_ends_with_the_weights_of_an_unbroken_one(self):
        for name, (make, config) in TRAININGS.items():
            with self.subTest(name):
                whole = trained(make, config, self.out / name / 'whole', STEPS)
                broken = self.out / name / 'broken'
                halted = trained(make, config, broken, STEPS, halt=HALT)
                self.assertEqual(halted.step, HALT)
                again = trained(make, config, broken, STEPS)
                self.assertEqual(again.step, STEPS)
                self.assertTrue(all(torch.equal(a, b) for a, b in zip(whole.average, again.average)))
                one, other = (torch.load(folder / whole.checkpoint, weights_only=True) for folder in (self.out / name / 'whole', broken))
                self.assertTrue(all(torch.equal(one['network'][key], other['network'][key]) for key in one['network']))
                self.assertEqual((one['step'], one['spent']), (other['step'], other['spent']))
                self.assertEqual([p.name for p in broken.iterdir()], [whole.checkpoint])
                if name == 'patterns':
                    self.assertTrue(torch.equal(one['logits']['base'], other['logits']['base']))
                    self.assertTrue(all(torch.equal(a, b) for a, b in zip(one['logitsMean'], other['logitsMean'])))

    def test_another_seed_gives_other_weights(self):
        make, config = TRAININGS['espcn']
        torch.manual_seed(1)
        one = trained(make, config, self.out / 'one', 3)
        other = trained(make, {**config, 'seed': 9}, self.out / 'other', 3)
        self.assertFalse(torch.equal(one.average[0], other.average[0]))

    def test_weights_change_and_the_average_lags_behind(self):
        make, config = TRAININGS['reconresnet']
        torch.manual_seed(config['seed'])
        before = network_of(config).stem[1].weight.detach()
        run = trained(make, config, self.out, 6)
        after = run.network.stem[1].weight.detach()
        self.assertGreater(float((after - before).abs().max()), 1e-3)
        self.assertFalse(torch.equal(run.average[0], after))

    def test_checkpoints_have_what_exports_read(self):
        make, config = TRAININGS['reconresnet']
        run = trained(make, config, self.out, 3)
        state = torch.load(self.out / 'checkpoint.pt', weights_only=True)
        self.assertEqual(list(state), ['config', 'step', 'spent', 'network', 'names', 'average', 'optimiser'])
        network, about = averaged(self.out / 'checkpoint.pt', network_of)
        self.assertFalse(network.training)
        self.assertEqual((about['step'], about['spent']), (3, 3))
        self.assertTrue(all(torch.equal(a, b) for a, b in zip(network.parameters(), run.average)))


class Order(unittest.TestCase):
    def test_an_example_is_known_by_seed_step_and_part_alone(self):
        draw = lambda rng: float(rng.random())
        first = iter(Examples(draw, 3, 2, 0))
        found = [next(first) for _ in range(6)]
        expected = [float(np.random.default_rng([3, step, part]).random()) for step in range(3) for part in range(2)]
        self.assertEqual(found, expected)
        later = iter(Examples(draw, 3, 2, 2))
        self.assertEqual([next(later), next(later)], expected[4:])

    def test_processes_that_draw_keep_the_order(self):
        make, config = TRAININGS['espcn']
        with tempfile.TemporaryDirectory() as folder:
            drawn = []
            for workers in (0, 2):
                examples = iter(make(config, Path(folder), machine=Machine(workers=workers))._examples())
                drawn.append([next(examples)[1] for _ in range(5)])
                del examples
        self.assertTrue(all(torch.equal(a, b) for a, b in zip(*drawn)))


class Schedule(unittest.TestCase):
    def test_rises_then_falls_to_the_final_rate(self):
        rates = [warm_cosine(step, progress, SCHEDULE) for step, progress in ((0, 0), (3, 0), (100, 0.5), (200, 1), (300, 1.2))]
        np.testing.assert_allclose(rates, [0.0025, 0.01, 0.0055, 0.001, 0.001])

    def test_groups_have_rates_of_their_own(self):
        make, config = TRAININGS['patterns']
        with tempfile.TemporaryDirectory() as folder:
            run = trained(make, config, Path(folder), 2)
            network, logits = (group['lr'] for group in run.optimiser.param_groups)
        self.assertAlmostEqual(logits, 10 * network)


if __name__ == '__main__':
    unittest.main()
