import type { KeysCommand } from "../../src/protocol/index.ts";

/** Milliseconds that an answer about live values is waited for. */
const patience = 60;

/** Questions for the names of live values' properties, until they are answered. */
export class KeyQuestions {
  readonly #send: (command: KeysCommand) => void;
  readonly #asked = new Map<number, (names: readonly string[]) => void>();
  #count = 0;

  constructor(send: (command: KeysCommand) => void) {
    this.#send = send;
  }

  /** Names of a live value's properties; none when it takes long, as while code keeps the thread. */
  ask(path: readonly string[]): Promise<readonly string[]> {
    return new Promise((resolve) => {
      const number = ++this.#count;
      const giveUp = setTimeout(() => this.answer(number, []), patience);
      this.#asked.set(number, (names) => {
        clearTimeout(giveUp);
        resolve(names);
      });
      this.#send({ type: "keys", number, path });
    });
  }

  answer(number: number, names: readonly string[]): void {
    this.#asked.get(number)?.(names);
    this.#asked.delete(number);
  }
}
