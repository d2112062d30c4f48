import { describe, expect, it } from 'vitest';
import { Scope } from '../../../renderer/viewers/scope.ts';

describe('Scope', () => {
  it('frees in reverse order, once', () => {
    const scope = new Scope();
    const freed: string[] = [];
    scope.add(() => freed.push('first'));
    scope.add(() => freed.push('second'));
    scope.dispose();
    scope.dispose();
    expect(freed).toEqual(['second', 'first']);
    expect(scope.size).toBe(0);
  });

  it('frees at once what is registered after disposal', () => {
    const scope = new Scope();
    scope.dispose();
    let freed = 0;
    scope.add(() => freed++);
    expect(freed).toBe(1);
    expect(scope.size).toBe(0);
  });

  it('forgets a registration that was freed early', () => {
    const scope = new Scope();
    let freed = 0;
    const free = scope.add(() => freed++);
    free();
    free();
    scope.dispose();
    expect(freed).toBe(1);
  });

  it('removes listeners', () => {
    const target = new EventTarget();
    const scope = new Scope();
    let heard = 0;
    scope.listen(target, 'ping', () => heard++);
    target.dispatchEvent(new Event('ping'));
    scope.dispose();
    target.dispatchEvent(new Event('ping'));
    expect(heard).toBe(1);
  });
});
