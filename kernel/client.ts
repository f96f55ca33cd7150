import { isDeepStrictEqual } from "node:util";
import type { KernelRequest } from "../src/protocol/index.ts";
import type { Inputs } from "./results.ts";

/** A cell that a client waits for. */
export interface Wish {
  readonly cell: string;
  readonly seq: number;
  /** The result it holds already. */
  readonly have?: string;
  /** Counts up over all clients: whose turn it is. */
  readonly arrival: number;
}

/** A page that asks: its values of the page's names, and the cells it waits for. */
export class Client {
  readonly id: string;
  #wishes = new Map<string, Wish>();
  #inputs: Inputs = {};

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
   */
  take(request: KernelRequest, arrival: number): void {
    const before = this.#inputs;
    // An equal value keeps its identity: comparing it later is then free.
    this.#inputs = Object.fromEntries(
      Object.entries(request.inputs).map(([name, value]) => [
        name,
        isDeepStrictEqual(before[name], value) ? before[name] : value,
      ]),
    );
    const wishes = request.cells.map(({ id, have }): [string, Wish] => {
      const turn = this.#wishes.get(id)?.arrival ?? arrival;
      const wish = { cell: id, seq: request.seq, arrival: turn };
      return [id, have === undefined ? wish : { ...wish, have }];
    });
    this.#wishes = new Map(wishes);
  }

  /** The wish has been answered. */
  fulfil(cell: string): void {
    this.#wishes.delete(cell);
  }
}
