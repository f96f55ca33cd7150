import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryPrefix } from "../../src/checkpoint/files/index.ts";

/** Removes what an earlier server that was killed while it saved `file` has left beside it. */
export async function removeUnfinished(file: string): Promise<void> {
  const folder = dirname(file);
  const prefix = temporaryPrefix(file);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const owner = /^(\d+)\.\d+\.tmp$/.exec(name.slice(prefix.length))?.[1];
    if (!name.startsWith(prefix) || owner === undefined || isAlive(Number(owner))) continue;
    await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

/** Whether there is a process of this number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
