import { writeSync } from "node:fs";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import {
  type ExecutionNotice,
  encode,
  type KernelNotice,
  type MemoryNotice,
} from "../../src/protocol/index.ts";
import { LogStream } from "./log-stream.ts";
import {
  consumed,
  exited,
  type FromInterrupter,
  type InterrupterData,
  type ToInterrupter,
} from "./threads.ts";

/** The main thread's end of the way to the interrupter, and through it to the server. */
export class Channel {
  readonly #port;
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #receive: (message: FromInterrupter) => void;
  readonly #logs = new LogStream((log) => this.post(log));
  #taken = 0;

  /** @param receive hears each message, in order; also inside an interrupt, through `drain` */
  constructor(receive: (message: FromInterrupter) => void) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#receive = receive;
    const data: InterrupterData = { port: port2, shared: this.#shared };
    const worker = new Worker(new URL("./interrupter.js", import.meta.url), {
      workerData: data,
      transferList: [port2],
      execArgv: [],
    });
    worker.on("error", (error) => {
      // Past what takes the place of the stream's own writing: it goes the way that has just ended.
      writeSync(2, `The kernel's second thread failed: ${error.stack}\n`);
      process.kill(process.pid, "SIGKILL");
    });
    port1.on("message", (message: FromInterrupter) => this.#take(message));
  }

  /** Takes what waits, now. */
  drain(): void {
    for (let next = this.#next(); next; next = this.#next()) this.#take(next);
  }

  /** @throws {TransferError} when a value in it cannot travel */
  tell(notice: KernelNotice | ExecutionNotice | MemoryNotice): void {
    if (notice.type === "log") {
      this.#logs.push(notice);
      return;
    }
    this.#logs.flush();
    const frame = encode(notice);
    this.post({ type: "frame", frame }, [frame.buffer]);
  }

  /** Passes on what is gathered of logs. */
  flush(): void {
    this.#logs.flush();
  }

  post(message: ToInterrupter, transferred: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transferred);
  }

  /**
   * Waits until all that was told has left, at most a second: the process is about to end.
   *
   * @param reason why
   * @param cell whose doing it is
   * @param place of it in the cell, as `line:column`
   */
  flushNow(reason: string, cell?: string, place?: string): void {
    this.#logs.flush();
    const words = {
      reason,
      ...(cell !== undefined && { cell }),
      ...(place !== undefined && { place }),
    };
    this.post({ type: "exit", words });
    Atomics.wait(this.#shared, exited, 0, 1_000);
  }

  #next(): FromInterrupter | undefined {
    return receiveMessageOnPort(this.#port)?.message as FromInterrupter | undefined;
  }

  #take(message: FromInterrupter): void {
    Atomics.store(this.#shared, consumed, ++this.#taken);
    this.#receive(message);
  }
}
