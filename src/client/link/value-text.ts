import { sameValue } from "../same-value.ts";

const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/**
 * A plain value as a short text that a person can read: JSON, words without their quotation marks, and a
 * date as `@2026-01-31`.
 *
 * @returns undefined when `value` is more than plain data
 */
export function textOfValue(value: unknown): string | undefined {
  if (typeof value === "string") return isBare(value) ? value : JSON.stringify(value);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value instanceof Date) {
    return Number.isNaN(+value)
      ? undefined
      : `@${value.toISOString().replace(/T00:00:00.000Z$/, "")}`;
  }
  const text = jsonOf(value);
  return text !== undefined && sameValue(JSON.parse(text), value) ? text : undefined;
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    // A bigint, or an object that has itself inside of it.
    return undefined;
  }
}

/** The value that `textOfValue` wrote as `text`; of any other text, itself. */
export function valueOfText(text: string): unknown {
  if (words.has(text)) return words.get(text);
  if (text.startsWith("@")) return new Date(text.slice(1));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Whether a string stands for itself. */
function isBare(text: string): boolean {
  return text !== "" && !/^[@~?]/.test(text) && valueOfText(text) === text;
}
