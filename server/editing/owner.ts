import { readFileSync, statSync } from "node:fs";
import { uptime } from "node:os";
import { isAlive } from "./unfinished.ts";

/** Names this process among all that ever were, as far as the system lets one know. */
export const ownMark: string = markOf(process.pid)!;

/**
 * Whether a process that is there now, and is not this one, writes a file.
 *
 * @param mark of the process that wrote it last
 */
export function isOfAnother(mark: string | undefined, file: string): boolean {
  if (mark === undefined || mark === ownMark) return false;
  if (markOf(Number(mark.split(" ")[0])) !== mark) return false;
  // A process of before the machine was started has given its number to another one.
  return statSync(file).mtimeMs > Date.now() - uptime() * 1_000;
}

/** The number of a process and, where the system tells it, the moment it began; none when there is none. */
function markOf(pid: number): string | undefined {
  if (process.platform !== "linux") return isAlive(pid) ? `${pid}` : undefined;
  try {
    // The name in brackets may hold anything; what follows is state, then 18 numbers, then the moment.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // One that has ended and that nobody has asked about yet.
    return fields[0] === "Z" || fields[0] === "X" ? undefined : `${pid} ${fields[19]}`;
  } catch {
    return undefined;
  }
}
