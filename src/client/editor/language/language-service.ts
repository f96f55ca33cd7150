import type { LanguageAnswers, LanguageQuestion, UnsavedCell } from "../../../protocol/index.ts";

type QuestionType = LanguageQuestion["type"];

/** A question without what every question carries. */
export type Asked<Type extends QuestionType> = Omit<
  Extract<LanguageQuestion, { type: Type }>,
  "workbook" | "unsaved"
>;

/** What the service needs of the page. */
export interface LanguageServiceParts {
  /** Path of the workbook under the root, asked for at each question: it may be renamed. */
  workbook(): string;
  /** Code cells whose text on the screen the server may not have. */
  unsaved(): readonly UnsavedCell[];
  /** Asks the server; `fetch` by default. */
  readonly fetch?: (address: string, request: RequestInit) => Promise<Response>;
}

/** After the server could not be reached, it is left alone for this long. */
const restMilliseconds = 2_000;

/** The language service as the page sees it. No answer is no error: whoever asks goes on without. */
export class LanguageService {
  readonly #parts: LanguageServiceParts;
  #restsUntil = 0;
  #hasAnswered = false;

  constructor(parts: LanguageServiceParts) {
    this.#parts = parts;
  }

  /** Whether it has ever answered: the first answer waits until TypeScript has read what there is. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * @param signal ends a question that nobody waits for any more
   * @returns undefined when there is no answer: aborted, the server is away, or it has none
   */
  async ask<Type extends QuestionType>(
    question: Asked<Type> & { readonly type: Type },
    signal?: AbortSignal,
  ): Promise<LanguageAnswers[Type] | undefined> {
    const { workbook, unsaved, fetch = globalThis.fetch.bind(globalThis) } = this.#parts;
    if (signal?.aborted || performance.now() < this.#restsUntil) return undefined;
    try {
      const response = await fetch("/api/language", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...question, workbook: workbook(), unsaved: unsaved() }),
        ...(signal && { signal }),
      });
      if (!response.ok) return undefined;
      const answer = (await response.json()) as LanguageAnswers[Type];
      this.#hasAnswered = true;
      return answer;
    } catch {
      if (!signal?.aborted) this.#restsUntil = performance.now() + restMilliseconds;
      return undefined;
    }
  }
}

/** Hands out signals of which only the newest is not aborted. */
export class Newest {
  #controller: AbortController | undefined;

  next(): AbortSignal {
    this.stop();
    this.#controller = new AbortController();
    return this.#controller.signal;
  }

  stop(): void {
    this.#controller?.abort();
    this.#controller = undefined;
  }
}
