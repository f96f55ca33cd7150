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
import { codeOrigin } from "./code-name.ts";
import { Comms } from "./comms/comms.ts";
import { Evaluator } from "./evaluate/evaluate.ts";
import { injectedInto } from "./evaluate/injected.ts";
import { injectedIntoExecution } from "./evaluate/injected-into-execution.ts";
import { liveKeys } from "./evaluate/live-keys.ts";
import { fileName } from "./file-name.ts";
import { handle } from "./handle.ts";
import { Channel } from "./interrupter/channel.ts";
import type { FromInterrupter } from "./interrupter/threads.ts";
import { relieve } from "./memory/full-memory.ts";
import { HoldingsReport } from "./memory/holdings-report.ts";
import { loadedModules } from "./modules/index.ts";
import { ModuleEdits } from "./modules/module-edits.ts";
import { Failures } from "./output/failures.ts";
import { RunOutputs } from "./output/run-outputs.ts";
import { quietWarnings } from "./output/warnings.ts";
import { Written } from "./output/written.ts";
import { Questions } from "./questions.ts";
import type { Run } from "./schedule/run.ts";
import { Scheduler } from "./schedule/schedule.ts";
import { Aborts } from "./stop/aborts.ts";
import { Interrupts } from "./stop/interrupts.ts";
import { Stragglers } from "./stop/stragglers.ts";

if (![3, 4].every(isPipe)) {
  process.stderr.write("The kernel is started by the server: expected pipes on fd 3 and fd 4\n");
  process.exit(2);
}
quietWarnings();
Error.stackTraceLimit = 50;

/** Milliseconds between two looks at what variables hold. */
const holdingsInterval = 2_000;

const channel = new Channel(receive);
const tell = (notice: KernelNotice | ExecutionNotice | MemoryNotice): void => channel.tell(notice);
let evaluator = new Evaluator(process.cwd());

const interrupts = new Interrupts();
const guarded = (action: () => void): void => interrupts.guarded(action);
/** Whether the run in flight is to be interrupted. */
let halting = false;
const stragglers = new Stragglers();
const questions = new Questions();
const comms = new Comms(
  tell,
  (error, cell) => fail(error, cell),
  () => stragglers.wanted(),
);
let starting: Run | undefined;
const failures = new Failures(tell);
const aborts = new Aborts();
const outputs = new RunOutputs({
  tell,
  flush: () => channel.flush(),
  fail: (error) => fail(error, undefined),
  directory: () => evaluator.directory,
});
const holdings = new HoldingsReport((held) => channel.post({ type: "held", held }));
const written = new Written(process);

const scheduler = new Scheduler(
  {
    tell(notice) {
      outputs.end(notice);
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
      watch(on ? undefined : stragglers.hunt(performance.now()));
    },
    abort(controller, reason) {
      aborts.add(reason);
      const abort = () => controller.abort(reason);
      if (interrupts.isLanding) setTimeout(abort);
      else queueMicrotask(abort);
    },
  },
  Math.random().toString(36).slice(2, 10),
);

/** What cells import from files that were edited is computed anew. */
const moduleEdits = new ModuleEdits(guarded, (edited) => {
  evaluator.modulesEdited();
  const { directory } = evaluator;
  const names = edited.files.map((file) => fileName(file, directory));
  scheduler.edited(edited.cells, names);
});

function isPipe(fd: number): boolean {
  try {
    const what = fstatSync(fd);
    return what.isSocket() || what.isFIFO();
  } catch {
    return false;
  }
}

/** @param hunt milliseconds after which to look again */
function watch(hunt?: number): void {
  if (hunt !== undefined) setTimeout(watch, hunt + 1).unref();
  channel.post({ type: "watch", on: halting || stragglers.isHunting(performance.now()) });
}

function receive(message: FromInterrupter): void {
  guarded(() => {
    // A message that is taken outside an interrupt finds the thread free: the end has taken effect.
    const tornOff = interrupts.takeTornOff();
    if (tornOff) finish(tornOff);
    switch (message.type) {
      case "frame":
        return obey(message.frame);
      case "stop":
        return stop();
      case "full": {
        const isEnough = relieve(scheduler, variables(), (error) =>
          tell({ type: "uncaught", error }),
        );
        if (!isEnough && !scheduler.running) interrupts.tearOff();
        channel.post({ type: "relieved" });
        return;
      }
      case "flushed":
        if (starting?.number !== message.run) return;
        // A cell starts from a macrotask of its own, never on top of another's code.
        if (interrupts.isLanding) setTimeout(start, 0, starting);
        else start(starting);
        starting = undefined;
    }
  });
  // What a person's handlers do is theirs: outside of what is ours, and never on top of another's code.
  if (!interrupts.isLanding) comms.deliver();
}

/** The code of these files was torn off. */
function finish(tornOff: readonly string[]): void {
  // A timer of another run may have been hit: the one to be ended may wait still, and go on later.
  for (const run of runsOf(tornOff)) {
    if (run === scheduler.running?.number) stragglers.settled(run);
  }
  scheduler.terminated();
  watch(stragglers.aftermath(performance.now()));
  // With what was torn off went every promise reaction that was due, the run's first ones perhaps.
  const { running } = scheduler;
  if (running && running !== starting && !running.entered) start(running);
}

/** Runs whose code stands on a stack. */
function runsOf(stack: readonly string[]): ReadonlySet<number> {
  return new Set(stack.flatMap((file) => codeOrigin(file)?.run ?? []));
}

/** All names that hold something from one cell to the next. */
function* variables(): Iterable<readonly [name: string, value: unknown]> {
  for (const name of evaluator.namespace.names) yield [name, evaluator.namespace.get(name)];
  yield* scheduler.outputs;
}

function stop(): void {
  if (scheduler.running) scheduler.stop();
  else interrupts.tearOff();
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

function start(run: Run): void {
  if (scheduler.running !== run) return;
  if (run.execution) moduleEdits.look();
  else loadedModules()?.forget(run.cell.id);
  stragglers.began(run.number);
  failures.forget(run.cell.id);
  const isRunning = () => scheduler.running === run;
  const { displays, tell: tellLimited, print } = outputs.begin(run);
  const injected = injectedInto(run, tellLimited, displays, evaluator.directory, isRunning);
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
      moduleEdits.watch();
    }),
  );
}

interrupts.open(
  (stack) => {
    channel.drain();
    let verdict: ReturnType<Scheduler["judge"]> = "go on";
    guarded(() => {
      verdict = scheduler.judge();
    });
    const isHit = stragglers.hits(runsOf(stack), scheduler.running?.number, performance.now());
    return isHit ? "terminate" : verdict;
  },
  (stack) => stragglers.torn(runsOf(stack), performance.now()),
);

process.on("uncaughtException", (error: unknown) => fail(error, evaluator.originOf(error)));

/** Tells what went wrong outside of any run, at the cell whose doing it is. */
function fail(error: unknown, cell: string | undefined): void {
  // What remains, on some versions of Node, of code that was torn off; or of a run that was ended.
  if (error == null || aborts.has(error)) return;
  failures.add(cell, evaluator.describe(error));
}

process.on("exit", (code) => {
  const { at } = evaluator.describe(new Error("exit"));
  const where = at?.file === undefined ? "" : ` in ${at.file}`;
  const line = at === undefined ? "" : `${where === "" ? " in" : ","} line ${at.line}`;
  const place = at && at.file === undefined ? `${at.line}:${at.column}` : undefined;
  channel.flushNow(`process.exit(${code}) was called${where}${line}`, at?.cell, place);
});

tell({ type: "ready", pid: process.pid, node: process.version });
setInterval(() => guarded(() => holdings.look(variables())), holdingsInterval).unref();
