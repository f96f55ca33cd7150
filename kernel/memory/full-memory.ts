import type { CellError } from "../../src/protocol/index.ts";
import type { Scheduler } from "../schedule/schedule.ts";
import { collectGarbage } from "./garbage.ts";
import { largest } from "./holdings.ts";
import { memoryError } from "./memory-error.ts";

/** Bytes this process may hold. */
const cap = Number(process.env["SIMILE_MEMORY"] ?? Number.POSITIVE_INFINITY);
/** Share of the cap that is in use when giving back garbage has not helped. */
const stillFull = 0.9;
/** Milliseconds in which a run that is ended has let go of what it made. */
const settling = 200;

/**
 * Gives back what nobody needs; when that is not enough, ends what runs.
 *
 * @param variables all names that hold something
 * @param fail is told where no run is to be ended
 * @returns whether that was enough
 */
export function relieve(
  scheduler: Scheduler,
  variables: Iterable<readonly [name: string, value: unknown]>,
  fail: (error: CellError) => void,
): boolean {
  scheduler.dropOlder();
  collectGarbage();
  const bytes = process.memoryUsage.rss();
  const isStillFull = bytes > stillFull * cap;
  if (!isStillFull) return true;
  const held = largest(variables, bytes);
  const error = memoryError(scheduler.running?.cell.id, { cap, bytes, held });
  if (scheduler.running) scheduler.fail(error);
  else fail(error);
  // What it made is not needed any more once it has ended.
  setTimeout(collectGarbage, settling).unref();
  return false;
}
