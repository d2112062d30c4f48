/** Sorts frames into series: same shape, orientation, echo and component; slices along the normal, repeats as volumes. */
import { type Frame, normalOf } from './frame.ts';
import { TAG } from './tags.ts';
import { dot } from '../vec3.ts';

/** Frames of one series in reading order: volume by volume, slice by slice. */
export interface Stack {
  readonly frames: readonly Frame[];
  readonly volumes: number;
  readonly slices: number;
  /** Distance of neighbouring slices along the normal, mm; undefined for one slice or without geometry. */
  readonly step?: number;
}

/** Positions closer than this are the same slice, mm. */
const SAME_PLACE = 0.01;

export function arrange(frames: readonly Frame[], warn: (text: string) => void): Stack[] {
  const groups = new Map<string, Frame[]>();
  for (const frame of frames) {
    const key = groupKey(frame);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [frame]);
    else group.push(frame);
  }
  return [...groups.values()].map((group) => stackOf(withoutCopies(group, warn), warn));
}

function groupKey(frame: Frame): string {
  const { plane, spacing } = frame;
  const round = (values: readonly number[]): string => values.map((v) => Math.round(v * 1000)).join(',');
  return [
    frame.instance.tags.text(TAG.SeriesInstanceUID) ?? '',
    frame.rows,
    frame.columns,
    frame.component,
    frame.echoTime === undefined ? '' : round([frame.echoTime]),
    frame.stack,
    plane === undefined ? '' : round([...plane.rowDirection, ...plane.columnDirection]),
    spacing === undefined ? '' : round(spacing),
  ].join('|');
}

/** The same object twice in a folder counts once. */
function withoutCopies(group: readonly Frame[], warn: (text: string) => void): Frame[] {
  const seen = new Set<string>();
  const kept = group.filter((frame) => {
    const uid = frame.instance.tags.text(TAG.SOPInstanceUID);
    if (uid === undefined) return true;
    const key = `${uid}|${frame.index}|${frame.tile?.row ?? 0}|${frame.tile?.column ?? 0}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const copies = group.length - kept.length;
  if (copies > 0)
    warn(`${copies} ${copies === 1 ? 'image is' : 'images are'} there twice (same SOP Instance UID); the copies are left out.`);
  return kept;
}

function stackOf(group: readonly Frame[], warn: (text: string) => void): Stack {
  const first = group[0] as Frame;
  if (group.some((f) => f.plane === undefined)) {
    if (group.length > 1) warn('Images without position in the patient are ordered by their number.');
    return { frames: group.toSorted(byOrder), volumes: 1, slices: group.length };
  }
  const normal = normalOf(first.plane as NonNullable<Frame['plane']>);
  const placed = group.map((frame) => ({ frame, at: dot((frame.plane as NonNullable<Frame['plane']>).position, normal) }));
  placed.sort((a, b) => a.at - b.at || byOrder(a.frame, b.frame));
  const places: { at: number; frames: Frame[] }[] = [];
  for (const { frame, at } of placed) {
    const last = places.at(-1);
    if (last !== undefined && at - last.at < SAME_PLACE) last.frames.push(frame);
    else places.push({ at, frames: [frame] });
  }
  const volumes = places.reduce((least, p) => Math.min(least, p.frames.length), Number.POSITIVE_INFINITY);
  const extra = group.length - volumes * places.length;
  if (extra > 0) {
    warn(
      `${extra} ${extra === 1 ? 'image lies' : 'images lie'} at the same position as another and do not make up a whole volume; left out.`,
    );
  }
  for (const place of places) place.frames.sort(byOrder);
  const frames = Array.from({ length: volumes }, (_, v) => places.map((p) => p.frames[v] as Frame)).flat();
  const step = stepOf(
    places.map((p) => p.at),
    warn,
  );
  return { frames, volumes, slices: places.length, ...(step === undefined ? {} : { step }) };
}

function byOrder(a: Frame, b: Frame): number {
  for (let i = 0; i < a.order.length; i++) {
    const difference = (a.order[i] as number) - (b.order[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Median distance; warns of gaps and of uneven spacing. */
function stepOf(positions: readonly number[], warn: (text: string) => void): number | undefined {
  const steps = positions.slice(1).map((p, i) => p - (positions[i] as number));
  const median = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)];
  if (median === undefined) return undefined;
  const gaps = steps.flatMap((s, i) => (s > 1.5 * median ? [`${Math.round(s / median) - 1} after slice ${i + 1}`] : []));
  if (gaps.length > 0)
    warn(`Slices seem to be missing: ${gaps.slice(0, 5).join(', ')}${gaps.length > 5 ? ' and more' : ''} (step ${median.toFixed(2)} mm).`);
  else if (steps.some((s) => Math.abs(s - median) > 0.01 * median + SAME_PLACE)) warn('Slices are not evenly spaced.');
  return median;
}
