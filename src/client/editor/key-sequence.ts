import type { ActionName, Bindings } from "./actions.ts";

/** How long the first key of two is waited with. */
const patience = 900;

/** Hears keys one after the other, and says what they ask for: "d" then "d" is one thing. */
export class KeySequence {
  #begun = "";
  #last = 0;

  /**
   * @param now ms
   * @returns the action, `"begun"` when a sequence has begun and the key is taken, undefined when it is none of ours
   */
  press(key: string, bindings: Bindings, now: number): ActionName | "begun" | undefined {
    const before = now - this.#last > patience ? "" : this.#begun;
    this.#begun = "";
    this.#last = now;
    const keys = before ? `${before} ${key}` : key;
    const action = bindings.get(keys);
    if (action) return action;
    const begins = (start: string) =>
      [...bindings.keys()].some((one) => one.startsWith(`${start} `));
    if (begins(keys)) {
      this.#begun = keys;
      return "begun";
    }
    // What was begun came to nothing; the key may mean something by itself.
    return before ? this.press(key, bindings, now) : undefined;
  }
}
