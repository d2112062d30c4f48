/** Which slice indices of a dynamic series show one place at several times. */
export { type Frames, framesOf } from '../array/frames.ts';
