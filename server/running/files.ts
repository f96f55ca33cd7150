import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import { type NpzValue, writeNpz } from "../../src/checkpoint/index.ts";
import type { NamedValue } from "./outcome.ts";
import { plainOf, type Shaped, shapedOf } from "./plain.ts";

/**
 * Makes the folder in which values are to be written.
 *
 * @throws {Error} when it cannot be made, or has a file of one of these names already
 */
export async function prepareFolder(
  folder: string,
  names: readonly string[],
  replace: boolean,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new Error(`Cannot write into ${folder}: ${(error as Error).message}`, { cause: error });
  }
  if (replace) return;
  for (const file of names.flatMap((name) => [`${name}.npz`, `${name}.json`])) {
    const path = join(folder, file);
    if (await stat(path).catch(() => undefined)) {
      throw new Error(`Cannot write ${path}: it exists already; --force replaces it`);
    }
  }
}

/**
 * Writes each value that left its process into files of its name: numbers in a shape as .npz, all else,
 * and what else there is to those, as .json.
 */
export async function writeValues(folder: string, values: readonly NamedValue[]): Promise<void> {
  for (const { name, value, stays } of values) {
    if (stays || value === undefined) continue;
    const shaped = shapedOf(value);
    const { arrays, rest } = shaped ? partsOf(name, shaped) : { rest: value };
    if (arrays) await write(join(folder, `${name}.npz`), writeNpz(arrays));
    if (rest !== undefined) {
      const text = JSON.stringify(plainOf(rest), null, 2);
      await write(join(folder, `${name}.json`), `${text}\n`);
    }
  }
}

async function write(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await replaceFile(path, bytes);
  } catch (error) {
    throw new Error(`Cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

interface Parts {
  /** The numbers under the value's name, and other numbers of it under theirs. */
  readonly arrays?: ReadonlyMap<string, NpzValue>;
  readonly rest?: unknown;
}

function partsOf(name: string, { shape, data, rest }: Shaped): Parts {
  const arrays = new Map<string, NpzValue>([[name, numbersOf(shape, data)]]);
  const others = Object.entries(rest).filter(([key, part]) => {
    const shaped = ArrayBuffer.isView(part) ? shapedOf(part) : undefined;
    if (key === name || !shaped) return true;
    arrays.set(key, numbersOf(shaped.shape, shaped.data));
    return false;
  });
  return { arrays, ...(others.length > 0 && { rest: Object.fromEntries(others) }) };
}

/** float64 and float32 as they are; whole numbers of one axis as int64, of more as float64. */
function numbersOf(shape: readonly number[], data: Shaped["data"]): NpzValue {
  if (data instanceof Float64Array || data instanceof Float32Array) return { shape, data };
  if (shape.length === 1) return BigInt64Array.from(data, BigInt);
  return { shape, data: Float64Array.from(data, Number) };
}
