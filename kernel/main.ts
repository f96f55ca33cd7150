/*
 * The kernel: one process per open workbook, started by the server with two inherited pipes. Bytes come
 * in here and leave from here; see handle.ts for what the server may ask.
 */
import { fstatSync } from "node:fs";
import {
  checkKernelCommand,
  decode,
  type ExecutionNotice,
  type KernelNotice,
  type KeysCommand,
  type MemoryNotice,
} from "../src/protocol/index.ts";
import { Channel } from "./channel.ts";
import { codeOrigin, withoutCodeNames } from "./code-name.ts";
import { Comms } from "./comms.ts";
import { Displays } from "./displays.ts";
import { Evaluator } from "./evaluate.ts";
import { Failures } from "./failures.ts";
import { fileName } from "./file-name.ts";
import { collectGarbage } from "./garbage.ts";
import { handle } from "./handle.ts";
import { holdingsText, largest } from "./holdings.ts";
import { injectedInto } from "./injected.ts";
import { injectedIntoExecution } from "./injected-into-execution.ts";
import { openLanding } from "./landing.ts";
import { liveKeys } from "./live-keys.ts";
import { memoryError } from "./memory-error.ts";
import { FolderWatch, loadedModules } from "./modules/index.ts";
import { OutputLimit, type OutputMost, outputMost } from "./output-limit.ts";
import { Questions } from "./questions.ts";
import { pageBundle } from "./rich/page-bundle.ts";
import type { Run } from "./run.ts";
import { Scheduler } from "./schedule.ts";
import { Stragglers } from "./stragglers.ts";
import type { FromInterrupter } from "./threads.ts";
import { quietWarnings } from "./warnings.ts";
import { type Print, Written } from "./written.ts";

if (![3, 4].every(isPipe)) {
  process.stderr.write("The kernel is started by the server: expected pipes on fd 3 and fd 4\n");
  process.exit(2);
}
quietWarnings();
Error.stackTraceLimit = 50;

const channel = new Channel(receive);
const tell = (notice: KernelNotice | ExecutionNotice | MemoryNotice): void => channel.tell(notice);
let evaluator = new Evaluator(process.cwd());

/** Above 0 while our own state is being changed: no interrupt may land then. */
let critical = 0;
let interrupting = false;
let halting = false;
/**
 * Files of the code that a landing has ended, until that has taken effect. The interrupter's word of it can
 * be lost with what it ended.
 */
let tornOff: readonly string[] | undefined;
/** Set when the person wants the end of what keeps the thread although no run is in flight: a handler, a timer. */
let unwanted = false;
const stragglers = new Stragglers();
const questions = new Questions();
const comms = new Comms(tell, (error, cell) => fail(error, cell));
let starting: Run | undefined;
/** Number of the run of each cell that began last. */
const newest = new Map<string, number>();
/** What the run of each cell, or each execution, that is in flight may show. */
const limits = new Map<string, OutputLimit>();
const failures = new Failures(tell);
const abortReasons = new WeakSet<Error>();

/** Bytes this process may hold. */
const cap = Number(process.env["SIMILE_MEMORY"] ?? Number.POSITIVE_INFINITY);
/** Share of the cap that is in use when giving back garbage has not helped. */
const stillFull = 0.9;
/** Milliseconds in which a run that is ended has let go of what it made. */
const settling = 200;
/** Milliseconds between two looks at what variables hold, and the change in bytes that is worth one. */
const holdingsInterval = 2_000;
const worthReporting = 16e6;
let reported = process.memoryUsage.rss();

const scheduler = new Scheduler(
  {
    tell(notice) {
      sayLeftOut(notice);
      tell(notice);
    },
    now: () => performance.now(),
    later(milliseconds, action) {
      const timer = setTimeout(() => guarded(action), milliseconds);
      return () => clearTimeout(timer);
    },
    begin(run) {
      starting = run;
      channel.post({ type: "flush", run: run.number });
    },
    watch(on) {
      halting = on;
      const hunt = on ? undefined : stragglers.hunt(performance.now());
      if (hunt !== undefined) setTimeout(watch, hunt + 1).unref();
      watch();
    },
    abort(controller, reason) {
      abortReasons.add(reason);
      const abort = () => controller.abort(reason);
      if (interrupting) setTimeout(abort);
      else queueMicrotask(abort);
    },
  },
  Math.random().toString(36).slice(2, 10),
);

function isPipe(fd: number): boolean {
  try {
    const what = fstatSync(fd);
    return what.isSocket() || what.isFIFO();
  } catch {
    return false;
  }
}

function watch(): void {
  channel.post({ type: "watch", on: halting || stragglers.isHunting(performance.now()) });
}

function guarded(action: () => void): void {
  critical++;
  try {
    action();
  } finally {
    critical--;
  }
}

function receive(message: FromInterrupter): void {
  guarded(() => {
    // A message that is taken outside an interrupt finds the thread free: the end has taken effect.
    if (tornOff && !interrupting) {
      // A timer of another run may have been hit: the one to be ended may wait still, and go on later.
      for (const file of tornOff) {
        const run = codeOrigin(file)?.run;
        if (run === scheduler.running?.number && run !== undefined) stragglers.settled(run);
      }
      tornOff = undefined;
      scheduler.terminated();
      // With what was torn off went every promise reaction that was due, the run's first ones perhaps.
      const { running } = scheduler;
      if (running && running !== starting && !running.entered) start(running);
    }
    switch (message.type) {
      case "frame":
        return obey(message.frame);
      case "stop":
        return stop();
      case "full":
        return relieve();
      case "flushed":
        if (starting?.number !== message.run) return;
        // A cell starts from a macrotask of its own, never on top of another's code.
        if (interrupting) setTimeout(start, 0, starting);
        else start(starting);
        starting = undefined;
    }
  });
  // What a person's handlers do is theirs: outside of what is ours, and never on top of another's code.
  if (!interrupting) comms.deliver();
}

/** Gives back what nobody needs; when that is not enough, ends what runs. */
function relieve(): void {
  scheduler.dropOlder();
  collectGarbage();
  const bytes = process.memoryUsage.rss();
  if (bytes > stillFull * cap) {
    const held = largest(variables(), bytes);
    const error = memoryError(scheduler.running?.cell.id, { cap, bytes, held });
    if (scheduler.running) scheduler.fail(error);
    else tell({ type: "uncaught", error });
    if (!scheduler.running && interrupting) unwanted = true;
    // What it made is not needed any more once it has ended.
    setTimeout(collectGarbage, settling).unref();
  }
  channel.post({ type: "relieved" });
}

/** All names that hold something from one cell to the next. */
function* variables(): Iterable<readonly [name: string, value: unknown]> {
  for (const name of evaluator.namespace.names) yield [name, evaluator.namespace.get(name)];
  yield* scheduler.outputs;
}

/** Tells which variables are the largest, should the process come to an end that leaves no time to say so. */
function reportHoldings(): void {
  const bytes = process.memoryUsage.rss();
  if (Math.abs(bytes - reported) < worthReporting) return;
  reported = bytes;
  channel.post({ type: "held", held: holdingsText(largest(variables(), bytes)) });
}

function stop(): void {
  if (scheduler.running) scheduler.stop();
  else if (interrupting) unwanted = true;
}

function obey(frame: Uint8Array): void {
  try {
    const command = checkKernelCommand(decode(frame));
    handle(command, { scheduler, enter, questions, comms, tellKeys, stop });
  } catch (error) {
    tell({ type: "uncaught", error: evaluator.describe(error) });
  }
}

function tellKeys({ number, path }: KeysCommand): void {
  const { apart } = evaluator.namespace;
  const root = path[0] !== undefined && Object.hasOwn(apart, path[0]) ? apart : globalThis;
  const names = liveKeys(root, path);
  tell({ type: "keys", number, ...(names && { names }) });
}

function enter(directory: string): void {
  if (directory === evaluator.directory) return;
  evaluator = new Evaluator(directory, evaluator.namespace);
  try {
    process.chdir(directory);
  } catch (cause) {
    const error = new Error(`Cannot enter the workbook's folder ${directory}`, { cause });
    tell({ type: "uncaught", error: evaluator.describe(error) });
  }
}

const written = new Written(process);
const folders = new FolderWatch(() => guarded(lookAtModules));

/** What cells import from files that were edited is computed anew. */
function lookAtModules(): void {
  const edited = loadedModules()?.look();
  if (!edited) return;
  evaluator.modulesEdited();
  const { directory } = evaluator;
  const names = edited.files.map((file) => fileName(file, directory));
  scheduler.edited(edited.cells, names);
}

function watchModules(): void {
  const modules = loadedModules();
  if (modules && folders.set(modules.folders)) lookAtModules();
}

function start(run: Run): void {
  if (scheduler.running !== run) return;
  if (run.execution) lookAtModules();
  else loadedModules()?.forget(run.cell.id);
  stragglers.began(run.number);
  failures.forget(run.cell.id);
  const isRunning = () => scheduler.running === run;
  const { number, execution } = run;
  if (!execution) newest.set(run.cell.id, number);
  // What a run that was ended still shows must not be taken for what the next one shows.
  const mayTell = () => execution || (newest.get(run.cell.id) === number && !run.ending);
  const limit = new OutputLimit(run.cell.id, mostOf(run), (notice, isUrgent) => {
    tell(notice);
    if (isUrgent) channel.flush();
  });
  limits.set(run.cell.id, limit);
  const displays = new Displays(
    run.cell.id,
    (notice) => mayTell() && limit.tell(notice),
    run.execution ? undefined : pageBundle,
  );
  const tellLimited = (notice: KernelNotice) =>
    notice.type === "log" ? limit.tell(notice) : tell(notice);
  const injected = injectedInto(run, tellLimited, displays, evaluator.directory, isRunning);
  const print: Print = (level, text, partial) =>
    tellLimited({
      type: "log",
      cell: run.cell.id,
      level,
      text: withoutCodeNames(text, evaluator.directory),
      ...(partial && { partial }),
    });
  const outcome = written.within(print, () =>
    run.execution
      ? evaluator.execute(run, injectedIntoExecution(run, injected, tell, questions, comms))
      : evaluator.evaluate(run, injected),
  );
  void outcome.then((outcome) =>
    guarded(() => {
      stragglers.settled(run.number);
      if (outcome.bundle && !run.execution) displays.add(outcome.bundle);
      scheduler.settled(run, { ...outcome, shown: displays.shown });
      watchModules();
    }),
  );
}

/** What a run may show, by the environment; one that makes no sense is told and not heeded. */
function mostOf({ execution }: Run): OutputMost {
  try {
    return outputMost(process.env, execution === true);
  } catch (error) {
    if (limits.size === 0) fail(error, undefined);
    return outputMost({}, execution === true);
  }
}

/** A run is over: says what was left out of what it showed, before its end is told. */
function sayLeftOut(notice: KernelNotice | ExecutionNotice): void {
  const isEnd =
    notice.type === "run" && !["queued", "running"].includes(notice.state)
      ? notice.cell
      : notice.type === "executed" && notice.id;
  if (!isEnd) return;
  limits.get(isEnd)?.end();
  limits.delete(isEnd);
}

openLanding(
  () => critical > 0,
  (stack) => {
    interrupting = true;
    try {
      channel.drain();
      let verdict: ReturnType<Scheduler["judge"]> = "go on";
      guarded(() => {
        verdict = scheduler.judge();
      });
      if (stragglers.hits(stack, scheduler.running?.number)) verdict = "terminate";
      if (unwanted) verdict = "terminate";
      unwanted = false;
      if (verdict === "terminate") tornOff = stack;
      return verdict;
    } finally {
      interrupting = false;
    }
  },
);

process.on("uncaughtException", (error: unknown) => fail(error, evaluator.originOf(error)));

/** Tells what went wrong outside of any run, at the cell whose doing it is. */
function fail(error: unknown, cell: string | undefined): void {
  // What remains, on some versions of Node, of code that was torn off; or of a run that was ended.
  if (error == null || isAbort(error)) return;
  failures.add(cell, evaluator.describe(error));
}

/** Whether it is the end of a run as its signal told it, passed on where nobody waited for it. */
function isAbort(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: unknown };
  return [error, cause].some((part) => part instanceof Error && abortReasons.has(part));
}

process.on("exit", (code) => {
  const { at } = evaluator.describe(new Error("exit"));
  const where = at === undefined ? "" : ` in line ${at.line}`;
  channel.flushNow(`process.exit(${code}) was called${where}`, at?.cell);
});

tell({ type: "ready", pid: process.pid, node: process.version });
setInterval(() => guarded(reportHoldings), holdingsInterval).unref();
