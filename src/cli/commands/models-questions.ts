/** Questions on a terminal, each with an answer that is taken by pressing Enter. They are asked on stderr; stdout is for results. */
import { createInterface } from 'node:readline/promises';

export interface Questions {
  text(question: string, proposed: string): Promise<string>;
  /** Asks again until the answer is one of `choices`, by number or word. */
  choice(question: string, choices: readonly string[], proposed: string): Promise<string>;
}

export async function askOnTerminal<T>(
  ask: (questions: Questions) => Promise<T>,
  streams: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream } = { input: process.stdin, output: process.stderr },
): Promise<T> {
  const lines = createInterface(streams);
  const text = async (question: string, proposed: string): Promise<string> => {
    const answer = (await lines.question(`${question}${proposed === '' ? '' : ` [${proposed}]`}: `)).trim();
    return answer === '' ? proposed : answer;
  };
  try {
    return await ask({
      text,
      async choice(question, choices, proposed) {
        const shown = choices.map((choice, i) => `${i + 1} ${choice}`).join(', ');
        for (;;) {
          const answer = await text(`${question} ${shown}`, proposed);
          const chosen = choices.find((choice, i) => choice === answer || String(i + 1) === answer);
          if (chosen !== undefined) return chosen;
        }
      },
    });
  } finally {
    lines.close();
  }
}
