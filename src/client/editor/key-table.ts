import {
  type ActionName,
  actions,
  type Bindings,
  bindingsOf,
  keysOf,
  type OwnKeys,
} from "./actions.ts";
import { type Keys, keysText, type Mode, pressed, whyNot } from "./keys.ts";

const place = "simile keys";
const lettersPlace = "simile letter keys";

/** What became of a wish for other keys: not done because of `problem`, or done with something to know. */
export interface Rebound {
  readonly problem?: string;
  readonly note?: string;
}

/** The keys as a person has them: the usual ones, and those they chose instead, kept in the browser. */
export class KeyTable {
  readonly isMac: boolean;
  readonly #storage: Pick<Storage, "getItem" | "setItem"> | undefined;
  #own: OwnKeys;
  #letters: boolean;

  /** @param storage where choices are kept; without one they last as long as the page */
  constructor(isMac: boolean, storage: Pick<Storage, "getItem" | "setItem"> | undefined) {
    this.isMac = isMac;
    this.#storage = storage;
    this.#own = readOwnKeys(storage);
    this.#letters = read(storage, lettersPlace) !== "off";
  }

  /** Whether keys that are a letter alone are heard. */
  get letters(): boolean {
    return this.#letters;
  }

  /** @returns what is wrong, when it cannot be remembered */
  setLetters(on: boolean): string | undefined {
    this.#letters = on;
    return this.#store(lettersPlace, on ? "on" : "off");
  }

  /** Whether any key is the person's own. */
  get hasOwn(): boolean {
    return Object.keys(this.#own).length > 0;
  }

  bindings(mode: Mode): Bindings {
    return bindingsOf(mode, this.#own, this.isMac, this.#letters);
  }

  /** How the keys of an action in a mode are written, "D, D or Delete"; empty when it has none. */
  text(name: ActionName, mode: Mode): string {
    const bound = this.#bound(name, mode);
    return bound.map((keys) => keysText(keys, this.isMac)).join(" or ");
  }

  /** How the first key of an action is written, for menus. */
  shortText(name: ActionName): string {
    const [first] = [...this.#bound(name, "command"), ...this.#bound(name, "edit")];
    return first === undefined ? "" : keysText(first, this.isMac);
  }

  isOwn(name: ActionName, mode: Mode): boolean {
    return this.#own[name]?.[mode] !== undefined;
  }

  /** Gives an action a key of the person's own in place of those it has. */
  rebind(name: ActionName, mode: Mode, keys: Keys): Rebound {
    const why = whyNot(keys, mode, this.isMac);
    const text = keysText(keys, this.isMac);
    if (why) return { problem: `Cannot use ${text}: ${why}` };
    const before = [...this.bindings(mode)].filter(
      ([bound, other]) => other !== name && (bound === keys || bound.startsWith(`${keys} `)),
    );
    const own = { ...this.#own, [name]: { ...this.#own[name], [mode]: [keys] } };
    // Another key that the person chose before gives way, so that none is shown that does nothing.
    for (const [, other] of before) {
      const left = keysOf(other, mode, own).filter(
        (one) => pressed(one, this.isMac) !== keys && !one.startsWith(`${keys} `),
      );
      own[other] = { ...own[other], [mode]: left };
    }
    const problem = this.#keep(own);
    const lost = [...new Set(before.map(([, other]) => `“${actions[other].title}”`))];
    const note = lost.length > 0 ? `${text} was ${lost.join(" and ")} before` : undefined;
    return { ...(problem && { problem }), ...(note && { note }) };
  }

  /** Gives an action its usual keys in a mode; all actions without one. */
  reset(name?: ActionName, mode?: Mode): Rebound {
    if (name === undefined || mode === undefined) {
      const problem = this.#keep({});
      return { ...(problem && { problem }) };
    }
    const { [mode]: _, ...others } = this.#own[name] ?? {};
    const { [name]: __, ...rest } = this.#own;
    const usual = actions[name][mode] ?? [];
    const own: OwnKeys = Object.keys(others).length > 0 ? { ...rest, [name]: others } : rest;
    const taken = usual.flatMap((keys) =>
      (Object.keys(own) as ActionName[]).filter((other) => own[other]?.[mode]?.includes(keys)),
    );
    const problem = this.#keep(own);
    const note = taken[0] && `Another action has that key: “${actions[taken[0]].title}”`;
    return { ...(problem && { problem }), ...(note && { note }) };
  }

  /** The keys that reach an action: what another took, or what is switched off, does not. */
  #bound(name: ActionName, mode: Mode): readonly Keys[] {
    const bindings = this.bindings(mode);
    return keysOf(name, mode, this.#own).filter(
      (keys) => bindings.get(pressed(keys, this.isMac)) === name,
    );
  }

  #keep(own: OwnKeys): string | undefined {
    this.#own = own;
    return this.#store(place, JSON.stringify(own));
  }

  #store(where: string, text: string): string | undefined {
    try {
      this.#storage?.setItem(where, text);
      return undefined;
    } catch {
      return "The browser does not let Simile remember keys";
    }
  }
}

function readOwnKeys(storage: Pick<Storage, "getItem"> | undefined): OwnKeys {
  try {
    const found = JSON.parse(read(storage, place) ?? "{}") as OwnKeys;
    const known = Object.entries(found ?? {}).filter(
      ([name, modes]) => Object.hasOwn(actions, name) && Object.values(modes).every(areKeys),
    );
    return Object.fromEntries(known) as OwnKeys;
  } catch {
    // Something else is stored there: the usual keys.
    return {};
  }
}

function areKeys(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function read(storage: Pick<Storage, "getItem"> | undefined, where: string): string | null {
  try {
    return storage?.getItem(where) ?? null;
  } catch {
    // Storage that is closed to us.
    return null;
  }
}
