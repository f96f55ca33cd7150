import { isPlain } from "./json.ts";

/** A command that may not pass the door; the message says what was expected and what was found. */
export class CommandError extends TypeError {
  override readonly name = "CommandError";

  constructor(expected: string, found: unknown) {
    super(`Cannot accept command: expected ${expected}, found ${describe(found)}`);
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** An object of plain fields. */
export function record(value: unknown, expected: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !isPlain(value)) {
    throw new CommandError(expected, value);
  }
  return value as Fields;
}

/** A short text that names something. */
export function text(value: unknown, name: string, limit: number): string {
  if (typeof value !== "string" || value === "" || value.length > limit || value.includes("\0")) {
    throw new CommandError(`${name} to be a text of 1 to ${limit} characters without NUL`, value);
  }
  return value;
}

/** A whole number from 0. */
export function count(value: unknown, name: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new CommandError(`${name} to be a whole number from 0`, value);
  }
  return value as number;
}

function describe(value: unknown): string {
  if (typeof value === "string") {
    return value.length > 40 ? `a text of ${value.length} characters` : JSON.stringify(value);
  }
  if (typeof value === "number" || typeof value === "boolean" || value == null)
    return String(value);
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
