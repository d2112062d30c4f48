"""python -m lacuna_training train|export|evaluate|patterns|compare-patterns|export-patterns"""

import argparse
from pathlib import Path

from . import pattern_commands


def main() -> None:
    parser = argparse.ArgumentParser(prog='lacuna_training', description=__doc__)
    commands = parser.add_subparsers(dest='command', required=True)
    train = commands.add_parser('train', help='train, or resume training, of a configuration')
    train.add_argument('--config', type=Path, required=True)
    train.add_argument('--data', type=Path, required=True, help='folder with nii/ and kspace/')
    train.add_argument('--out', type=Path, required=True, help='folder for checkpoint.pt')
    train.add_argument('--threads', type=int, default=2)
    train.add_argument('--device', default='cpu', help='cpu or cuda')
    train.add_argument('--workers', type=int, default=0, help='processes that draw examples; on a GPU machine one a core')
    train.add_argument('--start', type=Path, help='checkpoint, or released graph, whose weights a new run begins with')
    evaluate = commands.add_parser('evaluate', help='score a checkpoint and classical methods on the held-out slices')
    evaluate.add_argument('--checkpoint', type=Path, required=True)
    evaluate.add_argument('--data', type=Path, required=True)
    evaluate.add_argument('--out', type=Path, required=True, help='folder for evaluation.json and images.npz')
    evaluate.add_argument('--threads', type=int, default=2)
    evaluate.add_argument('--reuse', type=Path, help='evaluation.json whose rows of classical methods are kept')
    export = commands.add_parser('export', help='write the model package: ONNX graphs, manifest, card')
    export.add_argument('--checkpoint', type=Path, required=True)
    export.add_argument('--config', type=Path, required=True, help='configuration with what the package says about itself')
    export.add_argument('--out', type=Path, required=True, help='package folder, for example models/unrolled-s')
    export.add_argument('--version', required=True, help='semantic version of the weights')
    pattern_commands.add(commands)
    arguments = parser.parse_args()
    if hasattr(arguments, 'run'):
        arguments.run(arguments)
    elif arguments.command == 'train':
        from .train import Machine
        from .train import train as run

        machine = Machine(arguments.device, arguments.threads, arguments.workers)
        run(arguments.config, arguments.data, arguments.out, machine, arguments.start)
    elif arguments.command == 'evaluate':
        from .evaluate import evaluate as run

        run(arguments.checkpoint, arguments.data, arguments.out, arguments.threads, arguments.reuse)
    else:
        from .export import export as run

        run(arguments.checkpoint, arguments.config, arguments.out, arguments.version)


if __name__ == '__main__':
    main()
