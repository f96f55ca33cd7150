import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Matches } from "../../src/language/index.ts";
import { loadTypeScript, type StripTypes } from "../../src/workbook/index.ts";
import { stateFolder } from "../process/index.ts";
import type { Answer, Ask, LanguageData } from "./ask.ts";
import type { Completeness } from "./completeness.ts";

type Without<T, Key extends string> = T extends Ask ? Omit<T, Key> : never;

/** Milliseconds without a question after which the thread's memory is given back. */
const rest = 15 * 60_000;

/**
 * TypeScript as other threads see it: a thread that is started by the first question and ended when
 * none has come for long, for it holds more memory than all the rest of a kernel.
 */
export class LanguageThread {
  readonly #directory: string;
  readonly #script: URL;
  readonly #rest: number;
  readonly #executed: string[] = [];
  readonly #waiting = new Map<number, (value: Answer["value"]) => void>();
  #worker: Worker | undefined;
  #resting: NodeJS.Timeout | undefined;
  #asked = 0;

  /**
   * @param directory from which imports of cells are resolved
   * @param options `script` the thread's; `after` milliseconds without a question it ends
   */
  constructor(
    directory: string,
    {
      script = new URL("./language.js", import.meta.url),
      after = rest,
    }: { readonly script?: URL; readonly after?: number } = {},
  ) {
    this.#directory = directory;
    this.#script = script;
    this.#rest = after;
  }

  /** Whether the thread runs now. */
  get isAwake(): boolean {
    return this.#worker !== undefined;
  }

  /** Code was executed: its names are known to what is asked from now on. */
  executed(code: string): void {
    this.#executed.push(code);
    if (this.#worker) void this.#ask({ type: "executed", code });
  }

  async complete(code: string, offset: number): Promise<Matches> {
    const found = await this.#ask({ type: "complete", code, offset });
    return isObject(found) && "matches" in found
      ? found
      : { matches: [], start: offset, end: offset };
  }

  async inspect(code: string, offset: number): Promise<string | undefined> {
    const told = await this.#ask({ type: "inspect", code, offset });
    return typeof told === "string" ? told : undefined;
  }

  /** Whether code can be executed as it stands; a thread that fails says yes, and lets the kernel tell why not. */
  async completeness(code: string): Promise<Completeness> {
    const told = await this.#ask({ type: "completeness", code });
    return isObject(told) && "status" in told ? told : { status: "complete" };
  }

  /** Removes types there; here where that thread fails. */
  readonly strip: StripTypes = async (code, expression) => {
    const stripped = await this.#ask({ type: "strip", code, expression });
    if (isObject(stripped) && ("code" in stripped || "message" in stripped)) return stripped;
    return (await loadTypeScript())(code, expression);
  };

  /** The thread, told of all that was executed. */
  #start(): Worker {
    if (this.#worker) return this.#worker;
    const workerData: LanguageData = { directory: this.#directory, executed: this.#executed };
    // Versions of Node that can, keep what they have compiled of TypeScript there.
    const env = { NODE_COMPILE_CACHE: join(stateFolder(), "compiled"), ...process.env };
    const worker = new Worker(this.#script, { workerData, env });
    worker.on("message", ({ id, value }: Answer) => {
      this.#settle(id, value);
    });
    worker.on("error", () => this.#end(worker));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  /** Questions that it leaves are answered by nothing; the next one starts another. */
  #end(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    clearTimeout(this.#resting);
    void worker.terminate();
    for (const id of [...this.#waiting.keys()]) this.#settle(id, undefined);
  }

  #ask(ask: Without<Ask, "id">): Promise<Answer["value"]> {
    const id = ++this.#asked;
    const worker = this.#start();
    clearTimeout(this.#resting);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      worker.postMessage({ ...ask, id });
    });
  }

  #settle(id: number, value: Answer["value"]): void {
    this.#waiting.get(id)?.(value);
    this.#waiting.delete(id);
    if (this.#waiting.size > 0 || !this.#worker) return;
    const worker = this.#worker;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#end(worker), this.#rest).unref();
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
