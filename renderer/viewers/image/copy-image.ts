/** PNG of a pane, labels burned in on request, to the clipboard where it is allowed. */
import { LacunaError } from '../../../src/errors.ts';
import type { CopiedImage } from './types.ts';

export interface BurnedLabels {
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
}

const MARGIN = 10;
const FONT_SIZE = 13;

function burn(source: HTMLCanvasElement, labels: BurnedLabels, ratio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = source.width;
  canvas.height = source.height;
  const context = canvas.getContext('2d');
  if (context === null) throw new LacunaError('internal', 'the browser gave no 2-D canvas');
  context.drawImage(source, 0, 0);
  context.font = `${FONT_SIZE * ratio}px ${getComputedStyle(document.documentElement).fontFamily}`;
  context.fillStyle = '#e7eaee';
  context.shadowColor = '#000';
  context.shadowBlur = 3 * ratio;
  const margin = MARGIN * ratio;
  const write = (text: string, x: number, y: number, align: CanvasTextAlign, base: CanvasTextBaseline): void => {
    context.textAlign = align;
    context.textBaseline = base;
    context.fillText(text, x, y);
  };
  write(labels.topLeft, margin, margin, 'left', 'top');
  write(labels.topRight, canvas.width - margin, margin, 'right', 'top');
  write(labels.bottomLeft, margin, canvas.height - margin, 'left', 'bottom');
  write(labels.bottomRight, canvas.width - margin, canvas.height - margin, 'right', 'bottom');
  return canvas;
}

/** `draw` must draw in the same task: the drawing buffer is not kept. */
export async function copyCanvas(
  canvas: HTMLCanvasElement,
  draw: () => void,
  labels: BurnedLabels | null,
): Promise<CopiedImage> {
  draw();
  const source = labels === null ? canvas : burn(canvas, labels, globalThis.devicePixelRatio || 1);
  const blob = await new Promise<Blob>((resolve, reject) => {
    source.toBlob((made) => {
      if (made === null) reject(new LacunaError('internal', 'the browser made no PNG of the pane'));
      else resolve(made);
    }, 'image/png');
  });
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
    return { blob, toClipboard: true };
  } catch {
    // No permission, no focus or no clipboard: the caller offers a download.
    return { blob, toClipboard: false };
  }
}
