import { type ActionName, actions, type OwnKeys } from "./actions.ts";
import { isReserved, type Keys, type Mode } from "./keys.ts";

const place = "simile keys";

/** The keys a person has chosen, kept in the browser. */
export function readOwnKeys(storage: Pick<Storage, "getItem"> = localStorage): OwnKeys {
  try {
    const found = JSON.parse(storage.getItem(place) ?? "{}") as OwnKeys;
    const known = Object.entries(found).filter(([name]) => Object.hasOwn(actions, name));
    return Object.fromEntries(known) as OwnKeys;
  } catch {
    // Storage that is closed to us or holds something else: the usual keys.
    return {};
  }
}

/**
 * @returns what is wrong with keys that cannot be had
 */
export function writeOwnKeys(
  own: OwnKeys,
  name: ActionName,
  mode: Mode,
  keys: readonly Keys[] | undefined,
  isMac: boolean,
  storage: Pick<Storage, "setItem"> = localStorage,
): { readonly own: OwnKeys; readonly problem?: string } {
  const taken = keys?.find((one) => isReserved(one, isMac));
  if (taken) return { own, problem: `The browser keeps ${taken} for itself` };
  const { [mode]: _, ...others } = own[name] ?? {};
  const chosen = { ...own, [name]: keys ? { ...others, [mode]: keys } : others };
  try {
    storage.setItem(place, JSON.stringify(chosen));
  } catch {
    return { own: chosen, problem: "The browser does not let Simile remember keys" };
  }
  return { own: chosen };
}
