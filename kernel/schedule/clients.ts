import type { KernelRequest } from "../../src/protocol/index.ts";
import { Client, type Wish } from "./client.ts";

/** Clients remembered; a page that was closed says nothing. */
const most = 64;

/** The pages that ask, the one that asked last at the end. */
export class Clients {
  readonly #byId = new Map<string, Client>();
  #arrivals = 0;

  /**
   * Takes a request over in place of the one its client made before.
   *
   * @returns the cells that are to be run whether they have a result or not
   */
  take(request: KernelRequest, now: number): readonly string[] {
    const client = this.#byId.get(request.client) ?? new Client(request.client);
    this.#byId.delete(client.id);
    this.#byId.set(client.id, client);
    const asked = client.take(request, this.#arrivals++, now);
    for (const other of this.#byId.values()) {
      if (this.#byId.size <= most) break;
      if (other.wishes.size === 0) this.#byId.delete(other.id);
    }
    return asked;
  }

  /** Clients that wait for something. */
  get waiting(): readonly Client[] {
    return [...this.#byId.values()].filter(({ wishes }) => wishes.size > 0);
  }

  /** What they wait for, in the order in which it was asked. */
  get turns(): readonly { readonly client: Client; readonly wish: Wish }[] {
    return this.waiting
      .flatMap((client) => [...client.wishes.values()].map((wish) => ({ client, wish })))
      .sort((a, b) => a.wish.arrival - b.wish.arrival);
  }
}
