/** What a kernel says beside its frames, of itself as a process. */
export interface LastWords {
  /** Why it ends, in its own words. */
  readonly reason?: string;
  /** The cell whose doing it is, when that is known. */
  readonly cell?: string;
  /** Where in the cell, as `line:column`. */
  readonly place?: string;
  /** Its largest variables when it was last asked, as a text. */
  readonly held?: string;
}

const longest = 4_096;

/** Takes what comes on a kernel's control pipe, line by line; the newest words hold. */
export class LastWordsReader {
  #line = "";
  #words: LastWords = {};

  get words(): LastWords {
    return this.#words;
  }

  push(chunk: Uint8Array): void {
    const lines = (this.#line + Buffer.from(chunk).toString("utf8")).split("\n");
    this.#line = lines.pop()!.slice(-longest);
    for (const line of lines) this.#take(line);
  }

  /** A kernel runs foreign code: only what is known, and only texts. */
  #take(line: string): void {
    let said: unknown;
    try {
      said = JSON.parse(line);
    } catch {
      return;
    }
    if (typeof said !== "object" || said === null) return;
    for (const key of ["reason", "cell", "place", "held"] as const) {
      const text = (said as Record<string, unknown>)[key];
      if (typeof text === "string") {
        this.#words = { ...this.#words, [key]: text.slice(0, longest) };
      }
    }
  }
}
