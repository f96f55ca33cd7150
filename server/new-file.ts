import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Checks that a file can be written, before anything is computed for it.
 *
 * @param replace whether it may exist already
 * @throws {Error} when it does, or has no folder
 */
export async function checkNewFile(file: string, replace: boolean): Promise<void> {
  await access(dirname(resolve(file))).catch(() => {
    throw new Error(`Cannot write ${file}: there is no folder ${dirname(file)}`);
  });
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there && !replace) {
    throw new Error(`Cannot write ${file}: it exists already; --force replaces it`);
  }
}
