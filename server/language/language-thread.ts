import { Worker } from "node:worker_threads";
import type { LanguageQuestion } from "../../src/protocol/index.ts";
import type { Answer, Work, Worked } from "./work.ts";

/** Questions in the order of their haste: a person waits for the first, and reads the last at leisure. */
const haste: Readonly<Record<LanguageQuestion["type"], number>> = {
  complete: 0,
  describe: 0,
  signature: 0,
  hover: 1,
  define: 1,
  rename: 1,
  diagnose: 2,
};

/** Questions that wait at most; a page that asks more than that hears nothing to the oldest. */
const mostWaiting = 64;

/** The thread's script as it was built, also for what runs from the sources. */
const builtScript = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/workbook-language.js" : "./workbook-language.js",
  import.meta.url,
);

interface Waiting {
  readonly work: Omit<Work, "id">;
  readonly signal: AbortSignal;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The language service as the server sees it: one question at a time on a thread of its own, the most
 * hasty first, and none that nobody waits for any more. The thread starts with the first question, and
 * anew after it has ended.
 */
export class LanguageThread {
  readonly #script: URL;
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];
  #asked: { readonly id: number; readonly waiting: Waiting } | undefined;
  #ids = 0;

  constructor(script: URL = builtScript) {
    this.#script = script;
  }

  /**
   * @throws the signal's reason when it aborts first
   * @throws {Error} when the service has failed
   */
  ask(work: Omit<Work, "id">, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const waiting = { work, signal, resolve, reject };
      signal.addEventListener("abort", () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal.reason as Error);
      });
      this.#waiting.push(waiting);
      if (this.#waiting.length > mostWaiting) {
        this.#waiting.shift()!.reject(new Error("Cannot answer: too many questions wait"));
      }
      this.#next();
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #next(): void {
    if (this.#asked || this.#waiting.length === 0) return;
    const hastes = this.#waiting.map(({ work }) => haste[work.question.type]);
    const [waiting] = this.#waiting.splice(hastes.indexOf(Math.min(...hastes)), 1);
    this.#asked = { id: ++this.#ids, waiting: waiting! };
    const work: Work = { ...waiting!.work, id: this.#ids };
    const worker = this.#start();
    // A process may end that waits for no answer.
    worker.ref();
    worker.postMessage(work);
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#script, { resourceLimits: { maxOldGenerationSizeMb: 1536 } });
    this.#worker = worker;
    worker.on("message", (worked: Worked) => {
      if (worked.id !== this.#asked?.id) return;
      worker.unref();
      const { waiting } = this.#asked;
      this.#asked = undefined;
      if ("answer" in worked) waiting.resolve(worked.answer);
      else waiting.reject(new Error(`Cannot answer: ${worked.error}`));
      this.#next();
    });
    worker.on("error", (error) => this.#ended(worker, (error as Error).message));
    worker.on("exit", () => this.#ended(worker, "its thread has ended"));
    return worker;
  }

  #ended(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.waiting.reject(new Error(`Cannot answer: the language service failed: ${reason}`));
    this.#next();
  }
}
