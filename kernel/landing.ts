import { Session } from "node:inspector";
import { type Landing, landingKey } from "./threads.ts";

/** What an interrupt does once it is clear that it came at a good moment. */
export type Land = (stack: readonly string[]) => Exclude<Landing, "idle" | "busy">;

/** Landings on our own or Node's code alone, one after the other, before one is forced. */
const mostMissed = 30;

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
    const isForeign = stack?.some((file) => !file.startsWith("node:") && file !== import.meta.url);
    if (!isForeign && !force && missed++ < mostMissed) return "busy";
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
