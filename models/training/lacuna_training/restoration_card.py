"""CARD.md of image-to-image packages: what it is, what it was made from, how well it does, where it fails."""

import platform
from collections import defaultdict

import numpy as np

from .split import DEV, TRAIN
from .undersampled import ACCELERATIONS

BASES = {'bicubic': 'bicubic interpolation, a = −0.5', 'lanczos': 'Lanczos interpolation of 5 lobes'}
METHOD_ORDER = ('bicubic', 'sinc', 'learned', 'zero-filled', 'l1-wavelet, best λ', 'reconresnet')
METHOD_TITLES = {
    'bicubic': 'bicubic',
    'sinc': 'zero-padded (sinc)',
    'learned': '**learned**',
    'zero-filled': 'zero-filled',
    'l1-wavelet, best λ': 'L1-wavelet, best λ',
    'reconresnet': '**ReconResNet**',
}


def write_card(manifest: dict, kind: str, state: dict, parity: float, rows: list[dict], history: str = '') -> str:
    """The card as Markdown. `rows` are those of test/evaluation/restoration.ts; without them the card says so. `history` is what is
    particular about how these weights came about."""
    network = _espcn if kind == 'espcn' else _reconresnet
    parts = [_head(manifest), network(state), _graph(manifest, parity), _data(kind, state), _training(kind, state, history), _figures(kind, manifest, rows)]
    parts += [_pictures(manifest), _espcn_limits() if kind == 'espcn' else _reconresnet_limits(manifest, rows)]
    return '\n\n'.join(part.strip() for part in parts if part) + '\n'


def _head(manifest: dict) -> str:
    return f"""
# {manifest['title']} ({manifest['id']} {manifest['version']})

{manifest['summary']}

**Research use only. Not for diagnostic use.** Licence of the weights: {manifest['licence']}.
"""


def _espcn(state: dict) -> str:
    n = state['config']['network']
    r, (first, second) = n['factor'], n['widths']
    return f"""
## Network

ESPCN (Shi et al., CVPR 2016) in residual form: convolutions 5×5 1→{first}, tanh, 3×3 {first}→{second}, tanh, 3×3 {second}→{r * r}, added to {BASES[n['base']]}
(itself a convolution to {r * r} channels), then the periodic shuffle to a grid {r} times as fine. Fine pixel {r}m lies
on coarse pixel m. After it, outside of the graph, k-space replacement: the middle of the spectrum is set to that of the coarse image,
so that the network contributes nothing but what lies beyond the measured band. Complex images keep the phase of their sinc interpolation.
"""


def _reconresnet(state: dict) -> str:
    n = state['config']['network']
    c = n['channels']
    free = n.get('normalisation', 'instance') == 'none'
    dilations, passes = n.get('dilations', [1]), n.get('passes', 1)
    departures = ['it adds the input to a linear output, where the published one ends in a sigmoid'] if n['head'] == 'residual' else []
    if free:
        departures.append('no normalisation and no biases, so that the network is homogeneous: an image of twice the brightness comes out twice as bright')
    if dilations != [1]:
        departures.append(f"the second convolutions of the blocks are dilated by {', '.join(map(str, dilations))}: aliasing reaches across the whole image")
    if n.get('skips'):
        departures.append('features of each resolution on the way down are added to those on the way up')
    if passes > 1:
        departures.append(f'network and data consistency are applied {passes} times over, with the same weights, and trained so')
    departures.append(f"dropout between the convolutions of a block is {n['dropout']:g} in training, 0.2 in the paper")
    return f"""
## Network

ReconResNet (Chatterjee et al., Comput Biol Med 2022;143:105321), small: 7×7 1→{c}; two halvings to {2 * c} and {4 * c} features; {n['blocks']} residual blocks of
two 3×3 convolutions; two doublings; 7×7 to one channel. PReLU, mirrored edges. From the published network, which has 64 features and 14 blocks, it departs as follows:

{chr(10).join(f'- {text[0].upper() + text[1:]}.' for text in departures)}

Data consistency comes after it, outside of the graph: one coil on a Cartesian grid by replacing the measured samples exactly, several coils
and trajectories by a few conjugate-gradient steps from the network's image. The phase is that of the image the network was given.
"""


def _graph(manifest: dict, parity: float) -> str:
    graph = manifest['graphs']['image']
    return f"""
{manifest['parameters']:,} parameters, float32.

| file | bytes | SHA-256 | largest relative difference, ONNX Runtime CPU and PyTorch |
|---|---|---|---|
| `{graph['file']}` | {graph['bytes']:,} | `{graph['sha256']}` | {parity:.1e} |
"""


def _data(kind: str, state: dict) -> str:
    def table(sources):
        return '\n'.join(f'| `{s.file}` | {s.licence} | {s.citation} |' for s in sources)

    e = state['config']['examples']
    how = (
        f"""Geometry and contrast of two in three slices were varied. Half of the time the slice was first cut to the middle 55 to 100 % of its k-space,
since scans differ in how much detail they hold. The coarse image is the magnitude of the inverse DFT of the middle of k-space."""
        if kind == 'espcn'
        else f"""Geometry and contrast of two in three slices were varied; smooth random phase; {100 * (1 - e['multiCoil']):.0f} % one coil, the rest 4 to 8 coils combined with their true
maps; complex white noise of {100 * e['noise'][0]:g} to {100 * e['noise'][1]:g} % of the mean tissue signal. {100 * e['pairs'][0]:.0f} % at R = 4 with 8 % of the columns as centre, {100 * e['pairs'][1]:.0f} % at R = 8
with 4 %, the rest at R from {ACCELERATIONS[0]} to {ACCELERATIONS[1]}. Lines: strips of {e['strip']} rows with all columns; points and radial: blocks of {' or '.join(map(str, e['sides']))} pixels a side. Patterns: {', '.join(f'{name} {100 * share / sum(e["masks"].values()):.0f} %' for name, share in e['masks'].items())}
(radial: golden-angle spokes drawn on the grid, with density compensation)."""
    )
    return f"""
## Data

Trained on 2-D slices of these magnitude volumes, and on synthetic ellipses ({100 * e['synthetic']:.0f} %):

| file | licence | source |
|---|---|---|
{table(TRAIN)}

{how}

Held out, used for the figures below alone:

| file | licence | source |
|---|---|---|
{table(s for s in DEV if kind == 'reconresnet' or not s.file.startswith('kspace'))}
"""


def _training(kind: str, state: dict, history: str) -> str:
    c = state['config']
    t = c['training']
    loss = 'Charbonnier (ε = 0.001) after k-space replacement' if kind == 'espcn' else f'log of the rms error + {t.get("ssimWeight", 0):g} × log(1 − SSIM), after data consistency'
    return f"""
## Training

Recipe: `models/training`, `python -m lacuna_training train --config models/training/configs/{c.get('recipe', c['id'])}.json`; {state['step']:,} steps, {state['spent'] / 60:.0f} minutes on one core
of a 2-core {platform.machine().replace('_', '-')} CPU that was busy with other work, seed {c['seed']}. Adam, learning rate {t['learningRate']:g} falling to {t['finalLearningRate']:g}; weights averaged (decay {t['ema']:g}). Loss: {loss}.

{history}
"""


def _figures(kind: str, manifest: dict, rows: list[dict]) -> str:
    rows = [r for r in rows if r['model'] == manifest['id']]
    if not rows:
        return '## Figures\n\nNot measured yet for these weights.'
    how = (
        """Measured through the product on held-out slices: the slice is cropped to multiples of the factor, its k-space cropped to the middle, and the magnitude of
that made finer again. PSNR and SSIM by the fastMRI definitions against the slice itself, each slice scored alone, then averaged."""
        if kind == 'espcn'
        else """Measured through the product on held-out slices with one simulated coil (smooth phase, SNR 40); the measured slice with its 7 coils. fastMRI definitions of
PSNR and SSIM against the fully sampled data, each slice scored alone, then averaged. L1-wavelet has the best of several λ per slice, chosen
by PSNR *with* the reference."""
    )
    parts = [f'\n## Figures\n\n{how}\n']
    for setting, group in _grouped(rows, 'setting').items():
        methods = [m for m in METHOD_ORDER if any(r['method'] == m for r in group)]
        lines = [f'\n### {setting}\n', '| data | ' + ' | '.join(f'{METHOD_TITLES[m]}, PSNR dB / SSIM' for m in methods) + ' |', '|---|' + '---|' * len(methods)]
        for name, slices in _grouped(group, 'data').items():
            lines.append(f'| {name} | ' + ' | '.join(_mean(slices, m) for m in methods) + ' |')
        lines.append('| all slices | ' + ' | '.join(_mean(group, m) for m in methods) + ' |')
        parts.append('\n'.join(lines))
    return '\n'.join(parts)


def _grouped(rows: list[dict], key: str) -> dict:
    groups = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def _mean(rows: list[dict], method: str) -> str:
    chosen = [r for r in rows if r['method'] == method]
    return f'{np.mean([r["psnr"] for r in chosen]):.2f} / {np.mean([r["ssim"] for r in chosen]):.4f}' if chosen else ''


def _pictures(manifest: dict) -> str:
    pictures = manifest.get('files', {})
    if not pictures:
        return ''
    how = 'Of the slices measured, that with the lowest SSIM, where its error is largest: reference, estimate, five times their difference.'
    return f'## Failure cases\n\n{how}\n\n' + '\n\n'.join(f'![{key.replace("-", " ")}]({entry["file"]})' for key, entry in pictures.items())


def _espcn_limits() -> str:
    return """
## Intended use

Looking at magnitude images of the head (T1, T2, FLAIR) on a finer grid, in a pane or in an export, always labelled as learned.

## Limits

- It is trained for what lies beyond the measured band alone: the graph without k-space replacement is worse than interpolation.
- It invents detail: what lies beyond the measured band of k-space is a guess from other heads. Never measure on it, and never look for small
  lesions in it.
- Trained on the heads of six people; other anatomy, other contrasts and artefacts are outside its experience.
- Noise of the scan is kept inside the measured band and is not continued outside, so texture changes.
- Images that were interpolated by the scanner have no detail at the edge of their band; there it adds little.
"""


def _reconresnet_limits(manifest: dict, rows: list[dict]) -> str:
    return f"""
## Intended use

Comparison with other reconstructions of undersampled brain MRI from a single coil, lines, points or radial, R = 2 to 10. With several coils the unrolled
networks are better: they see the coils, this one does not.

{verdict([r for r in rows if r['model'] == manifest['id']])}

## Limits

- It works on the magnitude; errors of the zero-filled phase stay, until data consistency corrects the measured part.
- Trained on the heads of six people, with simulated phase, coils and noise; other anatomy and pathology are outside its experience.
- It can remove or blur small low-contrast structures and leave faint residual aliasing, most of all at high R.
- It smooths noise; texture in the result is not evidence of structure.
"""


def verdict(rows: list[dict]) -> str:
    """How the network stands against L1-wavelet with its best λ, setting by setting, in plain words."""
    gains = {}
    for setting, group in _grouped(rows, 'setting').items():
        mean = {m: np.mean([r['psnr'] for r in group if r['method'] == m]) for m in ('l1-wavelet, best λ', 'reconresnet')}
        gains[setting] = float(mean['reconresnet'] - mean['l1-wavelet, best λ'])
    worse = [f'{setting} by {-gain:.1f} dB' for setting, gain in gains.items() if gain < 0]
    better = [f'{setting} by {gain:.1f} dB' for setting, gain in gains.items() if gain >= 0]
    parts = []
    if worse:
        parts.append(f'**In mean PSNR it is poorer than L1-wavelet with the best λ: {"; ".join(worse)}.** There, prefer the classical method.')
    if better:
        parts.append(f'In mean PSNR it is better than L1-wavelet with the best λ: {"; ".join(better)}.')
    return '\n'.join(parts)
