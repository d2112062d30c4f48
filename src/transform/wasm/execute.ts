/** The kernels by number; src/transform/kernels.ts names them. */
import { cropColumns, cropRows, packImage, padColumns, padRows, toeplitzColumns, toeplitzRows, toeplitzSum } from './coil-fft';
import { espiritRow } from './espirit';
import { fftAxis } from './fft';
import { gFactorRow } from './g-factor';
import { applyReflectors, projectorRow, reduceRows } from './hermitian';
import { interpolate, packSamples, spread } from './gridding';
import { pack } from './pack';
import { adjointRows, columnsInverse, columnsMasked, forwardRows, normalLines } from './sense';
import { seriesConsistent, seriesGram, seriesShrink } from './series';
import { tvDivergence, tvDual, tvNormal } from './tv';
import { combine, dot } from './vector';
import { waveletColumns, waveletEnter, waveletLeave, waveletRows } from './wavelet';

/** Where the arguments of the current job lie. */
const JOB: usize = 256;

export function execute(kernel: i32, task: i32, scratch: usize): void {
  switch (kernel) {
    case 0: return fftAxis(JOB, task, scratch);
    case 1: return combine(JOB, task);
    case 2: return dot(JOB, task);
    case 3: return pack(JOB, task, true);
    case 4: return pack(JOB, task, false);
    case 5: return normalLines(JOB, task, scratch);
    case 6: return forwardRows(JOB, task, scratch);
    case 7: return columnsMasked(JOB, task, scratch);
    case 8: return columnsInverse(JOB, task, scratch);
    case 9: return adjointRows(JOB, task, scratch);
    case 10: return waveletRows(JOB, task, scratch, true);
    case 11: return waveletRows(JOB, task, scratch, false);
    case 12: return waveletColumns(JOB, task, scratch, true);
    case 13: return waveletColumns(JOB, task, scratch, false);
    case 14: return waveletEnter(JOB, task, scratch);
    case 15: return waveletLeave(JOB, task, scratch);
    case 32: return spread(JOB, task);
    case 33: return interpolate(JOB, task);
    case 34: return packSamples(JOB, task, true);
    case 35: return packSamples(JOB, task, false);
    case 36: return packImage(JOB, task, true);
    case 37: return packImage(JOB, task, false);
    case 38: return padColumns(JOB, task, scratch);
    case 39: return padRows(JOB, task, scratch);
    case 40: return cropRows(JOB, task, scratch);
    case 41: return cropColumns(JOB, task, scratch);
    case 42: return toeplitzColumns(JOB, task, scratch);
    case 43: return toeplitzRows(JOB, task, scratch);
    case 44: return toeplitzSum(JOB, task, scratch);
    case 48: return reduceRows(JOB, task);
    case 49: return applyReflectors(JOB, task);
    case 50: return projectorRow(JOB, task);
    case 51: return espiritRow(JOB, task, scratch);
    case 56: return tvNormal(JOB, task);
    case 57: return tvDual(JOB, task);
    case 58: return tvDivergence(JOB, task);
    case 64: return seriesGram(JOB, task);
    case 65: return seriesShrink(JOB, task, scratch);
    case 66: return seriesConsistent(JOB, task);
    case 72: return gFactorRow(JOB, task, scratch);
    default: unreachable();
  }
}
