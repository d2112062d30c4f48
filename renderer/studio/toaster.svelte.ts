/** Messages in the words of the studio: problems with their technical detail folded, the rest short-lived. */
import { isQuiet } from '../api/problem.ts';
import { Toasts } from '../controls/toasts.svelte.ts';
import type { ToastMessage } from '../controls/types.ts';
import { describeProblem } from './describe-problem.ts';

export class Toaster extends Toasts {
  /** One sentence and its details. Ends the person asked for (cancel, newer preview) are not reported. */
  problem(cause: unknown): void {
    if (isQuiet(cause)) return;
    const { text, detail } = describeProblem(cause);
    // The same problem again is one message.
    for (const same of this.list.filter((message) => message.text === text)) this.dismiss(same.id);
    this.show({ tone: 'problem', text, detail });
  }

  /** What went wrong before is put away when the person tries something else. */
  forgetProblems(): void {
    for (const { id } of this.list.filter(({ tone }) => tone === 'problem')) this.dismiss(id);
  }

  say(text: string, tone: 'info' | 'ok' = 'info', action?: ToastMessage['action']): void {
    this.show({ tone, text, ...(action === undefined ? {} : { action }) });
  }
}
