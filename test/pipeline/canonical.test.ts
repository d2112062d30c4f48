import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256Hex } from '../../src/pipeline/canonical-json.ts';
import { packMask, unpackMask } from '../../src/sampling/mask-bits.ts';

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: 2, c: 'x' }], a: null })).toBe('{"a":null,"b":[1,{"c":"x","d":2}]}');
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });
  it('is JSON again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('sha256Hex', () => {
  it('is SHA-256 (FIPS 180-2, appendix B.1)', async () => {
    expect(await sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
  it('reads views over shared memory', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8), 2, 3);
    shared.set([97, 98, 99]);
    expect(await sha256Hex(shared)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('packMask', () => {
  it('comes back whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 1, maxLength: 500 }), (mask) => {
        expect([...unpackMask(packMask(mask), mask.length)]).toEqual([...mask]);
      }),
    );
  });
  it('puts the first value in the highest bit', () => {
    expect(packMask(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1, 1))).toBe(btoa('\u0081\u0080'));
  });
});
