import { LogFile } from "./log-file.ts";
import { logsFolder } from "./state-folder.ts";

/** Text passed on at most per second; a loop that prints must not fill the page or this process. */
const charactersPerSecond = 256 * 1024;
/** How long output is gathered, so that ten thousand lines are a few messages. */
const gatherMilliseconds = 50;

/**
 * What a kernel process writes to its own stdout or stderr (native code, child processes), gathered into
 * few texts and capped; what is left out is counted, said, and kept in a file.
 */
export class ProcessOutput {
  readonly #tell: (text: string) => void;
  readonly #open: () => LogFile;
  readonly #decoder = new TextDecoder();
  #text = "";
  #dropped = 0;
  #log: LogFile | undefined;
  #allowance = charactersPerSecond;
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    tell: (text: string) => void,
    open: () => LogFile = () => new LogFile(logsFolder(), "output"),
  ) {
    this.#tell = tell;
    this.#open = open;
  }

  push(chunk: Uint8Array): void {
    const text = this.#decoder.decode(chunk, { stream: true });
    const now = performance.now();
    const regained = ((now - this.#since) / 1000) * charactersPerSecond;
    this.#allowance = Math.min(charactersPerSecond, this.#allowance + regained);
    this.#since = now;
    const kept = text.slice(0, Math.floor(this.#allowance));
    this.#allowance -= kept.length;
    this.#text += kept;
    if (kept.length < text.length) {
      this.#dropped += text.length - kept.length;
      this.#log ??= this.#open();
      this.#log.write(text.slice(kept.length));
    }
    this.#timer ??= setTimeout(() => this.flush(), gatherMilliseconds);
  }

  get #where(): string {
    const { path, failure } = this.#log!;
    return failure === undefined ? `they are in ${path}` : `${path} is not whole: ${failure}`;
  }

  /** Tells what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const note =
      this.#dropped > 0 ? `\n… left out: ${this.#dropped} characters; ${this.#where}` : "";
    this.#log?.close();
    const text = this.#text.replace(/\n$/, "") + note;
    this.#text = "";
    this.#dropped = 0;
    if (text !== "") this.#tell(text);
  }
}
