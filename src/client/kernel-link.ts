import { encode, type KernelNotice, type KernelRequest } from "../protocol/index.ts";
import { StatedFailure } from "./failure.ts";

/** Values of a kernel cell's wanted outputs, by name. */
export type KernelValues = Readonly<Record<string, unknown>>;

export type KernelResult = Extract<KernelNotice, { type: "result" }>;

/** What the link needs of the page. */
export interface KernelTransport {
  send(request: KernelRequest): void;
  /** Body of `href`, decoded; undefined when it has been superseded (410). */
  fetch(href: string, signal: AbortSignal): Promise<KernelValues | undefined>;
}

/** A cell whose values are being waited for. */
interface Wait {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names the person's wish that it be run, see `KernelRequest`. */
  readonly run: string | undefined;
  /** The first request that asked for it; undefined until sent. */
  seq: number | undefined;
  readonly resolve: (values: KernelValues) => void;
  readonly reject: (error: StatedFailure) => void;
  readonly over: AbortController;
}

interface Held {
  readonly result: string;
  readonly values: KernelValues;
}

/** How many microtasks a pass of the runtime may spread its kernel cells over. */
const passDepth = 24;

/**
 * The page's end of the kernel. Everything the cells of one pass ask for goes out as one request; every
 * request repeats what is still waited for, so the newest one is all a kernel has to know. A result is
 * taken when it answers the request that asked or a later one.
 */
export class KernelLink {
  readonly #client: string;
  readonly #transport: KernelTransport;
  readonly #waits = new Map<string, Wait>();
  readonly #held = new Map<string, Held>();
  #seq = 0;
  #runs = 0;
  #isScheduled = false;
  #isPaused = false;

  constructor(transport: KernelTransport, client: string = crypto.randomUUID()) {
    this.#transport = transport;
    this.#client = client;
  }

  /**
   * The values of a kernel cell for these inputs. Never settles after `invalidation`.
   *
   * @param isRun a person wants it to be run, whatever is known of it
   * @throws {StatedFailure} when the cell failed
   */
  ask(
    cell: string,
    inputs: Readonly<Record<string, unknown>>,
    invalidation: Promise<void>,
    isRun = false,
  ): Promise<KernelValues> {
    // A wish that has not gone out yet is not lost with the values it was made with.
    const before = this.#waits.get(cell);
    const unsent = before?.seq === undefined ? before?.run : undefined;
    const run = isRun ? String(++this.#runs) : unsent;
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const wait: Wait = { inputs, run, seq: undefined, resolve, reject, over };
      this.#waits.get(cell)?.over.abort();
      this.#waits.set(cell, wait);
      invalidation.then(
        () => {
          over.abort();
          if (this.#waits.get(cell) === wait) this.#waits.delete(cell);
        },
        () => {},
      );
      this.#schedule();
    });
  }

  /** Takes a result the server sent to this page; one too old for what is waited for is passed over. */
  receive(notice: KernelResult): void {
    const wait = this.#waits.get(notice.cell);
    if (wait?.seq === undefined || notice.seq < wait.seq) return;
    if (notice.error) this.#end(notice.cell, wait).reject(new StatedFailure(notice.error));
    else if (notice.unchanged) this.#receiveUnchanged(notice, wait);
    else if (notice.href !== undefined) void this.#receiveByHref(notice, wait, notice.href);
    else this.#fulfil(notice, wait, notice.values ?? {});
  }

  /** Whether the values of a cell are being waited for. */
  awaits(cell: string): boolean {
    return this.#waits.has(cell);
  }

  /** Drops the values held of a cell: it is another cell now, or other names are wanted of it. */
  forget(cell: string): void {
    this.#held.delete(cell);
  }

  /** Holds requests back: there is no kernel, and no one has asked for a new one. */
  pause(): void {
    this.#isPaused = true;
  }

  /** After a pause, asks again for everything still waited for. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    for (const wait of this.#waits.values()) wait.seq = undefined;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    let left = passDepth;
    const step = () => {
      if (left-- > 0) queueMicrotask(step);
      else this.#flush();
    };
    step();
  }

  #flush(): void {
    this.#isScheduled = false;
    const isNew = [...this.#waits.values()].some((wait) => wait.seq === undefined);
    if (!isNew || this.#isPaused) return;
    const seq = ++this.#seq;
    const inputs: Record<string, unknown> = {};
    const cells = [...this.#waits].map(([id, wait]) => {
      wait.seq ??= seq;
      Object.assign(inputs, wait.inputs);
      const have = this.#held.get(id)?.result;
      const { run } = wait;
      return { id, ...(have !== undefined && { have }), ...(run !== undefined && { run }) };
    });
    try {
      this.#transport.send({ type: "request", client: this.#client, seq, inputs, cells });
    } catch (error) {
      this.#sendWithout(seq, error);
    }
  }

  /** An input that cannot travel, such as a function, fails the cells that read it and no others. */
  #sendWithout(seq: number, error: unknown): void {
    const unsent = [...this.#waits].filter(([, wait]) => wait.seq === seq);
    const failed = unsent.filter(([, wait]) => !canTravel(wait.inputs));
    for (const [id, wait] of failed.length > 0 ? failed : unsent) {
      this.#end(id, wait).reject(transferFailure(error));
    }
    for (const [, wait] of unsent) wait.seq = undefined;
    this.#schedule();
  }

  #receiveUnchanged({ cell, result }: KernelResult, wait: Wait): void {
    const held = this.#held.get(cell);
    if (held?.result === result) this.#end(cell, wait).resolve(held.values);
    else this.#askAgain(cell, wait);
  }

  async #receiveByHref(notice: KernelResult, wait: Wait, href: string): Promise<void> {
    const { signal } = wait.over;
    try {
      const values = await this.#transport.fetch(href, signal);
      if (signal.aborted) return;
      if (values) this.#fulfil(notice, wait, values);
      else this.#askAgain(notice.cell, wait);
    } catch (error) {
      if (!signal.aborted) this.#end(notice.cell, wait).reject(transferFailure(error));
    }
  }

  #fulfil({ cell, result }: KernelResult, wait: Wait, values: KernelValues): void {
    this.#held.set(cell, { result, values });
    this.#end(cell, wait).resolve(values);
  }

  #askAgain(cell: string, wait: Wait): void {
    this.#held.delete(cell);
    wait.seq = undefined;
    this.#schedule();
  }

  #end(cell: string, wait: Wait): Wait {
    if (this.#waits.get(cell) === wait) this.#waits.delete(cell);
    return wait;
  }
}

function canTravel(inputs: Readonly<Record<string, unknown>>): boolean {
  try {
    encode(inputs);
    return true;
  } catch {
    return false;
  }
}

function transferFailure(error: unknown): StatedFailure {
  const message = error instanceof Error ? error.message : String(error);
  return new StatedFailure({ name: "TransferError", message });
}
