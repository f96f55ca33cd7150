/** What a value that cannot be drawn is, in words: its shape, else the names of what it has. */
export function foundText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  const { shape } = value as { readonly shape?: unknown };
  if (Array.isArray(shape)) return `an array of shape [${shape.join(", ")}]`;
  const keys = Object.keys(value);
  const more = keys.length > 4 ? ", …" : "";
  return keys.length === 0 ? "an empty object" : `{${keys.slice(0, 4).join(", ")}${more}}`;
}
