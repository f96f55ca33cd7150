import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { extname } from "node:path";

/** What a file was when it was looked at; two that differ are two contents. */
export type Stamp = string;

/** What is no file. */
export const absent: Stamp = "absent";

/** Larger files are told apart by time and size alone. */
const mostHashed = 1024 * 1024;

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * The file that a path in an import means, as people write it in TypeScript and for bundlers: itself; the
 * source of what it will be compiled to (`x.js` → `x.ts`); with an extension; or a folder's index.
 *
 * @returns undefined when there is none
 */
export function meantBy(
  path: string,
  exists: (path: string) => boolean = isFile,
): string | undefined {
  if (exists(path)) return path;
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const sources = (compiled[extension] ?? []).map((source) => stem + source);
  const longer = extensions.map((added) => path + added);
  const inside = extensions.map((added) => `${path}/index${added}`);
  return [...sources, ...longer, ...inside].find(exists);
}

const compiled: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};
const extensions = [".ts", ".mts", ".js", ".mjs", ".cts", ".cjs", ".json"];

/** Differs when what an import of the path means has other contents. A file written anew as it was is the same. */
export function stampOf(path: string): Stamp {
  try {
    const file = meantBy(path);
    if (file === undefined) return absent;
    const { size, mtimeMs } = statSync(file);
    if (size > mostHashed) return `${size} ${mtimeMs}`;
    return createHash("sha256").update(readFileSync(file)).digest("base64");
  } catch {
    return absent;
  }
}
