import { Worker } from "node:worker_threads";
import type { Answer, Ask, LanguageData } from "./ask.ts";
import type { Completions } from "./language.ts";

type Without<T, Key extends string> = T extends Ask ? Omit<T, Key> : never;

/** The language service as other threads see it. A question it cannot answer is answered by nothing. */
export class LanguageThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (value: Answer["value"]) => void>();
  #asked = 0;

  /** @param directory from which imports of cells are resolved */
  constructor(directory: string) {
    const workerData: LanguageData = { directory };
    this.#worker = new Worker(new URL("./language.js", import.meta.url), { workerData });
    this.#worker.on("message", ({ id, value }: Answer) => this.#settle(id, value));
    this.#worker.on("error", () => {
      for (const id of [...this.#waiting.keys()]) this.#settle(id, undefined);
    });
    this.#worker.unref();
  }

  /** Code was executed: its names are known to what is asked from now on. */
  executed(code: string): void {
    void this.#ask({ type: "executed", code });
  }

  async complete(code: string, offset: number): Promise<Completions> {
    const found = await this.#ask({ type: "complete", code, offset });
    return typeof found === "object" ? found : { matches: [], start: offset, end: offset };
  }

  async inspect(code: string, offset: number): Promise<string | undefined> {
    const told = await this.#ask({ type: "inspect", code, offset });
    return typeof told === "string" ? told : undefined;
  }

  #ask(ask: Without<Ask, "id">): Promise<Answer["value"]> {
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ ...ask, id });
    });
  }

  #settle(id: number, value: Answer["value"]): void {
    this.#waiting.get(id)?.(value);
    this.#waiting.delete(id);
  }
}
