import * as nodeModule from "node:module";
import { type StripTypesNow, stripperOf } from "../../src/workbook/index.ts";
import { withPlace } from "./place.ts";

/**
 * A module's JavaScript, every line where it was.
 *
 * @throws {SyntaxError} whose stack begins with file, line and a caret
 */
export function stripped(text: string, url: string, strip: StripTypesNow): string {
  const read = strip(text, false);
  if ("code" in read) return read.code;
  const error = new SyntaxError(read.message);
  error.stack = `SyntaxError: ${read.message}`;
  throw withPlace(error, url, text, read.offset);
}

let loaded: StripTypesNow | undefined;

/** The same without waiting, by what Node itself has where that is enough. */
export function strippedNow(text: string, url: string): string {
  const own = Reflect.get(nodeModule, "stripTypeScriptTypes") as
    | ((text: string) => string)
    | undefined;
  try {
    if (own) return own(text);
  } catch {
    // Code that has to be made, or a mistake that has to be named.
  }
  const require = nodeModule.createRequire(import.meta.url);
  loaded ??= stripperOf(require("typescript"), require("ts-blank-space").blankSourceFile);
  return stripped(text, url, loaded);
}
