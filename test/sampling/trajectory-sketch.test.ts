import { describe, expect, it } from 'vitest';
import { radialTrajectory } from '../../src/sampling/radial.ts';
import { trajectorySketch } from '../../src/sampling/trajectory-sketch.ts';

const radial = (side: number, spokes: number) =>
  radialTrajectory({ rows: side, columns: side }, { spokes, ordering: 'golden', tinyNumber: 1, oversampling: 2, offset: 0, frame: 0 });

describe('trajectorySketch', () => {
  it('keeps a small trajectory as it is', () => {
    const trajectory = radial(16, 5);
    expect(trajectorySketch(trajectory)).toEqual(trajectory.points);
  });

  it('thins a large one out, first and last sample of first and last readout among what stays', () => {
    const { points } = radial(256, 700);
    const sketch = trajectorySketch({ points });
    expect(sketch.shape).toEqual([64, 512, 2]);
    expect([...sketch.data.subarray(0, 2)]).toEqual([...points.data.subarray(0, 2)]);
    expect([...sketch.data.subarray(-2)]).toEqual([...points.data.subarray(-2)]);
  });
});
