/** What stands between the braces of a fence. */
export interface Attributes {
  readonly id?: string;
  /** All but the id, in order; `true` for a bare word. A key given twice keeps its last value. */
  readonly values: Readonly<Record<string, string | true>>;
}

const word = /#([^\s"'#=]+)|([^\s"'#=]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"']*)))?|\S/g;

/** Reads `#id kernel run=demand note="two words"`. What it cannot read is left out. */
export function readAttributes(text: string): Attributes {
  let id: string | undefined;
  const values = new Map<string, string | true>();
  for (const [, name, key, double, single, bare] of text.matchAll(word)) {
    if (name !== undefined) id ??= name;
    else if (key !== undefined) values.set(key, double ?? single ?? bare ?? true);
  }
  return { ...(id === undefined ? {} : { id }), values: Object.fromEntries(values) };
}

/** Writes attributes as `readAttributes` reads them. */
export function writeAttributes({ id, values }: Attributes): string {
  const words = Object.entries(values).map(([key, value]) => {
    if (value === true) return key;
    if (/^[^\s"'`}]+$/.test(value)) return `${key}=${value}`;
    return value.includes('"') ? `${key}='${value}'` : `${key}="${value}"`;
  });
  return [...(id === undefined ? [] : [`#${id}`]), ...words].join(" ");
}
