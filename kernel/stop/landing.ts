import { Session } from "node:inspector";
import { type Landing, landingKey } from "../interrupter/threads.ts";

/** What an interrupt does once it is clear that it came at a good moment. */
export type Land = (stack: readonly string[]) => Exclude<Landing, "idle" | "busy">;

/** Landings inside Node's code called by a person's, one after the other, before one is taken. */
const mostMissed = 30;

/**
 * Node's own records of what is due. Code that changes them must come to its end: a list of timers that is
 * out of its map and still in its queue is looked at for ever.
 */
const records =
  /^node:(timers|internal\/(timers|priority_queue|linkedlist|fixed_queue|async_hooks|process\/))/;

/** What Node does at each promise to follow who made it: it stands on top of a person's code at any time. */
const following = /^node:(internal\/)?async_hooks$/;

/**
 * What it would mean to tear off the code of these files, innermost first: `foreign` code that is a
 * person's or a library's; `called`, Node's or our own in the midst of what such code asked for; `own`,
 * Node's or our own where nothing may be left half done.
 */
export function whatRuns(files: readonly string[]): "foreign" | "called" | "own" {
  const isOwn = (file: string) => file.startsWith("node:") || file === import.meta.url;
  const [innermost = ""] = files;
  if (!isOwn(innermost)) return "foreign";
  // Its records are of ids only, and are cleared.
  const caller = files.find((file) => !following.test(file));
  if (following.test(innermost) && caller !== undefined && !isOwn(caller)) return "called";
  return records.test(innermost) || files.every(isOwn) ? "own" : "called";
}

/**
 * The place where interrupts arrive on the main thread. Whether what runs may be torn off is judged
 * here, on the thread itself in the midst of it, so that nothing else can be hit.
 *
 * @param isCritical whether our own state is being changed
 * @param land decides, knowing the file names on the stack, innermost first
 */
export function openLanding(isCritical: () => boolean, land: Land): void {
  let missed = 0;
  const landing = (force: boolean): Landing => {
    if (isCritical()) return "busy";
    const stack = fileNames();
    // Between two microtasks the stack is empty too: the interrupter then insists.
    if (stack === undefined && !force) return "idle";
    const runs = stack === undefined ? "foreign" : whatRuns(stack);
    if (runs === "own" || (runs === "called" && missed++ < mostMissed)) return "busy";
    missed = 0;
    const verdict = land(stack ?? []);
    if (verdict === "terminate") terminate();
    return verdict;
  };
  Object.defineProperty(globalThis, Symbol.for(landingKey), { value: landing });
}

/** Files of the code that was interrupted; undefined when none was. */
function fileNames(): readonly string[] | undefined {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 200;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites = new Error().stack as unknown as NodeJS.CallSite[];
  Error.stackTraceLimit = stackTraceLimit;
  Error.prepareStackTrace = prepareStackTrace;
  // This function, the landing, and the interrupter's expression.
  const below = sites.slice(3).filter((site) => !site.isAsync());
  return below.length === 0 ? undefined : below.map((site) => site.getFileName() ?? "");
}

let own: Session | undefined;

/** Tears the interrupted code off; takes effect when the landing has returned. */
function terminate(): void {
  // Left on its stack, async ids of callbacks that never return would abort the process.
  asyncWrap?.clearAsyncIdStack();
  if (!own) {
    own = new Session();
    own.connect();
  }
  own.post("Runtime.terminateExecution");
}

/** Node's own bookkeeping of async callbacks; newer versions have it out of reach and need it not. */
const asyncWrap = quietly(() =>
  (
    process as unknown as { binding(name: string): { clearAsyncIdStack(): void } | undefined }
  ).binding("async_wrap"),
);

function quietly<T>(get: () => T): T | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return get();
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
