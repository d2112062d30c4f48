"""Writes the colour maps of this folder as 256 sRGB triples.

viridis, inferno, cividis: the tables of matplotlib (CC0: S. van der Walt, N. Smith; Nuñez, Anderton, Renslow 2018).
diverging: magenta - dark - cyan, straight in OKLab (B. Ottosson 2020) from each end to a dark zero.
phase: a circle of constant lightness and chroma in OKLCh, so that no phase stands out.

    python3 generate.py        (needs numpy and matplotlib)
"""
import json
import pathlib

import matplotlib
import numpy as np

HERE = pathlib.Path(__file__).parent
MAGENTA, ZERO, CYAN = '#ff6ac1', '#0a0b0d', '#5ad1e6'

LMS_OF_RGB = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                       [0.2119034982, 0.6806995451, 0.1073969566],
                       [0.0883024619, 0.2817188376, 0.6299787005]])
LAB_OF_LMS = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                       [1.9779984951, -2.4285922050, 0.4505937099],
                       [0.0259040371, 0.7827717662, -0.8086757660]])


def oklab_of_hex(text):
    srgb = np.array([int(text[i:i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return LAB_OF_LMS @ np.cbrt(LMS_OF_RGB @ linear)


def srgb8_of_oklab(lab):
    lms = (np.linalg.inv(LAB_OF_LMS) @ lab.T) ** 3
    linear = np.clip((np.linalg.inv(LMS_OF_RGB) @ lms).T, 0, 1)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(srgb * 255).astype(int)


def diverging():
    low, zero, high = (oklab_of_hex(c) for c in (MAGENTA, ZERO, CYAN))
    s = np.linspace(-1, 1, 256)[:, None]
    return srgb8_of_oklab(np.where(s < 0, zero + (low - zero) * -s, zero + (high - zero) * s))


def phase():
    angle = np.linspace(0, 2 * np.pi, 256) + np.deg2rad(210)
    return srgb8_of_oklab(np.stack([np.full(256, 0.74), 0.115 * np.cos(angle), 0.115 * np.sin(angle)], axis=1))


def published(name):
    return np.rint(np.array(matplotlib.colormaps[name](np.arange(256)))[:, :3] * 255).astype(int)


def write(name, title, kind, source, licence, table):
    rows = ',\n    '.join(', '.join(f'{v}' for v in row.ravel()) for row in table.reshape(32, 8, 3))
    head = json.dumps(dict(name=name, title=title, kind=kind, source=source, licence=licence), indent=2, ensure_ascii=False)
    (HERE / f'{name}.json').write_text(f'{head[:-2]},\n  "colours": [\n    {rows}\n  ]\n}}\n', encoding='utf-8')


OWN = 'generate.py'
write('grey', 'Grey', 'sequential', OWN, 'MIT', np.repeat(np.arange(256)[:, None], 3, axis=1))
write('viridis', 'Viridis', 'sequential', 'matplotlib', 'CC0', published('viridis'))
write('inferno', 'Inferno', 'sequential', 'matplotlib', 'CC0', published('inferno'))
write('cividis', 'Cividis', 'sequential', 'matplotlib', 'CC0', published('cividis'))
write('diverging', 'Magenta – dark – cyan', 'diverging', OWN, 'MIT', diverging())
write('phase', 'Phase', 'cyclic', OWN, 'MIT', phase())
