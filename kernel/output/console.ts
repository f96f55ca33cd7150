import { Console } from "node:console";
import { Writable } from "node:stream";

export type LogLevel = "log" | "info" | "warn" | "error" | "debug";

/**
 * The console of one run: Node's, with each text told to `tell` under the method's level. It is given
 * to the cell as an input, so that what it prints later, from a timer, is still known to be its own.
 */
export function cellConsole(tell: (level: LogLevel, text: string) => void): Console {
  let level: LogLevel | undefined;
  const sink = (fallback: LogLevel): Writable =>
    new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        print(level ?? fallback, chunk);
        done();
      },
    });
  const print = (as: LogLevel, chunk: string) => tell(as, chunk.replace(/\n$/, ""));
  const console = new Console({
    stdout: sink("log"),
    stderr: sink("error"),
    colorMode: false,
    inspectOptions: { maxArrayLength: 100, maxStringLength: 10_000, depth: 4 },
  });
  for (const method of ["info", "warn", "debug"] as const) {
    const write = console[method].bind(console);
    console[method] = (...parts: unknown[]) => {
      level = method;
      try {
        write(...parts);
      } finally {
        level = undefined;
      }
    };
  }
  return console;
}
