import type { SaveState } from "../../src/protocol/index.ts";

/** A pause of this length in the typing saves. */
const quietMilliseconds = 400;
/** Typing without a pause saves as often as this. */
const longestMilliseconds = 2_000;
/** After a failure it is tried again, each time after twice as long. */
const firstRetry = 1_000;
const longestRetry = 30_000;

/** What a try to write the file came to: the revision that is in it now, or why nothing was written. */
export type WriteOutcome = { readonly revision: number } | { readonly held: string };

/** When an edited document is written to its file, and what is said of it. */
export class Saving {
  readonly #write: () => Promise<WriteOutcome>;
  readonly #told: (state: SaveState) => void;
  #state: SaveState;
  #newest: number;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #writing: Promise<void> | undefined;

  /** @param write writes what is newest; rejects with the sentence that the person is told */
  constructor(
    revision: number,
    write: () => Promise<WriteOutcome>,
    told: (state: SaveState) => void,
  ) {
    this.#write = write;
    this.#told = told;
    this.#newest = revision;
    this.#state = { state: "saved", revision, time: Date.now() };
  }

  get state(): SaveState {
    return this.#state;
  }

  /** There is a new revision, not in the file yet. */
  touch(revision: number): void {
    this.#newest = revision;
    const now = Date.now();
    this.#since ??= now;
    if (this.#state.state === "failed") {
      // Its retry is due by itself; the person knows already.
      this.#tell({ ...this.#state, revision });
      return;
    }
    this.#tell({ state: "saving", revision });
    this.#later(Math.min(quietMilliseconds, this.#since + longestMilliseconds - now));
  }

  /** The file has this revision, whoever wrote it. */
  settle(revision: number): void {
    this.#newest = Math.max(this.#newest, revision);
    if (revision < this.#newest) return;
    clearTimeout(this.#timer);
    this.#since = undefined;
    this.#failures = 0;
    this.#tell({ state: "saved", revision, time: Date.now() });
  }

  /** Writes now what is not in the file yet. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    // One at a time; what came while it was written is written after it.
    while (this.#writing) await this.#writing;
    if (this.#state.state === "saved") return;
    this.#writing = this.#try().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  /** Ends without another try. */
  close(): void {
    clearTimeout(this.#timer);
  }

  async #try(): Promise<void> {
    const began = Date.now();
    try {
      const outcome = await this.#write();
      if ("held" in outcome) {
        this.#tell({ state: "failed", revision: this.#newest, reason: outcome.held });
        return;
      }
      this.#failures = 0;
      if (outcome.revision >= this.#newest) this.settle(outcome.revision);
      else {
        this.#since = began;
        this.#tell({ state: "saving", revision: this.#newest });
        this.#later(quietMilliseconds);
      }
    } catch (error) {
      const pause = Math.min(longestRetry, firstRetry * 2 ** this.#failures++);
      const reason = (error as Error).message;
      const retry = Date.now() + pause;
      this.#tell({ state: "failed", revision: this.#newest, reason, retry });
      this.#later(pause);
    }
  }

  #later(pause: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(), Math.max(0, pause));
  }

  #tell(state: SaveState): void {
    const { state: kind, revision } = this.#state;
    const isSame = kind === "saving" && state.state === "saving" && revision === state.revision;
    this.#state = state;
    if (!isSame) this.#told(state);
  }
}
