import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the clone or package. This file and the built `dist/` lie one level below it alike. */
export const installation: string = join(dirname(fileURLToPath(import.meta.url)), "..");

/** What package.json says Simile's version is. */
export function installedVersion(): string {
  const text = readFileSync(join(installation, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
