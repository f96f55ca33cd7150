/** Whether two plain values are equal all the way down; NaN equals NaN. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return +a === +(b as Date);
  if (a instanceof Map || a instanceof Set) {
    return sameValue([...a], [...(b as Map<unknown, unknown> | Set<unknown>)]);
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const read = (object: object, key: string) => (object as Readonly<Record<string, unknown>>)[key];
  return keys.every((key) => Object.hasOwn(b, key) && sameValue(read(a, key), read(b, key)));
}
