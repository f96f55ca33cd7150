/**
 * A class may say how its values travel: a method under this well-known symbol returns plain data,
 * which is sent in its place.
 */
export const transfer: unique symbol = Symbol.for("simile.transfer") as never;

/** A step into a value: an object's key or an array's index. */
export type Step = string | number;

/**
 * A value cannot leave its process. `path` leads to the part at fault, from the message's root; the
 * sentence names the output (or input) and the part inside it.
 */
export class TransferError extends TypeError {
  override readonly name = "TransferError";
  readonly path: readonly Step[];

  constructor(path: readonly Step[], problem: string) {
    const named = path[0] === "values" || path[0] === "inputs" ? path.slice(1) : path;
    const what = named.length > 0 ? `"${named[0]}"` : "the value";
    const whom = path[0] === "inputs" ? "the kernel" : "the page";
    super(`Cannot send ${what} to ${whom}: ${spell(named)} ${problem}`);
    this.path = path;
  }
}

/** Bytes that are no frame: cut short, with lengths that lie, or of an unknown shape. */
export class FrameError extends Error {
  override readonly name = "FrameError";

  constructor(problem: string) {
    super(`Cannot read frame: ${problem}`);
  }
}

/** A path as one would write it in code: `rows[3].name`, `table["two words"]`. */
function spell(path: readonly Step[]): string {
  const [first, ...rest] = path;
  if (first === undefined) return "it";
  return rest.reduce<string>(
    (text, step) =>
      typeof step === "number"
        ? `${text}[${step}]`
        : /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step)
          ? `${text}.${step}`
          : `${text}[${JSON.stringify(step)}]`,
    String(first),
  );
}
