"""CARD.md of the learned patterns, and the picture beside it."""

import math
from collections import defaultdict

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .card import FIGURES_BEGIN, FIGURES_END, UNMEASURED
from .pattern_logits import CORE, DECAY
from .placement import budget, centre_count, design_lines, family_order, inclusion_of, logits_at
from .split import DEV, TRAIN

MACHINE = '2-core x86-64 CPU shared with other work, one thread'
PICTURE_COLUMNS = 320
GRID, INK = '#e4e4e7', '#3f3f46'
COLOURS = {'family': '#52525b', 'r4': '#2563eb', 'r6': '#059669', 'r8': '#dc2626'}


def write_card(manifest: dict, patterns: dict, states: tuple[dict, dict], report: dict | None) -> str:
    """The card as Markdown. `states` are of the runs of lines and of points; `report` of the comparison, if there was one."""
    parts = (_head(manifest), _what(patterns), _training(states), _data(), _figures(), _comparison(report), _facts(patterns), _limits())
    return '\n\n'.join(part.strip() for part in parts) + '\n'


def _head(manifest: dict) -> str:
    return f"""
# {manifest['title']} ({manifest['id']} {manifest['version']})

{manifest['summary']}

**Research use only. Not for diagnostic use.** Licence: {manifest['licence']}. File `patterns.json`, {manifest['files']['patterns']['bytes']:,}
bytes, SHA-256 `{manifest['files']['patterns']['sha256']}`.

![Learned densities of lines and the lines they give at 320 columns](density.png)
"""


def _what(patterns: dict) -> str:
    centres = ', '.join(f'{d["name"]}: {d["centreFraction"]:g}' for d in patterns['lines'])
    return f"""
## What is learned

Logits on normalised frequency f = (k - floor(N/2))/N: {len(patterns['family']['logits'])} knots for lines, a {len(patterns['points'][0]['logits'])} x {len(patterns['points'][0]['logits'])} grid for points. For a
matrix of N columns they are interpolated, turned into inclusion probabilities that sum to the budget, and laid out without
chance: the centre is kept whole, the other lines are where the running sum of the probabilities passes j + 1/4 (systematic
sampling), so that spacings follow the density and the mirror image of each line falls between two others. Exactly round(N/R) lines are kept; the centre is
part of them and has max(6, fraction x N) lines, with the fraction {patterns['family']['centreFraction']:g} for the family and {centres} for the designs, less where the budget is smaller. The family ranks all
lines once: first the centre, then always the line with the largest void around it, so its lines at a higher acceleration are
among those at a lower one. Points are placed by dart throwing with a radius of 1/sqrt(probability), in one fixed random order.
"""


def _training(states) -> str:
    lines, points = states
    rows = '\n'.join(
        f'| {kind} | {s["config"]["seed"]} | {s["step"]:,} | {s["spent"] / 60:.1f} | {s["config"]["training"]["learningRate"]:g} | {s["config"]["training"]["learningRate"] * s["config"]["training"]["logitsRateFactor"]:g} | {s["averaged"]} |'
        for kind, s in (('lines', lines), ('points', points))
    )
    p = lines['config']['patterns']
    return f"""
## Training

Top-K DPS (Huijben, Veeling and van Sloun, ICLR 2020) jointly with the unrolled network M, whose weights it begins with: Gumbel
top-K, straight-through, hard budget, fixed centre, one example a step. Lines: the soft mask is the sum of successive softmaxes (temperature {p['temperature']:g});
in {1 - p['gumbelShare']:.0%} of the steps lines are laid out as they are delivered, from a random offset, with the gradient of the inclusion
probabilities. Points: Gumbel top-K with that same gradient (K softmaxes over all points would not fit in memory). The family draws
R between {p['familyRates'][0]} and {p['familyRates'][1]} in every step. Logits begin as -{DECAY:g} log(|f| + {CORE:g}) (twice that for points); what is shipped is their mean over the last steps.

| kind | seed | steps | minutes | learning rate, network | learning rate, logits | steps averaged |
|---|---|---|---|---|---|---|
{rows}

Machine: {MACHINE}. This is a short run, on the weights of a network whose own training was not finished; recipes:
`models/training/configs/patterns-*.json`.
"""


def _data() -> str:
    rows = '\n'.join(f'| `{s.file}` | {s.licence} | {s.citation} |' for s in TRAIN)
    held = ', '.join(f'`{s.file}`' for s in DEV)
    return f"""
## Data

Simulated multi-coil scans (smooth phase, 4 to 12 coils, noise 0.3 to 3 % of tissue) of slices of

| file | licence | citation |
|---|---|---|
{rows}

Held out, and used for the figures below alone: {held}.
"""


def _figures() -> str:
    return f'## Figures\n\n{FIGURES_BEGIN}\n\n{UNMEASURED}\n\n{FIGURES_END}'


def _comparison(report: dict | None) -> str:
    if report is None:
        return '## Comparison\n\nNot measured for these weights.'
    c = report['config']
    groups = defaultdict(list)
    for row in report['rows']:
        groups[row['pattern']].append(row)
    table = '\n'.join(_compared(name, rows) for name, rows in groups.items())
    fixed = {name: np.mean([r['psnr'] for r in groups[name]]) for name in ('random', 'equispaced', 'gaussian', 'low-pass')}
    best = max(fixed, key=fixed.get)
    gain = np.mean([r['psnr'] for r in groups['learned']]) - fixed[best]
    wins = sum(a['psnr'] > b['psnr'] for a, b in zip(groups['learned'], groups[best]))
    return f"""
## Training record: comparison at {c['acceleration']}x with a network tuned for each pattern

Not measured through the product, and not measured again by `npm run models:evaluate`. The network unrolled-m (`{report['start']['file']}`, SHA-256 `{report['start']['sha256'][:16]}...`) was tuned for each pattern with the same {c['training']['steps']} scans, seeds and
learning rate ({c['training']['learningRate']:g}), then scored on {len(groups['learned'])} held-out slices in PyTorch (PSNR and SSIM by fastMRI's definition, against the combined
full data). Every pattern keeps {c['centreFraction']:.0%} of the lines around DC; all but equispaced, which comes near, keep exactly 1/{c['acceleration']} of the lines, rounded. Random, equispaced and Gaussian lines (standard
deviation 0.15 to 0.3 of the width) were drawn anew in every step and for every slice. **Learned against the best of the others ({best}): {gain:+.2f} dB**, better on {wins} of {len(groups['learned'])} slices.
Tuning took {report["seconds"] / 60:.0f} minutes for all five together on a {MACHINE}: a small budget, the same for each.

| pattern | PSNR (dB) | SSIM | worst slice (dB) | lines kept | mean distance from DC, cycles per sample |
|---|---|---|---|---|---|
{table}

`learned family` and `initial density` (the density that learning began with, laid out the same way) were scored with the network
tuned for the learned pattern. The difference between `initial density` and `learned` is what learning brought; the rest of the gain is
the even layout.
"""


def _compared(name: str, rows: list[dict]) -> str:
    mean = {key: np.mean([r[key] for r in rows]) for key in ('psnr', 'ssim', 'meanFrequency')}
    kept = sum(r['kept'] for r in rows) / sum(r['columns'] for r in rows)
    worst = min(r['psnr'] for r in rows)
    return f'| {name} | {mean["psnr"]:.2f} | {mean["ssim"]:.4f} | {worst:.2f} | 1/{1 / kept:.2f} | {mean["meanFrequency"]:.3f} |'


def _facts(patterns: dict) -> str:
    rows = []
    for columns in (256, 320):
        for design in patterns['lines']:
            mask = design_lines(design['logits'], columns, design['acceleration'], design['centreFraction'], design['offset'])
            rng = np.random.default_rng(columns)
            random = [_random_lines(rng, columns, len(np.flatnonzero(mask)), design['centreFraction']) for _ in range(50)]
            k = np.flatnonzero(mask) - columns // 2
            rows.append(
                f'| {design["name"]} | {columns} | {len(k)} | {centre_count(columns, design["centreFraction"], len(k))} '
                f'| {_distance(mask):.3f} | {np.mean([_distance(m) for m in random]):.3f} '
                f'| {side_lobe(mask):.1f} | {np.mean([side_lobe(m) for m in random]):.1f} | {np.diff(k).max()} | {np.abs(k).max()} |'
            )
    table = '\n'.join(rows)
    return f"""
## The patterns themselves

Beside lines of the same number and centre that are drawn at random outside it, mean of 50 draws. Distance from DC in cycles per sample;
side lobe: the highest point of the point-spread function outside its main lobe, relative to its peak.

| design | columns | lines | centre | mean distance from DC | random | side lobe (dB) | random | largest gap | outermost line |
|---|---|---|---|---|---|---|---|---|---|
{table}
"""


def _random_lines(rng, columns: int, kept: int, fraction: float) -> np.ndarray:
    count = centre_count(columns, fraction, kept)
    mask = np.zeros(columns)
    mask[columns // 2 - count // 2 :][:count] = 1
    mask[rng.choice(np.flatnonzero(mask == 0), kept - count, replace=False)] = 1
    return mask


def _distance(mask: np.ndarray) -> float:
    return float(np.abs(np.flatnonzero(mask) - len(mask) // 2).mean() / len(mask))


def side_lobe(mask: np.ndarray) -> float:
    """Of the point-spread function of a line mask, dB relative to its peak; the main lobe ends where it first rises again."""
    spread = np.abs(np.fft.fft(np.fft.ifftshift(mask)))[: len(mask) // 2 + 1]
    rising = np.flatnonzero(np.diff(spread) > 0)
    return float(20 * np.log10(spread[rising[0] :].max() / spread[0])) if len(rising) else -math.inf


def _limits() -> str:
    return """
## Limits

Learned on brain slices and simulated coils; the density belongs to images like these, to the network it was learned with, and to PSNR and
SSIM: it keeps few lines at high frequencies, so fine detail at the resolution limit comes from few samples. Where the phase is rough (air
boundaries, fat), mirrored lines carry less than the layout takes for granted. For prospective use the list of lines can be exported;
nothing was measured on a scanner.
"""


def density_picture(patterns: dict) -> Image.Image:
    """Inclusion probability of each line at 320 columns for every design, and the lines themselves below."""
    width, height, left = 720, 240, 56
    fine = 3
    image = Image.new('RGB', (width * fine, (height + 110) * fine), '#ffffff')
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(11 * fine)

    def x(column: float) -> float:
        return fine * (left + (width - left - 20) * column / PICTURE_COLUMNS)

    def y(probability: float) -> float:
        return fine * (height - 20 - (height - 40) * probability)

    for tick in (-0.5, -0.25, 0, 0.25, 0.5):
        at = x((tick + 0.5) * PICTURE_COLUMNS)
        draw.line((at, y(0), at, y(1)), fill=GRID, width=fine)
        draw.text((at, y(0) + 4 * fine), f'{tick:g}', fill=INK, font=font, anchor='mt')
    for value in (0, 0.5, 1):
        draw.line((x(0), y(value), x(PICTURE_COLUMNS), y(value)), fill=GRID, width=fine)
        draw.text((x(0) - 6 * fine, y(value)), f'{value:g}', fill=INK, font=font, anchor='rm')
    title = f'Probability that a line is kept, by frequency in cycles per sample; lines at {PICTURE_COLUMNS} columns (family: 8x)'
    draw.text((x(0), 5 * fine), title, fill=INK, font=font)
    for row, design in enumerate([*patterns['lines'], {**patterns['family'], 'name': 'family', 'acceleration': 8}]):
        colour = COLOURS[design['name']]
        probabilities, mask = _laid_out(design)
        draw.line([(x(k + 0.5), y(p)) for k, p in enumerate(probabilities)], fill=colour, width=2 * fine, joint='curve')
        top = fine * (height + 10 + 24 * row)
        draw.text((6 * fine, top + 8 * fine), design['name'], fill=colour, font=font, anchor='lm')
        for k in np.flatnonzero(mask):
            draw.rectangle((x(k), top, x(k) + 1.4 * fine, top + 16 * fine), fill=colour)
    return image.resize((width * 3 // 2, (height + 110) * 3 // 2), Image.Resampling.LANCZOS)


def _laid_out(design: dict) -> tuple[np.ndarray, np.ndarray]:
    """Inclusion probabilities (1 in the centre) and mask [columns]."""
    kept = budget(PICTURE_COLUMNS, design['acceleration'])
    count = centre_count(PICTURE_COLUMNS, design['centreFraction'], kept)
    logits = logits_at(design['logits'], PICTURE_COLUMNS)
    start = PICTURE_COLUMNS // 2 - count // 2
    logits[start : start + count] = -math.inf
    probabilities = inclusion_of(logits, kept - count)
    probabilities[start : start + count] = 1
    if design['name'] != 'family':
        return probabilities, design_lines(design['logits'], PICTURE_COLUMNS, design['acceleration'], design['centreFraction'], design['offset'])
    mask = np.zeros(PICTURE_COLUMNS)
    mask[family_order(design['logits'], PICTURE_COLUMNS, kept, design['centreFraction'], design['mirror'])] = 1
    return probabilities, mask
