"""CARD.md of a model package: what it is, what it was made from, how well it does, where it fails."""

import platform
from collections import defaultdict

import numpy as np

from .network import LINES_CLOSING, POINTS_CLOSING
from .split import DEV, TRAIN

# What was changed while the committed weights were being trained; a run from scratch has it all from its first step.
HISTORY = {
    'unrolled-s': (
        'The recipe was improved while these weights were trained, and the run resumed: up to step 2,581 without the last '
        'gradient step; up to step 4,631 against the clean root-sum-of-squares; up to step 5,509 with errors relative to '
        'the zero-filled error in place of logarithms, and 12 % of point patterns in place of 18 %; up to step 10,297 against the '
        'fully sampled coil images combined with the given maps. Configuration `unrolled-s-finish.json` then went on from the '
        'averaged weights, against the root-sum-of-squares over all channels, which is what the studio and fastMRI take as reference.'
    ),
}
BASELINE = 'l1-wavelet, best λ'
METHODS = ('zero-filled', 'sense', BASELINE, 'unrolled')


def write_card(manifest: dict, state: dict, parity: dict[str, float], rows: list[dict]) -> str:
    """The card as Markdown. `rows` are those of `npm run evaluate`; without them the table says so."""
    parts = (_head(manifest), _network(manifest, state, parity), _data(), _training(state), _figures(rows), _limits())
    return '\n\n'.join(part.strip() for part in parts) + '\n'


def _head(manifest: dict) -> str:
    return f"""
# {manifest['title']} ({manifest['id']} {manifest['version']})

{manifest['summary']}

**Research use only. Not for diagnostic use.** Licence of the weights: {manifest['licence']}.
"""


def _network(manifest: dict, state: dict, parity: dict[str, float]) -> str:
    n = state['config']['network']
    widths = ', '.join(str(w) for w in n['widths'])
    files = '\n'.join(
        f'| `{g["file"]}` | {g["bytes"]:,} | `{g["sha256"]}` | {parity[kind]:.1e} |' for kind, g in manifest['graphs'].items()
    )
    return f"""
## Network

{n['cgSteps']} conjugate-gradient steps on the SENSE normal equations (lambda {n['cgLambda']}), then {n['stages']} stages,
each a gradient step with learned step size and momentum plus a residual U-Net ({widths} features at 1/2, 1/4 and 1/8
resolution) that sees the image, the gradient and the features of the stage before; the acquired fraction modulates the
features. One more learned gradient step follows, then {LINES_CLOSING} (graph `lines`) or {POINTS_CLOSING} (graph `points`) accelerated
gradient steps without learned parts, weighted down in air and where the residual has reached the level of noise.
{manifest['parameters']:,} parameters, float32. Both graphs hold the same weights. Scaling k-space scales the image. For line patterns
the normal operator is one matrix product along columns.

| file | bytes | SHA-256 | largest relative difference, ONNX Runtime CPU and PyTorch |
|---|---|---|---|
{files}
"""


def _data() -> str:
    def table(sources):
        return '\n'.join(f'| `{s.file}` | {s.licence} | {s.citation} |' for s in sources)

    return f"""
## Data

Trained on 2-D slices of these magnitude volumes, and on synthetic ellipses (8 %):

| file | licence | source |
|---|---|---|
{table(TRAIN)}

Multi-coil k-space was simulated from them: contrast, shading and geometry varied; smooth random phase; 1 or 4 to 16
birdcage-like coils; complex white noise of 0.3 to 5 % of the mean tissue signal; SVD compression to 4 to 8 virtual coils.
The maps given to the network were estimated from the noisy calibration centre (60 %), the same with another block size
(20 %), or the true ones (20 %). `ptbp_t1_axial_train.npz` was left out, since its data licence is not verified.

Held out, used for the figures below alone:

| file | licence | source |
|---|---|---|
{table(DEV)}
"""


def _training(state: dict) -> str:
    c = state['config']
    return f"""
## Training

Recipe: `models/training`, configurations `{c['id']}.json` (10,297 steps of one slice strip, 76 minutes on one core) and
`{c['id']}-finish.json` ({state['step']:,} steps, {state['spent'] / 60:.0f} minutes), seed {c['seed']}, on a 2-core {platform.machine().replace('_', '-')} CPU that was busy with other work;
Adam, learning rate 0.001, then {c['training']['learningRate']:g}, each falling to {c['training']['finalLearningRate']:g}; weights averaged
(decay {c['training']['ema']:g}). Loss: log of the root-mean-square error of the magnitude (and {c['training']['complexWeight']:g} x that of
the complex image) plus {c['training']['ssimWeight']:g} x log(1 - SSIM), against the root-sum-of-squares of the noisy, fully sampled coil images.

{HISTORY.get(c['id'], '')}
"""


def _figures(rows: list[dict]) -> str:
    if not rows:
        return '## Figures\n\nNot measured yet for these weights.'
    blocks = [_setting(pattern, group) for (pattern,), group in _grouped(rows, ('pattern',)).items()]
    return (
        """
## Figures

Measured through the product (`npm run evaluate`) on the held-out data: slices of each volume with 8 simulated coils and SNR 40,
and the measured 7-channel slice. Reference: root-sum-of-squares of the fully sampled coil images. fastMRI definitions of PSNR
and SSIM, each slice scored alone, then averaged. L1-wavelet has the best of 8 thresholds per slice, chosen by PSNR *with* the
reference; the other methods have their default parameters. These data were looked at while the recipe was chosen: they are
development figures.
"""
        + '\n'.join(blocks)
    )


def _setting(pattern: str, rows: list[dict]) -> str:
    lines = [
        f'\n### {pattern}\n',
        '| data | ' + ' | '.join(f'{m}, PSNR dB / SSIM' for m in METHODS) + ' |',
        '|---|' + '---|' * len(METHODS),
    ]
    for (name,), group in _grouped(rows, ('data',)).items():
        lines.append(f'| {name} | ' + ' | '.join(_mean(group, m) for m in METHODS) + ' |')
    lines.append('| all slices | ' + ' | '.join(_mean(rows, m) for m in METHODS) + ' |')
    return '\n'.join([*lines, '', _wins(rows)])


def _wins(rows: list[dict]) -> str:
    by = [{r['method']: r for r in group} for group in _grouped(rows, ('data', 'slice')).values()]
    psnr = sum(g['unrolled']['psnr'] > g[BASELINE]['psnr'] for g in by)
    ssim = sum(g['unrolled']['ssim'] > g[BASELINE]['ssim'] for g in by)
    return f'Above L1-wavelet in PSNR on {psnr}, in SSIM on {ssim} of {len(by)} slices.'


def _mean(rows: list[dict], method: str) -> str:
    chosen = [r for r in rows if r['method'] == method]
    return f'{np.mean([r["psnr"] for r in chosen]):.2f} / {np.mean([r["ssim"] for r in chosen]):.4f}'


def _grouped(rows: list[dict], keys: tuple[str, ...]) -> dict:
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[k] for k in keys)].append(row)
    return groups


def _limits() -> str:
    return """
## Intended use

Cartesian brain MRI (T1, T2, FLAIR), 2-D slices, line patterns (random, equispaced, Gaussian; graph `lines`, phase encoding along
columns) and point patterns (Poisson-disc, variable density; graph `points`) at R = 2 to 10 with a fully sampled centre,
1 to 8 (virtual) coils, sides of about 112 to 336. With more than 6 channels, compress to 6 by SVD before maps are estimated.

## Limits

- Trained on 2-D slices of the heads of six people; other anatomy and pathology are outside its experience. It can
  remove or blur small low-contrast structures and leave faint residual aliasing, most of all at R of 8 and above.
- Simulated coils and noise: correlated noise, motion, partial Fourier, field distortion were not part of training.
- It smooths noise; texture in the result is not evidence of structure.
- On point patterns with little noise L1-wavelet reaches higher PSNR; use it there, or compare (see the table).
- It relies on maps from the calibration centre; below about 8 centre lines they are poor, and so is the image.
- Radial and other non-Cartesian sampling are not supported.
"""
