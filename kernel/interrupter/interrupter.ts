/*
 * The second thread. It owns the two pipes to the server, so that commands are heard while the main
 * thread computes, and interrupts the main thread when it does not take what has come for it.
 */
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";
import { encode, FrameReader } from "../../src/protocol/index.ts";
import { MemoryWatch } from "../memory/memory.ts";
import type { LastWords } from "../process/index.ts";
import { Outgoing } from "./outgoing.ts";
import {
  consumed,
  exited,
  type FromInterrupter,
  type InterrupterData,
  type Landing,
  landingKey,
  type ToInterrupter,
} from "./threads.ts";

const { port, shared } = workerData as InterrupterData;
const frames = new Socket({ fd: 3 });
const control = new Socket({ fd: 4 });

/** Milliseconds the main thread has to take a message before it is interrupted. */
const patience = 10;
/** Milliseconds between two interrupts that came at a bad moment. */
const pause = 3;
/** Interrupts that find an empty stack, with messages left untaken, before the next one is forced. */
const mostIdle = 5;
/** Milliseconds after which an interrupt that was not answered is given up, and another one sent. */
const answerTime = 1000;

let sent = 0;
let watching = false;
let checking = false;
let asking = false;
let idle = 0;

function send(message: FromInterrupter, transferred: ArrayBuffer[] = []): void {
  sent++;
  port.postMessage(message, transferred);
  watch(patience);
}

function watch(delay: number): void {
  if (checking) return;
  checking = true;
  setTimeout(check, delay);
}

function check(): void {
  checking = false;
  if (asking) return;
  if (Atomics.load(shared, consumed) !== sent) {
    ask();
    return;
  }
  idle = 0;
  // The main thread is alive; while a run is to end, it is asked again and again whether it still is.
  if (watching) send({ type: "ping" });
}

interface Answer {
  readonly result: { readonly value?: unknown };
}

/** Calls the main thread's landing in the midst of whatever it does. */
function ask(): void {
  asking = true;
  const session = new Session();
  session.connectToMainThread();
  const expression = `globalThis[Symbol.for(${JSON.stringify(landingKey)})](${idle >= mostIdle})`;
  const parameters = { expression, returnByValue: true, silent: true };
  const giveUp = setTimeout(() => done("busy"), answerTime);
  let isDone = false;
  const done = (landing: Landing) => {
    if (isDone) return;
    isDone = true;
    clearTimeout(giveUp);
    asking = false;
    session.disconnect();
    react(landing);
  };
  session.post("Runtime.evaluate", parameters, (error, answer?: Answer) => {
    const landing = error ? undefined : (answer?.result.value as Landing | undefined);
    done(landing ?? "busy");
  });
}

function react(landing: Landing): void {
  idle = landing === "idle" ? idle + 1 : 0;
  if (landing === "idle" || landing === "busy") watch(pause);
  // The main thread knows what it tore off, and acts on it with the next message it takes.
  else if (landing === "terminate") send({ type: "ping" });
  else if (landing !== "go on") setTimeout(() => send({ type: "ping" }), landing.again);
  else if (watching) watch(patience);
}

const reader = new FrameReader((frame) => send({ type: "frame", frame }, [frame.buffer]));
frames.on("data", (chunk: Uint8Array) => {
  try {
    reader.push(chunk);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    end();
  }
});

let line = "";
control.setEncoding("utf8");
control.on("data", (chunk: string) => {
  const lines = (line + chunk).split("\n");
  line = lines.pop()!.slice(-1024);
  for (const text of lines) if (isStop(text)) send({ type: "stop" });
});

function isStop(text: string): boolean {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type === "stop";
  } catch {
    return false;
  }
}

// The server is gone, or has let go of the kernel.
for (const pipe of [frames, control]) {
  pipe.on("error", end);
  pipe.on("close", end);
}

function end(): void {
  process.kill(process.pid, "SIGKILL");
}

const outgoing = new Outgoing(frames);

/** Says of the process what may be its last words. */
function say(words: LastWords, done?: () => void): void {
  control.write(`${JSON.stringify(words)}\n`, done);
}

const memory = new MemoryWatch(Number(process.env["SIMILE_MEMORY"] ?? Number.POSITIVE_INFINITY), {
  tell: (notice) => outgoing.frame(encode(notice)),
  full: () => send({ type: "full" }),
  end: (reason) => say({ reason }, end),
});
memory.start();

port.on("message", (message: ToInterrupter) => {
  switch (message.type) {
    case "frame":
      outgoing.frame(message.frame);
      return;
    case "log":
      outgoing.log(message);
      return;
    case "flush":
      outgoing.flush(() => send({ type: "flushed", run: message.run }));
      return;
    case "watch":
      watching = message.on;
      if (watching) watch(patience);
      return;
    case "relieved":
      memory.handled();
      return;
    case "held":
      say({ held: message.held });
      return;
    case "exit":
      say(message.words);
      outgoing.flush(() => {
        Atomics.store(shared, exited, 1);
        Atomics.notify(shared, exited);
      });
      return;
  }
});
