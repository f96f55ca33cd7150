import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { CellError, CellPosition } from "../../src/protocol/index.ts";
import type { Position } from "../../src/workbook/index.ts";
import { codeOrigin } from "../code-name.ts";

/** The person's position of one that the engine reports in the code of a run. */
export type Original = (run: number, position: Position) => Position;

const longestMessage = 4_096;
/** Errors told of an error that stands for many. */
const mostParts = 3;

/** The place in a module of the person's; undefined for anybody else's. */
export type InModule = (path: string, position: Position) => CellPosition | undefined;

/** Places told of one error. */
const mostFrames = 20;

/**
 * An error, or whatever else was thrown, as the page shows it: the sentence, what caused it, and the
 * places in cells, and in modules of the person's, that it came through, each once. Frames of Node, of
 * libraries and of the kernel are left out.
 */
export function cellError(
  thrown: unknown,
  original: Original,
  inModule: InModule = () => undefined,
): CellError {
  try {
    return described(thrown, original, inModule);
  } catch {
    // Its own getters throw.
    return { name: "Error", message: "Thrown: a value that has no text" };
  }
}

function described(thrown: unknown, original: Original, inModule: InModule): CellError {
  if (!isError(thrown)) {
    return { name: "Error", message: shorten(`Thrown: ${inspect(thrown, { depth: 2 })}`) };
  }
  const chain = causes(thrown);
  const message = chain
    .map((error, depth) => (depth === 0 ? sentence(error) : `Caused by: ${sentence(error)}`))
    .join("\n");
  const places: Places = { original, inModule };
  const frames = chain.flatMap(withParts).map((error) => positions(error, places));
  const told = frames.find(({ length }) => length > 0);
  return {
    name: String(thrown.name || "Error"),
    message: shorten(message),
    ...(told?.[0] && { at: told[0], frames: told }),
  };
}

/** An error of any realm: modules and workers may throw what is no instance of this one's `Error`. */
function isError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error) return true;
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    typeof Reflect.get(thrown, "message") === "string" &&
    typeof Reflect.get(thrown, "stack") === "string"
  );
}

/** The error, and those it stands for. */
function withParts(error: Error): readonly Error[] {
  const parts: unknown = Reflect.get(error, "errors");
  return Array.isArray(parts) ? [error, ...parts.slice(0, mostParts).filter(isError)] : [error];
}

/** The error, its cause, the cause's cause; each once. */
function causes(error: Error): readonly Error[] {
  const chain = [error];
  for (let cause = error.cause; isError(cause) && !chain.includes(cause); cause = cause.cause) {
    chain.push(cause);
  }
  return chain;
}

function sentence(error: Error): string {
  const message = String(error.message) || String(error.name || "Error");
  const parts: unknown = Reflect.get(error, "errors");
  if (!Array.isArray(parts)) return message;
  const told = parts
    .slice(0, mostParts)
    .map((part) => (isError(part) ? `${part.name}: ${part.message}` : inspect(part)));
  const more = parts.length - told.length;
  return [message, ...told, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

interface Places {
  readonly original: Original;
  readonly inModule: InModule;
}

/** Places of the person's, innermost first, each once. */
function positions(error: Error, places: Places): readonly CellPosition[] {
  const [first = "", ...rest] = String(error.stack ?? "").split("\n");
  const uncompiled = uncompiledPosition([first, ...rest], places);
  const frames = (uncompiled ? rest : [first, ...rest]).map((line) => framePosition(line, places));
  const found = new Map<string, CellPosition>();
  for (const place of [uncompiled, ...frames]) {
    if (!place) continue;
    const key = [place.file ?? place.cell, place.line, place.column].join(":");
    if (!found.has(key)) found.set(key, place);
  }
  return [...found.values()].slice(0, mostFrames);
}

function framePosition(line: string, places: Places): CellPosition | undefined {
  if (!/^\s+at /.test(line)) return undefined;
  // Before the first line, where a cell is wrapped, the engine names no position.
  const [, row = 0, column = 1] = /:(\d+):(\d+)\)?$/.exec(line) ?? [];
  return placed(line, { line: Number(row), column: Number(column) }, places);
}

/** Code that does not compile has no frame: its stack begins with file:line, the line, and a caret. */
function uncompiledPosition(
  [first = "", , caret = ""]: readonly string[],
  places: Places,
): CellPosition | undefined {
  const row = /:(\d+)$/.exec(first)?.[1];
  if (row === undefined || !/^\s*\^/.test(caret)) return undefined;
  return placed(first, { line: Number(row), column: caret.indexOf("^") + 1 }, places);
}

/** The place that a line of a stack speaks of. */
function placed(
  line: string,
  position: Position,
  { original, inModule }: Places,
): CellPosition | undefined {
  const origin = codeOrigin(line);
  if (origin) return { cell: origin.cell, ...original(origin.run, position) };
  const path = pathIn(line);
  return path === undefined ? undefined : inModule(path, position);
}

/** Path of the file in `at f (file:///a/b.js?x:1:2)`, `at /a/b.js:1:2` or `file:///a/b.js:1`. */
function pathIn(line: string): string | undefined {
  const text = /(?:^|[( ])((?:file:\/\/)?\/[^()]*?)(?::\d+){1,2}\)?$/.exec(line)?.[1];
  if (text === undefined || !text.startsWith("file:")) return text;
  try {
    return fileURLToPath(text);
  } catch {
    return undefined;
  }
}

function shorten(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message;
}
