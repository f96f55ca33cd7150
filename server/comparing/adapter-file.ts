import { readFile } from "node:fs/promises";
import { type Adapter, adapters, userAdapter } from "../../src/model/index.ts";
import { UsageError } from "../command.ts";
import { nearest } from "../nearest.ts";

/**
 * The adapter that `--adapter` names: one that comes with Simile, or one that a JSON file describes.
 * A name with a "/" or with ".json" at its end is a file's.
 *
 * @throws {UsageError} when there is none of that name
 * @throws {Error} when the file cannot be read
 * @throws {AdapterError} when the file describes none
 */
export async function readAdapter(name: string): Promise<Adapter> {
  if (!/\.json$|[/\\]/.test(name)) {
    const known = adapters.find((adapter) => adapter.name === name);
    if (known !== undefined) return known;
    const names = adapters.map((adapter) => adapter.name);
    const meant = nearest(name, names);
    throw new UsageError(
      `Cannot use --adapter ${name}: expected a file that ends in .json, or one of ${names.join(", ")}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
    );
  }
  let text: string;
  try {
    text = await readFile(name, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : message;
    throw new Error(`Cannot read the adapter ${name}: ${why}`, { cause: error });
  }
  return userAdapter(text);
}
