import { isDeepStrictEqual } from "node:util";
import type { KernelRequest } from "../src/protocol/index.ts";

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
  readonly wishes: Map<string, Wish> = new Map();
  #inputs: Readonly<Record<string, unknown>> = {};

  constructor(id: string) {
    this.id = id;
  }

  get inputs(): Readonly<Record<string, unknown>> {
    return this.#inputs;
  }

  /**
   * Takes over the request's values and wishes. A cell asked for again is answered once, with the newer
   * number; a cell asked for earlier and not named now is still waited for.
   */
  take(request: KernelRequest, arrival: number): void {
    const merged: Record<string, unknown> = { ...this.#inputs };
    for (const [name, value] of Object.entries(request.inputs)) {
      // An equal value keeps its identity: comparing it later is then free.
      if (!Object.hasOwn(merged, name) || !isDeepStrictEqual(merged[name], value)) {
        merged[name] = value;
      }
    }
    this.#inputs = merged;
    for (const { id, have } of request.cells) {
      const wish = { cell: id, seq: request.seq, arrival };
      this.wishes.set(id, have === undefined ? wish : { ...wish, have });
    }
  }
}
