import type { CommCommand, CommWord, ExecutionNotice } from "../../src/protocol/index.ts";
import { codeOrigin } from "../code-name.ts";
import { Comm, type CommHandler, type CommKeeper, type CommMessage, commWord } from "./comm.ts";

/** What happens when a client opens a comm. */
export type CommOpened = (comm: Comm, message: CommMessage) => unknown;

/** What an execution finds under the name `comm`. */
export interface ExecutionComms {
  /** Opens a comm to what clients know as `target`. */
  open(target: string, data?: object, more?: Parameters<Comm["send"]>[1]): Comm;
  /** Lets clients open comms to `target`; the returned function ends that. */
  register(target: string, opened: CommOpened): () => void;
}

/**
 * The comms of the process and what clients may open. Words of clients are taken in their order, each
 * when no other code is on the thread: between two executions, and while one awaits.
 */
export class Comms {
  readonly #tell: (notice: ExecutionNotice) => void;
  readonly #fail: (error: unknown, owner: string) => void;
  readonly #taking: () => void;
  readonly #comms = new Map<string, Comm>();
  readonly #targets = new Map<string, { readonly owner: string; readonly opened: CommOpened }>();
  readonly #waiting: CommCommand[] = [];
  #taken: number[] = [];
  #telling: NodeJS.Timeout | undefined;

  /**
   * @param fail is told what a handler threw, and the execution whose handler it is
   * @param taking is called before a client's word is handed to whoever hears it
   */
  constructor(
    tell: (notice: ExecutionNotice) => void,
    fail: (error: unknown, owner: string) => void,
    taking: () => void = () => {},
  ) {
    this.#tell = tell;
    this.#fail = fail;
    this.#taking = taking;
  }

  /** What the execution `id` can do. */
  of(id: string): ExecutionComms {
    return {
      open: (target, data = {}, more = {}) => {
        const comm = new Comm(named(target), this.#keeper(id));
        const word = commWord("open", comm, data, more);
        this.#comms.set(comm.id, comm);
        this.#tell({ ...word, id });
        return comm;
      },
      register: (target, opened) => {
        const entry = { owner: id, opened };
        this.#targets.set(named(target), entry);
        this.#tell({ type: "target", target, registered: true });
        return () => {
          if (this.#targets.get(target) !== entry) return;
          this.#targets.delete(target);
          this.#tell({ type: "target", target, registered: false });
        };
      },
    };
  }

  /** A client's word, to be taken by `deliver`. */
  hear(command: CommCommand): void {
    this.#waiting.push(command);
    this.#tellLater();
  }

  /** Hands over what waits. Code may be torn off in here; what was not handed over waits for the next call. */
  deliver(): void {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      this.#taken.push(next.seq);
      this.#take(next);
    }
  }

  /** A turn later, so that also what a handler put off to the end of its own is done. */
  #tellLater(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      const seqs = this.#taken;
      this.#taken = [];
      if (seqs.length > 0) this.#tell({ type: "heard", seqs });
      if (this.#waiting.length === 0) return;
      this.#tellLater();
      this.deliver();
    });
  }

  #take(command: CommCommand): void {
    this.#taking();
    const { word, comm: id } = command;
    if (word === "open") {
      this.#opened(command);
      return;
    }
    const comm = this.#comms.get(id);
    if (word === "close") this.#comms.delete(id);
    // Who hears nothing any more, is not told: both ends may close at once.
    comm?.take(word, messageOf(command));
  }

  #opened(command: CommCommand): void {
    const { comm: id, target = "" } = command;
    const known = this.#targets.get(target);
    if (!known) {
      this.#tell(commWord("close", { id, target }, {}, {}));
      return;
    }
    const { owner, opened } = known;
    const comm = new Comm(target, this.#keeper(owner), id);
    this.#comms.set(id, comm);
    this.#guarded(owner, () => opened(comm, messageOf(command)));
  }

  #keeper(id: string): CommKeeper {
    return {
      say: (word: CommWord) => {
        if (word.word === "close") this.#comms.delete(word.comm);
        this.#tell({ ...word, id });
      },
      owned: (handler: CommHandler) => {
        const owner = caller() ?? id;
        return (message) => this.#guarded(owner, () => handler(message));
      },
    };
  }

  /** What goes wrong in a handler, now or later, is its owner's. */
  #guarded(owner: string, call: () => unknown): void {
    try {
      const made = call();
      if (made instanceof Promise) made.catch((error: unknown) => this.#fail(error, owner));
    } catch (error) {
      this.#fail(error, owner);
    }
  }
}

/** The execution whose code is being run: the outermost on the stack. */
function caller(): string | undefined {
  const lines = String(new Error().stack).split("\n");
  const own = lines.findLast((line) => !line.includes("at async ") && codeOrigin(line));
  return own === undefined ? undefined : codeOrigin(own)?.cell;
}

function messageOf({ data, metadata, buffers }: CommWord): CommMessage {
  return {
    data: JSON.parse(data) as CommMessage["data"],
    metadata: JSON.parse(metadata) as CommMessage["metadata"],
    buffers,
  };
}

function named(target: unknown): string {
  if (typeof target === "string" && target !== "" && target.length <= 256) return target;
  throw new TypeError(
    `Cannot use a comm: expected a target of 1 to 256 characters, found ${String(target)}`,
  );
}
