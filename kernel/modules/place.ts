/** The error with a stack that begins as the engine's do for what it cannot compile: file, line, a caret. */
export function withPlace<E extends Error>(error: E, url: string, text: string, offset: number): E {
  const breaks = /\r\n|[\n\r\u2028\u2029]/;
  const before = text.slice(0, Math.max(0, offset)).split(breaks);
  const line = text.split(breaks)[before.length - 1]!;
  const indent = before.at(-1)!.replace(/[^\t]/g, " ");
  const rest = String(error.stack ?? "");
  error.stack = `${url}:${before.length}\n${line}\n${indent}^\n\n${rest}`;
  return error;
}
