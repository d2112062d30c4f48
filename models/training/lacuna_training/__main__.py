"""python -m lacuna_training train|export|evaluate|patterns|compare-patterns|export-patterns"""

import argparse
import json
from pathlib import Path

import torch

from . import pattern_commands

IMAGE_TO_IMAGE = ('espcn', 'reconresnet')
THERMOMETRY = 'fourier-pd'


def main() -> None:
    parser = argparse.ArgumentParser(prog='lacuna_training', description=__doc__)
    commands = parser.add_subparsers(dest='command', required=True)
    train = commands.add_parser('train', help='train, or resume training, of a configuration of any network')
    train.add_argument('--config', type=Path, required=True)
    train.add_argument('--data', type=Path, required=True, help='folder with nii/ and kspace/')
    train.add_argument('--out', type=Path, required=True, help='folder for checkpoint.pt')
    train.add_argument('--threads', type=int, default=2)
    train.add_argument('--device', default='cpu', help='cpu or cuda')
    train.add_argument('--workers', type=int, default=0, help='processes that draw examples; on a GPU machine one a core')
    train.add_argument('--start', type=Path, help='checkpoint, or released graph of an unrolled network, whose weights a new run begins with')
    train.set_defaults(run=_train)
    export = commands.add_parser('export', help='write the model package: ONNX graphs, manifest, card')
    export.add_argument('--checkpoint', type=Path, required=True)
    export.add_argument('--config', type=Path, required=True, help='configuration with what the package says about itself')
    export.add_argument('--evaluation', type=Path, help='image-to-image networks: rows measured through the product, for the tables of the card')
    export.add_argument('--out', type=Path, required=True, help='package folder, for example models/unrolled-s')
    export.add_argument('--version', required=True, help='semantic version of the weights')
    export.set_defaults(run=_export)
    evaluate = commands.add_parser('evaluate', help='score a checkpoint of an unrolled network and classical methods on the held-out slices')
    evaluate.add_argument('--checkpoint', type=Path, required=True)
    evaluate.add_argument('--data', type=Path, required=True)
    evaluate.add_argument('--out', type=Path, required=True, help='folder for evaluation.json and images.npz')
    evaluate.add_argument('--threads', type=int, default=2)
    evaluate.add_argument('--reuse', type=Path, help='evaluation.json whose rows of classical methods are kept')
    evaluate.set_defaults(run=_evaluate)
    pattern_commands.add(commands)
    arguments = parser.parse_args()
    arguments.run(arguments)


def _train(arguments) -> None:
    from . import restoration_training, thermometry, train
    from .loop import Machine

    config = json.loads(arguments.config.read_text())
    machine = Machine(arguments.device, arguments.threads, arguments.workers)
    torch.set_num_threads(machine.threads)
    torch.manual_seed(config['seed'])
    training = {**dict.fromkeys(IMAGE_TO_IMAGE, restoration_training), THERMOMETRY: thermometry}.get(_kind(config), train)
    training.train(config, arguments.data, arguments.out, machine, arguments.start)


def _export(arguments) -> None:
    config = json.loads(arguments.config.read_text())
    if _kind(config) in IMAGE_TO_IMAGE:
        from .restoration_export import export

        export(arguments.checkpoint, arguments.config, arguments.evaluation, arguments.out, arguments.version)
    elif _kind(config) == THERMOMETRY:
        from .thermometry import write_package

        write_package(arguments.checkpoint, arguments.out)
    else:
        from .export import export

        export(arguments.checkpoint, arguments.config, arguments.out, arguments.version)


def _evaluate(arguments) -> None:
    from .evaluate import evaluate

    evaluate(arguments.checkpoint, arguments.data, arguments.out, arguments.threads, arguments.reuse)


def _kind(config: dict) -> str:
    """Of a configuration's network: unrolled where it does not say."""
    return config['network'].get('kind', 'unrolled')


if __name__ == '__main__':
    main()
