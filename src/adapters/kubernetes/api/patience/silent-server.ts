/** Who waits for the first answer of an API server hears so, once: nothing else shows meanwhile. */

/** So long an answer may take without a word, as the answer of a credential plugin. */
const SILENT_MS = 4000;

export class SilentServer {
  readonly #tell: (line: string) => void;
  #isDone = false;

  /** `tell` gets the line. */
  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** The answer; says so while it does not come. A refusal is an answer, and what has answered once has other ways. */
  async await<Answer>(server: URL, answer: Promise<Answer>): Promise<Answer> {
    if (this.#isDone) return answer;
    const timer = setTimeout(() => {
      if (this.#isDone) return;
      this.#isDone = true;
      this.#tell(`The API server ${server.host} has not answered for ${SILENT_MS / 1000} s: still waiting`);
    }, SILENT_MS);
    try {
      const came = await answer;
      this.#isDone = true;
      return came;
    } finally {
      clearTimeout(timer);
    }
  }
}
