import type { MessagePort } from "node:worker_threads";
import type { LastWords } from "../process/index.ts";
import type { Verdict } from "../schedule/flight.ts";
import type { Log } from "./log-stream.ts";

/** What the interrupter is started with. */
export interface InterrupterData {
  readonly port: MessagePort;
  readonly shared: Int32Array;
}

/** Index in `shared`: how many of the interrupter's messages the main thread has taken. */
export const consumed = 0;
/** Index in `shared`: 1 when everything has left and the process may end. */
export const exited = 1;

/** Key of the global symbol under which an interrupt finds the main thread's landing. */
export const landingKey = "simile.kernel.landing";

/** What an interrupt came to: besides verdicts, that nothing ran, or that the moment was bad. */
export type Landing = Verdict | "idle" | "busy";

export type FromInterrupter =
  | { readonly type: "frame"; readonly frame: Uint8Array }
  | { readonly type: "stop" }
  /** The process holds as much memory as it may. */
  | { readonly type: "full" }
  /** All that was told before the run's start has left. */
  | { readonly type: "flushed"; readonly run: number }
  /** Asks for nothing: shows whether the main thread takes messages. */
  | { readonly type: "ping" };

export type ToInterrupter =
  | { readonly type: "frame"; readonly frame: Uint8Array }
  | Log
  | { readonly type: "flush"; readonly run: number }
  | { readonly type: "watch"; readonly on: boolean }
  /** What could be done about a full memory has been done. */
  | { readonly type: "relieved" }
  /** The largest variables, as a text: last words, should there be no later ones. */
  | { readonly type: "held"; readonly held: string }
  | { readonly type: "exit"; readonly words: LastWords };
