"""Command lines of learned patterns: patterns, compare-patterns, export-patterns."""

from pathlib import Path


def add(commands) -> None:
    learn = commands.add_parser('patterns', help='learn sampling patterns jointly with a network')
    _common(learn, 'folder for patterns.pt')
    learn.add_argument('--start', type=Path, required=True, help='released graph or checkpoint that the network begins with')
    learn.set_defaults(run=_learn)
    compare = commands.add_parser('compare-patterns', help='fine-tune one network equally for each of five patterns, and score them')
    _common(compare, 'folder for comparison.json and the tuned networks')
    compare.add_argument('--start', type=Path, required=True, help='released graph or checkpoint that each one begins with')
    compare.add_argument('--patterns', type=Path, required=True, help='patterns.pt of lines')
    compare.set_defaults(run=_compare)
    export = commands.add_parser('export-patterns', help='write the package of learned patterns: patterns.json, manifest, card, picture')
    export.add_argument('--lines', type=Path, required=True, help='patterns.pt of lines')
    export.add_argument('--points', type=Path, required=True, help='patterns.pt of points')
    export.add_argument('--comparison', type=Path, help='comparison.json for the table of the card')
    export.add_argument('--out', type=Path, required=True, help='package folder: models/learned-patterns')
    export.add_argument('--version', required=True)
    export.set_defaults(run=_export)


def _common(parser, out: str) -> None:
    parser.add_argument('--config', type=Path, required=True)
    parser.add_argument('--data', type=Path, required=True, help='folder with nii/ and kspace/')
    parser.add_argument('--out', type=Path, required=True, help=out)
    parser.add_argument('--threads', type=int, default=2)


def _learn(arguments) -> None:
    from .pattern_training import train_patterns

    train_patterns(arguments.config, arguments.data, arguments.out, arguments.start, arguments.threads)


def _compare(arguments) -> None:
    from .pattern_compare import compare

    compare(arguments.config, arguments.data, arguments.out, arguments.start, arguments.patterns, arguments.threads)


def _export(arguments) -> None:
    from .pattern_package import export

    export(arguments.lines, arguments.points, arguments.comparison, arguments.out, arguments.version)
