import { describe, expect, it } from 'vitest';
import { MOST_TOASTS } from '../../../renderer/controls/toasts.svelte.ts';
import { Toaster } from '../../../renderer/studio/toaster.svelte.ts';

const texts = (toaster: Toaster): readonly string[] => toaster.list.map(({ text }) => text);

describe('toasts', () => {
  it('are never more than the work can spare: the oldest gives way', () => {
    const toaster = new Toaster();
    for (let i = 0; i < MOST_TOASTS + 2; i++) toaster.show({ tone: 'problem', text: `${i}` });
    expect(texts(toaster)).toEqual(['2', '3', '4']);
    toaster.dispose();
  });

  it('lose their problems when something else is tried, and keep the rest', () => {
    const toaster = new Toaster();
    toaster.show({ tone: 'problem', text: 'broken' });
    toaster.say('kept', 'ok');
    toaster.forgetProblems();
    expect(texts(toaster)).toEqual(['kept']);
    toaster.dispose();
  });
});
