"""python -m lacuna_training.restoration train|export: image-to-image networks (ESPCN, ReconResNet)."""

import argparse
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog='lacuna_training.restoration', description=__doc__)
    commands = parser.add_subparsers(dest='command', required=True)
    train = commands.add_parser('train', help='train, or resume training, of a configuration')
    train.add_argument('--config', type=Path, required=True)
    train.add_argument('--data', type=Path, required=True, help='folder with nii/')
    train.add_argument('--out', type=Path, required=True, help='folder for checkpoint.pt')
    train.add_argument('--threads', type=int, default=2)
    train.add_argument('--start', type=Path, help='checkpoint whose weights a new run begins with, where name and shape agree')
    export = commands.add_parser('export', help='write the model package: ONNX graph, manifest, card')
    export.add_argument('--checkpoint', type=Path, required=True)
    export.add_argument('--config', type=Path, required=True, help='configuration with what the package says about itself')
    export.add_argument('--evaluation', type=Path, help='rows measured through the product, for the tables of the card')
    export.add_argument('--out', type=Path, required=True, help='package folder, for example models/espcn-x2')
    export.add_argument('--version', required=True, help='semantic version of the weights')
    arguments = parser.parse_args()
    if arguments.command == 'train':
        from .restoration_training import train as run

        run(arguments.config, arguments.data, arguments.out, arguments.threads, arguments.start)
    else:
        from .restoration_export import export as run

        run(arguments.checkpoint, arguments.config, arguments.evaluation, arguments.out, arguments.version)


if __name__ == '__main__':
    main()
