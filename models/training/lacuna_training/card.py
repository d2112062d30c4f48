"""CARD.md of an unrolled network: what it is, what it was made from, what it is for. Its figures are put in by the evaluation."""

import os
import platform

from .simulate import REFERENCE_BLOCK
from .split import DEV, MEASURED_COILS, TRAIN
from .train import USUAL_CLOSING

# `npm run models:evaluate -- --write` replaces what stands between these (test/evaluation/card.ts).
FIGURES_BEGIN = '<!-- figures: made by npm run models:evaluate -- --write -->'
FIGURES_END = '<!-- /figures -->'
UNMEASURED = 'Not measured yet for these weights.'
LINE_PATTERNS = ('random', 'equispaced', 'Gaussian')


def write_card(manifest: dict, state: dict, parity: dict[str, float], about: dict) -> str:
    """The card as Markdown. `state` is the checkpoint's config, step and spent seconds; `about` the configuration's words on itself."""
    config = state['config']
    parts = (
        _head(manifest),
        _network(manifest, config['network'], parity),
        _running(manifest['inference']),
        _data(config['simulation']),
        _training(state, about),
        f'## Figures\n\n{FIGURES_BEGIN}\n\n{UNMEASURED}\n\n{FIGURES_END}',
        _limits(manifest, config['simulation']),
    )
    return '\n\n'.join(part.strip() for part in parts) + '\n'


def _head(manifest: dict) -> str:
    return f"""
# {manifest['title']} ({manifest['id']} {manifest['version']})

{manifest['summary']}

**Research use only. Not for diagnostic use.** Licence of the weights: {manifest['licence']}.
"""


def _network(manifest: dict, n: dict, parity: dict[str, float]) -> str:
    widths = ', '.join(str(w) for w in n['widths'])
    closing = n.get('closing', USUAL_CLOSING)
    files = '\n'.join(
        f'| `{g["file"]}` | {g["bytes"]:,} | `{g["sha256"]}` | {parity[kind]:.1e} |' for kind, g in manifest['graphs'].items()
    )
    return f"""
## Network

{n['cgSteps']} conjugate-gradient {'step' if n['cgSteps'] == 1 else 'steps'} on the SENSE normal equations (lambda {n['cgLambda']}), then {n['stages']} stages,
each a gradient step with learned step size and momentum plus a residual U-Net ({widths} features at 1/2, 1/4 and 1/8
resolution) that sees the image, the gradient and the features of the stage before; the acquired fraction and the noise level
modulate the features, so that one network serves every acceleration. One more learned gradient step follows, then
{closing['lines']} (graph `lines`) or {closing['points']} (graph `points`) conjugate-gradient iterations without learned parts, which look for the
least change that explains the samples, next to none in air; how much may change follows from the noise. {manifest['parameters']:,} parameters,
float32; both graphs hold the same
weights. Scaling k-space and its noise scales the image. For line patterns the physics needs the DFT along one axis alone.

| file | bytes | SHA-256 | largest relative difference, ONNX Runtime CPU and PyTorch |
|---|---|---|---|
{files}
"""


def _running(inference: dict) -> str:
    passes = {1: 'Coil maps are made once, from the calibration centre', 2: 'Coil maps are made again from what a first pass has filled in'}
    averages = inference['averages']
    copies = 'one run, no averaging' if averages == 1 else f'{averages} mirrored and conjugated copies are averaged'
    return f"""
## How it is run

Channels are compressed to {inference['virtualCoils']} virtual coils (SVD of the calibration centre) where there are more. {passes[inference['mapPasses']]};
{copies}. The figures below were measured this way; a person may choose otherwise.
"""


def _data(s: dict) -> str:
    def table(sources):
        return '\n'.join(f'| `{source.file}` | {source.licence} | {source.citation} |' for source in sources)

    random, equispaced, gaussian = (f'{share:.0%}' for share in s['linesMix'])
    low, high = (f'{100 * level:g}' for level in s['noise'])
    return f"""
## Data

Trained on 2-D slices of these magnitude volumes, and on synthetic ellipses ({s['synthetic']:.0%}):

| file | licence | source |
|---|---|---|
{table(TRAIN)}

Multi-coil k-space was simulated from them: contrast, shading and geometry varied; smooth random phase; {s['coils'][0]} to {s['coils'][1]} coils
({s['singleCoil']:.0%} one coil); complex white noise of {low} to {high} % of the mean tissue signal. {s['measuredCoils']:.0%} of the multi-coil examples have
coil maps measured with a real array, turned, mirrored, stretched and shifted (`{MEASURED_COILS.file}`, {MEASURED_COILS.licence}, {MEASURED_COILS.citation}); the
others birdcage-like ones. {s['points']:.0%} are small slices with point patterns; of the line patterns {random} are random, {equispaced} equispaced and
{gaussian} Gaussian, at R = 2 to 10. Maps were given to the network as they are estimated from the calibration centre
({1 - s['trueMaps'] - s['otherBlock']:.0%}), from another block ({s['otherBlock']:.0%}), or as a second pass finds them and true ones ({s['trueMaps']:.0%}).
`ptbp_t1_axial_train.npz` was left out, since its data licence is not verified.

Held out, used for the figures below alone; but of the measured slice training has seen the coil maps, warped, as said above. Its
anatomy was never shown:

| file | licence | source |
|---|---|---|
{table(DEV)}
"""


def _training(state: dict, about: dict) -> str:
    c, t = state['config'], state['config']['training']
    machine = about.get('machine', f'a {os.cpu_count()}-core {platform.machine().replace("_", "-")} CPU that had other work to do')
    start = about.get('startedFrom')
    began = f'Started from {start}. ' if start else 'Started from random weights. '
    return f"""
## Training

{began}Recipe: `models/training/configs/{about.get('recipe', c['id'])}.json`, {state['step']:,} steps of {t['accumulate']} example{'s' if t['accumulate'] > 1 else ''},
{state['spent'] / 60:.0f} minutes on {machine}, seed {c['seed']}; Adam, learning rate {t['learningRate']:g} falling to
{t['finalLearningRate']:g}; the weights are a moving average (decay {t['ema']:g}). Loss: log of the root-mean-square error of the magnitude
(and {t['complexWeight']:g} x that of the complex image) plus {t['ssimWeight']:g} x log(1 - SSIM), against the noisy, fully sampled coil images combined
with low-resolution maps of their own central {REFERENCE_BLOCK}×{REFERENCE_BLOCK} samples.
"""


def _limits(manifest: dict, s: dict) -> str:
    trained = manifest['trained']
    sides = f'{trained["matrix"][0]} to {trained["matrix"][1]}'
    return f"""
## Intended use

Cartesian brain MRI (T1, T2, FLAIR), 2-D slices, line patterns ({', '.join(LINE_PATTERNS)}; graph `lines`, phase encoding along
columns) and point patterns (Poisson-disc, variable density; graph `points`) at R = {trained['acceleration'][0]} to {trained['acceleration'][1]} with a fully
sampled centre, up to {max(s['virtualCoils'])} virtual coils, sides of about {sides}. Radial and spiral sampling run through the graph `points` with the transfer
function of the trajectory; nothing like them was trained on.

## Limits

- Trained on slices of the heads of six people; other anatomy and pathology are outside its experience. It can remove or blur
  small low-contrast structures and leave faint residual aliasing, most of all at R of 8 and above.
- Simulated coils and noise for most examples: correlated noise, motion, partial Fourier and field distortion were not part of training.
- It smooths noise; texture in the result is not evidence of structure.
- It relies on maps from the calibration centre; below about 8 centre lines they are poor, and so is the image.
"""
