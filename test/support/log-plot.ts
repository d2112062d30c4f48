/** Panels of curves on two logarithmic axes, as SVG that reads on light and dark pages. */

export interface Panel {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
}

const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [330, 300, 52, 34, 14, 44];
/** Distinct in lightness too: Okabe and Ito's palette for colour-blind readers. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const INK = '#808080';

export function logPlot(panels: readonly Panel[]): string {
  const names = [...new Set(panels.flatMap((panel) => panel.curves.map((curve) => curve.name)))];
  const height = HEIGHT + 26;
  const body = panels.map((panel, i) => `<g transform="translate(${i * WIDTH} 0)">${drawPanel(panel, names)}</g>`).join('\n');
  const legend = names
    .map((name, i) => `<g transform="translate(${LEFT + i * 130} ${HEIGHT + 10})"><path d="M0 0h22" stroke="${colourOf(i)}" stroke-width="2"/>${text(28, 4, name, 'start')}</g>`)
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panels.length * WIDTH} ${height}" width="${panels.length * WIDTH}" font-family="sans-serif" font-size="12" fill="none">\n${body}\n${legend}\n</svg>\n`;
}

function drawPanel({ title, x, y, curves }: Panel, names: readonly string[]): string {
  const all = curves.flatMap((curve) => curve.points);
  const across = axis(all.map(([value]) => value), LEFT, WIDTH - RIGHT, 2);
  const up = axis(all.map(([, value]) => value), HEIGHT - BOTTOM, TOP, 10);
  const grid = [
    ...across.ticks.map((tick) => `<path d="M${across.at(tick)} ${TOP}V${HEIGHT - BOTTOM}" stroke="${INK}" stroke-opacity=".25"/>${text(across.at(tick), HEIGHT - BOTTOM + 16, String(tick), 'middle')}`),
    ...up.ticks.map((tick) => `<path d="M${LEFT} ${up.at(tick)}H${WIDTH - RIGHT}" stroke="${INK}" stroke-opacity=".25"/>${text(LEFT - 6, up.at(tick) + 4, String(tick), 'end')}`),
  ];
  const lines = curves.map(({ name, points }) => {
    const colour = colourOf(names.indexOf(name));
    const d = points.map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${across.at(a)} ${up.at(b)}`).join('');
    return `<path d="${d}" stroke="${colour}" stroke-width="2"/>${points.map(([a, b]) => `<circle cx="${across.at(a)}" cy="${up.at(b)}" r="2.5" fill="${colour}"/>`).join('')}`;
  });
  return [text((LEFT + WIDTH - RIGHT) / 2, 20, title, 'middle'), ...grid, ...lines, text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x, 'middle'), text(LEFT, TOP - 6, y, 'middle')].join('');
}

/** Ticks at powers of `base` that span the values, and where a value lies between `from` and `to`. */
function axis(values: readonly number[], from: number, to: number, base: number): { readonly ticks: readonly number[]; at(value: number): number } {
  const log = (value: number) => Math.log(value) / Math.log(base);
  const first = Math.floor(log(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(log(Math.max(...values)) - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number((base ** (first + i)).toPrecision(6)));
  return { ticks, at: (value) => Number((from + ((log(value) - first) / (last - first)) * (to - from)).toFixed(1)) };
}

const text = (x: number, y: number, words: string, anchor: string): string => `<text x="${x}" y="${y}" fill="${INK}" text-anchor="${anchor}">${words}</text>`;
const colourOf = (index: number): string => COLOURS[index % COLOURS.length] as string;
