import { isDeepStrictEqual } from "node:util";
import type { KernelRequest } from "../../src/protocol/index.ts";
import type { Inputs } from "./results.ts";

/** A cell that a client waits for. */
export interface Wish {
  readonly cell: string;
  readonly seq: number;
  /** The result it holds already. */
  readonly have?: string;
  /** Counts up over all clients: whose turn it is. */
  readonly arrival: number;
  /** When it was made first, on the clock of the stage. */
  readonly since: number;
}

/** A page that asks: its values of the page's names, and the cells it waits for. */
export class Client {
  readonly id: string;
  #wishes = new Map<string, Wish>();
  #inputs: Inputs = {};
  /** The newest wish of each cell that it be run. */
  readonly #runs = new Map<string, string>();

  constructor(id: string) {
    this.id = id;
  }

  get inputs(): Inputs {
    return this.#inputs;
  }

  /** By cell. */
  get wishes(): ReadonlyMap<string, Wish> {
    return this.#wishes;
  }

  /**
   * Takes a request over in place of the one before: what it does not name is not waited for any more,
   * what it names again keeps its turn.
   *
   * @returns the cells that are to be run whether they have a result or not
   */
  take(request: KernelRequest, arrival: number, now: number): readonly string[] {
    const before = this.#inputs;
    // An equal value keeps its identity: comparing it later is then free.
    this.#inputs = Object.fromEntries(
      Object.entries(request.inputs).map(([name, value]) => [
        name,
        isDeepStrictEqual(before[name], value) ? before[name] : value,
      ]),
    );
    const wishes = request.cells.map(({ id, have }): [string, Wish] => {
      const before = this.#wishes.get(id) ?? { arrival, since: now };
      const turn = { arrival: before.arrival, since: before.since };
      const wish = { cell: id, seq: request.seq, ...turn };
      return [id, have === undefined ? wish : { ...wish, have }];
    });
    this.#wishes = new Map(wishes);
    return request.cells.flatMap(({ id, run }) => {
      if (run === undefined || this.#runs.get(id) === run) return [];
      this.#runs.set(id, run);
      return [id];
    });
  }

  /** The wish has been answered. */
  fulfil(cell: string): void {
    this.#wishes.delete(cell);
  }
}
