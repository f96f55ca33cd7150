import type { KernelNotice, MimeBundle } from "../../src/protocol/index.ts";
import { LogFile, logsFolder } from "../process/index.ts";

/** What one run may show. */
export interface OutputMost {
  readonly lines: number;
  /** Characters of its lines. */
  readonly characters: number;
  readonly displays: number;
  /** Bytes of its displays. */
  readonly bytes: number;
  /** Lines after which all of them are in a file too: who is told keeps no more of them. */
  readonly kept: number;
}

type Notice = Extract<KernelNotice, { type: "log" | "display" | "clear" }>;
type Log = Extract<Notice, { type: "log" }>;

interface LeftOut {
  readonly lines: number;
  readonly characters: number;
  readonly displays: number;
}

/** Milliseconds after which what a run leaves out after its end is told. */
const lateness = 1_000;

/** Lines that the page keeps of a cell. */
const keptByPage = 300;

/**
 * What a run may show where nothing is set. `SIMILE_OUTPUT_LINES` and `SIMILE_OUTPUT_BYTES` set the
 * lines and their characters.
 *
 * @throws {RangeError} naming the variable, what was expected and what was found
 */
export function outputMost(environment: NodeJS.ProcessEnv, isExecution: boolean): OutputMost {
  const lines = whole(environment, "SIMILE_OUTPUT_LINES");
  return {
    lines: lines ?? (isExecution ? 10_000 : Number.POSITIVE_INFINITY),
    characters: whole(environment, "SIMILE_OUTPUT_BYTES") ?? 2 * 2 ** 20,
    displays: 500,
    bytes: 64 * 2 ** 20,
    kept: isExecution ? Number.POSITIVE_INFINITY : keptByPage,
  };
}

function whole(environment: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = environment[name];
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`Cannot use ${name}: expected a whole number from 1, found ${text}`);
}

/**
 * Lets what a run shows pass up to a measure, and keeps the whole log in a file beyond it. The run goes
 * on whatever becomes of the file.
 */
export class OutputLimit {
  readonly #cell: string;
  readonly #most: OutputMost;
  readonly #pass: (notice: Notice, isUrgent?: boolean) => void;
  readonly #open: () => LogFile;
  readonly #shown = { lines: 0, characters: 0, displays: 0, bytes: 0 };
  #left: LeftOut = { lines: 0, characters: 0, displays: 0 };
  /** The log so far, until it is in the file. */
  #early: string[] = [];
  #file: LogFile | undefined;
  #isCut = false;
  #isFailureTold = false;
  #isOver = false;
  #late: NodeJS.Timeout | undefined;

  /** @param pass is told `isUrgent` with what must not wait: a loop may follow that prints nothing more */
  constructor(
    cell: string,
    most: OutputMost,
    pass: (notice: Notice, isUrgent?: boolean) => void,
    open: () => LogFile = () => new LogFile(logsFolder(), cell),
  ) {
    this.#cell = cell;
    this.#most = most;
    this.#pass = pass;
    this.#open = open;
  }

  readonly tell = (notice: Notice): void => {
    if (notice.type === "log") this.#log(notice);
    else if (notice.type === "clear" || notice.update) this.#pass(notice);
    else this.#display(notice);
  };

  /** The run is over: says what was left out. What comes later is said later. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#late);
    this.#late = undefined;
    this.#file?.close();
    const { lines, characters, displays } = this.#left;
    if (lines + displays === 0) return;
    this.#left = { lines: 0, characters: 0, displays: 0 };
    const parts = [
      ...(lines > 0 ? [`${counted(lines, "line")} (${counted(characters, "character")})`] : []),
      ...(displays > 0 ? [counted(displays, "display")] : []),
    ].join(" and ");
    const where =
      this.#file?.failure === undefined
        ? `; the full log is in ${this.#file?.path}`
        : `; the log in ${this.#file.path} is not whole`;
    this.#say(`… left out: ${parts}${where}`);
  }

  #log(notice: Log): void {
    const { text } = notice;
    const head = this.#isCut ? "" : this.#fitting(text);
    const isWhole = head.length === text.length && !this.#isCut;
    this.#shown.lines += linesOf(text);
    this.#shown.characters += text.length + 1;
    if (isWhole && this.#shown.lines > this.#most.kept) this.#begin();
    this.#keep(`${text}\n`);
    if (isWhole || head !== "") {
      this.#pass(
        this.#file ? { ...notice, text: head, file: this.#file.path } : { ...notice, text: head },
      );
    }
    if (isWhole) return;
    this.#cut();
    const rest = text.slice(head.length).replace(/^\n/, "");
    this.#leaveOut({ lines: linesOf(rest), characters: rest.length + 1, displays: 0 });
  }

  /** As much of the start of a text as there is room for. */
  #fitting(text: string): string {
    const lines = this.#most.lines - this.#shown.lines;
    const room = Math.max(0, this.#most.characters - this.#shown.characters);
    if (linesOf(text) <= lines && text.length <= room) return text;
    return text.slice(0, room).split("\n").slice(0, Math.max(0, lines)).join("\n");
  }

  #display(notice: Extract<Notice, { type: "display" }>): void {
    const shown = this.#shown;
    shown.displays++;
    shown.bytes += weightOf(notice.bundle);
    if (shown.displays <= this.#most.displays && shown.bytes <= this.#most.bytes) {
      this.#pass(notice);
      return;
    }
    this.#cut();
    this.#keep(`display ${asText(notice.bundle)}\n`);
    this.#leaveOut({ lines: 0, characters: 0, displays: 1 });
  }

  #cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    const { path, failure } = this.#begin();
    if (failure === undefined) this.#say(`… from here on the output of this cell is in ${path}`);
  }

  /** From now on all that is printed is in the file, what was printed before first. */
  #begin(): LogFile {
    if (this.#file) return this.#file;
    this.#file = this.#open();
    this.#file.write(this.#early.join(""));
    this.#early = [];
    this.#tellFailure();
    return this.#file;
  }

  #keep(text: string): void {
    if (!this.#file) {
      this.#early.push(text);
      return;
    }
    this.#file.write(text);
    this.#tellFailure();
  }

  #tellFailure(): void {
    const { failure, path } = this.#file!;
    if (failure === undefined || this.#isFailureTold) return;
    this.#isFailureTold = true;
    this.#say(`… the log of this cell is not kept any further in ${path}: ${failure}`);
  }

  #leaveOut({ lines, characters, displays }: LeftOut): void {
    const left = this.#left;
    this.#left = {
      lines: left.lines + lines,
      characters: left.characters + characters,
      displays: left.displays + displays,
    };
    if (this.#isOver) this.#late ??= setTimeout(() => this.end(), lateness).unref();
  }

  #say(text: string): void {
    const file = this.#file ? { file: this.#file.path } : {};
    this.#pass({ type: "log", cell: this.#cell, level: "warn", text, ...file }, true);
  }
}

function linesOf(text: string): number {
  return text.split("\n").length;
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}

function weightOf(bundle: MimeBundle): number {
  return Object.values(bundle).reduce<number>((sum, part) => {
    if (typeof part === "string") return sum + part.length;
    return sum + (ArrayBuffer.isView(part) ? part.byteLength : 1_000);
  }, 0);
}

/** A bundle as JSON, its bytes in base64. */
function asText(bundle: MimeBundle): string {
  const parts = Object.entries(bundle).map(([type, part]) => [
    type,
    part instanceof Uint8Array ? Buffer.from(part).toString("base64") : part,
  ]);
  return JSON.stringify(Object.fromEntries(parts));
}
