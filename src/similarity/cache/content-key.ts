/** Arrays of fewer bytes are hashed with the text around them. */
const small = 4096;

/**
 * SHA-256 of plain data, as 64 hexadecimal digits: the same for the same structure, numbers and bytes of
 * typed arrays, whatever the order of keys; keys without a value do not count. Undefined for what is more
 * than data: functions, instances of classes.
 */
export async function contentKey(value: unknown): Promise<string | undefined> {
  const pieces: (Uint8Array | Promise<ArrayBuffer>)[] = [];
  if (!write(value, pieces)) return undefined;
  const parts = await Promise.all(pieces);
  const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part instanceof Uint8Array ? part : new Uint8Array(part), at);
    at += part.byteLength;
  }
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const encoder = new TextEncoder();

/** False when there is something that is not data. */
function write(value: unknown, pieces: (Uint8Array | Promise<ArrayBuffer>)[]): boolean {
  const text = (written: string) => pieces.push(encoder.encode(written));
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    text(`${value.constructor.name}:${value.byteLength}:`);
    const inline = value.byteLength < small;
    pieces.push(inline ? bytes : crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
    return true;
  }
  switch (typeof value) {
    case "number":
      text(Object.is(value, -0) ? "-0;" : `${value};`);
      return true;
    case "string":
    case "boolean":
      text(`${JSON.stringify(value)};`);
      return true;
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) {
    text("null;");
    return true;
  }
  if (Array.isArray(value)) {
    text(`[${value.length};`);
    return value.every((entry) => write(entry, pieces));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  text(`{${entries.length};`);
  return entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .every(([key, entry]) => {
      text(`${JSON.stringify(key)}:`);
      return write(entry, pieces);
    });
}
