/**
 * TypeScript that gives a value: numbers with their signs, NaN and infinities, texts, dates, maps, sets,
 * typed arrays, arrays and plain objects of them. Undefined for what cannot be written down, or holds such.
 */
export function literalOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "undefined":
    case "boolean":
      return String(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "string":
      return JSON.stringify(value);
    case "object":
      return value === null ? "null" : objectLiteral(value);
    default:
      return undefined;
  }
}

function objectLiteral(value: object): string | undefined {
  if (Array.isArray(value)) return listLiteral(value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Map || value instanceof Set) {
    const items = listLiteral([...value]);
    return items && `new ${value instanceof Map ? "Map" : "Set"}(${items})`;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const { name } = value.constructor;
    return `${name}.from(${listLiteral([...(value as Float64Array)])})`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const entries = Object.entries(value).map(([key, part]) => {
    const literal = literalOf(part);
    return literal && `[${JSON.stringify(key)}]: ${literal}`.replace(/^\["([a-z_]\w*)"\]/i, keyOf);
  });
  return entries.includes(undefined) ? undefined : `{${entries.join(", ")}}`;
}

/** A plain name stands as it is, but for the one that would set the prototype. */
function keyOf(computed: string, name: string): string {
  return name === "__proto__" ? computed : name;
}

function listLiteral(items: readonly unknown[]): string | undefined {
  const literals = items.map(literalOf);
  return literals.includes(undefined) ? undefined : `[${literals.join(", ")}]`;
}
