import { AsyncLocalStorage } from "node:async_hooks";

/** Takes what is written; `partial` when its last line goes on. */
export type Print = (level: "log" | "error", text: string, partial: boolean) => void;

/**
 * What code writes to the process's own streams, as libraries and the global console do, told as output of the
 * run that wrote it, which is followed through its awaits, timers and events; what none of them wrote is the
 * latest run's.
 */
export class Written {
  readonly #runs = new AsyncLocalStorage<Print>();
  #latest: Print | undefined;

  constructor(streams: {
    readonly stdout: NodeJS.WriteStream;
    readonly stderr: NodeJS.WriteStream;
  }) {
    this.#take(streams.stdout, "log");
    this.#take(streams.stderr, "error");
  }

  /** Runs code whose output is `print`'s. */
  within<T>(print: Print, run: () => T): T {
    this.#latest = print;
    return this.#runs.run(print, run);
  }

  #take(stream: NodeJS.WriteStream, level: "log" | "error"): void {
    const own = stream.write.bind(stream) as (chunk: string | Uint8Array) => boolean;
    const decoder = new TextDecoder();
    const write = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
      const print = this.#runs.getStore() ?? this.#latest;
      if (!print || !(typeof chunk === "string" || chunk instanceof Uint8Array)) {
        return own(chunk as string);
      }
      const text =
        typeof chunk !== "string"
          ? decoder.decode(chunk, { stream: true })
          : Buffer.isEncoding(String(encoding)) && encoding !== "utf8"
            ? Buffer.from(chunk, encoding as BufferEncoding).toString()
            : chunk;
      const partial = !text.endsWith("\n");
      if (text !== "") print(level, partial ? text : text.slice(0, -1), partial);
      const called = typeof encoding === "function" ? encoding : done;
      if (typeof called === "function") process.nextTick(called as () => void);
      return true;
    };
    stream.write = write as NodeJS.WriteStream["write"];
  }
}
