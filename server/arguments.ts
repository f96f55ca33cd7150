import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./command.ts";
import { nearest } from "./nearest.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/**
 * The flags and positional arguments of a command, by Node's rules (`--name value`, `--name=value`, `--`).
 *
 * @param positionals how many positional arguments the command takes at most
 * @throws {UsageError} for an unknown flag, a flag without its value, or too many arguments
 */
export function readArguments<const T extends Options>(
  args: readonly string[],
  options: T,
  positionals: number,
): Parsed<T> {
  const flags = Object.keys(options).map((name) => `--${name}`);
  let parsed: Parsed<T>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const flag = /'(-[^' ]*)/.exec(message)?.[1] ?? "a flag";
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
      throw new UsageError(
        `Unknown flag ${flag}: expected one of ${flags.join(", ")}${suggestion(flag, flags)}`,
      );
    }
    throw new UsageError(`Cannot read ${flag}: ${message.split(/[.\n]/, 1)[0]}`);
  }
  const extra = parsed.positionals[positionals];
  if (extra !== undefined) throw new UsageError(`Unexpected argument ${JSON.stringify(extra)}`);
  return parsed;
}

/**
 * A whole number given to a flag.
 *
 * @throws {UsageError} when `text` is no whole number from `least` to `most`
 */
export function readInteger(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `Cannot use ${flag} ${text}: expected a whole number from ${least} to ${most}`,
  );
}

/**
 * A number given to a flag.
 *
 * @throws {UsageError} when `text` is no decimal number from `least` to `most`
 */
export function readNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`Cannot use ${flag} ${text}: expected a number from ${least} to ${most}`);
}

/**
 * A number of bytes given to a flag: a whole number, or one followed by K, M, G or T (of 1024).
 *
 * @throws {UsageError} when `text` is none, or fewer than `least`
 */
export function readBytes(flag: string, text: string, least: number): number {
  const [, digits, unit = ""] = /^(\d{1,15}(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text) ?? [];
  const power = " KMGT".indexOf(unit.toUpperCase() || " ");
  const bytes = digits === undefined ? Number.NaN : Math.floor(Number(digits) * 1024 ** power);
  if (bytes >= least && Number.isSafeInteger(bytes)) return bytes;
  throw new UsageError(
    `Cannot use ${flag} ${text}: expected bytes, at least ${least}, e.g. 512M or 4G`,
  );
}

/**
 * One of some words given to a flag.
 *
 * @throws {UsageError} when `text` is none of them
 */
export function readChoice<const T extends string>(
  flag: string,
  text: string,
  choices: readonly T[],
): T {
  const choice = choices.find((word) => word === text);
  if (choice !== undefined) return choice;
  throw new UsageError(
    `Cannot use ${flag} ${text}: expected one of ${choices.join(", ")}${suggestion(text, choices)}`,
  );
}

function suggestion(text: string, words: readonly string[]): string {
  const meant = nearest(text, words);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}
