import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withPlace } from "./place.ts";

/** Why an import finds nothing, with the place of the import when a module makes it. */
export function missing(specifier: string, parent: string, why: string): Error {
  const error = Object.assign(new Error(`Cannot import "${specifier}": ${why}`), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  const text = textOf(parent);
  const offset = ['"', "'", "`"]
    .map((quote) => text.indexOf(quote + specifier + quote))
    .find((found) => found >= 0);
  return offset === undefined ? error : withPlace(error, parent, text, offset);
}

/** The module's source; nothing for what is no file, such as a cell. */
function textOf(url: string): string {
  try {
    return readFileSync(fileURLToPath(url), "utf8");
  } catch {
    return "";
  }
}
