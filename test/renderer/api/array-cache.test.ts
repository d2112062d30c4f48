import { describe, expect, it } from 'vitest';
import { zeros } from '../../../src/array/nd-array.ts';
import { ArrayCache } from '../../../renderer/api/array-cache.ts';

const kilobyte = () => zeros('uint8', [1024]);

describe('ArrayCache', () => {
  it('gives back the same object', () => {
    const cache = new ArrayCache(4096);
    const array = kilobyte();
    cache.set('a', array);
    expect(cache.get('a')).toBe(array);
    expect(cache.get('b')).toBeUndefined();
  });

  it('drops the least recently used when full', () => {
    const cache = new ArrayCache(3 * 1024);
    for (const url of ['a', 'b', 'c']) cache.set(url, kilobyte());
    cache.get('a');
    cache.set('d', kilobyte());
    expect(cache.get('b')).toBeUndefined();
    expect([cache.get('a'), cache.get('c'), cache.get('d')].every((x) => x !== undefined)).toBe(true);
    expect(cache.bytes).toBe(3 * 1024);
  });

  it('counts a replaced entry once and never keeps what is larger than the whole', () => {
    const cache = new ArrayCache(2048);
    cache.set('a', kilobyte());
    cache.set('a', kilobyte());
    expect(cache.bytes).toBe(1024);
    cache.set('big', zeros('uint8', [4096]));
    expect(cache.get('big')).toBeUndefined();
    expect(cache.get('a')).toBeDefined();
  });
});
