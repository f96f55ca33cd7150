import { types } from "node:util";

/** Names told at most. */
const most = 1_000;

/**
 * Names of the properties of a live value, found without running any code: what a getter would give is
 * not asked for, and a proxy is not looked into.
 *
 * @param root what holds the first name of the path
 * @param path names and keys that lead to the value
 * @returns undefined where the path leads nowhere that can be seen
 */
export function liveKeys(root: object, path: readonly string[]): readonly string[] | undefined {
  let value: unknown = root;
  for (const name of path) {
    const descriptor = descriptorOf(value, name);
    if (!descriptor || !("value" in descriptor)) return undefined;
    value = descriptor.value;
  }
  const names = new Set<string>();
  for (const object of chainOf(value)) {
    // Entries have no names, and there may be millions of them.
    const listed = Array.isArray(object) || ArrayBuffer.isView(object);
    for (const name of listed ? [] : Object.getOwnPropertyNames(object)) {
      if (names.size === most) break;
      if (name !== "constructor") names.add(name);
    }
  }
  return value === undefined || value === null ? undefined : [...names];
}

function descriptorOf(value: unknown, name: string): PropertyDescriptor | undefined {
  for (const object of chainOf(value)) {
    const own = Object.getOwnPropertyDescriptor(object, name);
    if (own) return own;
  }
  return undefined;
}

/** An object and its prototypes but the one of all objects, as far as they can be seen. */
function* chainOf(value: unknown): Generator<object> {
  if (value === undefined || value === null) return;
  const isObject = typeof value === "object" || typeof value === "function";
  let object = (isObject ? value : Object.getPrototypeOf(value)) as object | null;
  while (object !== null && object !== Object.prototype && !types.isProxy(object)) {
    yield object;
    object = Object.getPrototypeOf(object) as object | null;
  }
}
