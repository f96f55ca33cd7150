import { type StaleReason, shortText } from "../../protocol/index.ts";
import { sameValue } from "../same-value.ts";

/** What an `AskedRun` brings about. */
export interface AskedRunParts {
  /** Names of the values that the cell reads. */
  readonly names: readonly string[];
  /** Whether it runs by itself when its values are there for the first time, and is never out of date then. */
  readonly isOnce: boolean;
  start(values: readonly unknown[]): void;
  /** Nobody has asked for it yet. */
  unasked(): void;
  stale(reasons: readonly StaleReason[]): void;
}

/**
 * When a browser cell runs that runs on demand or once: not when what it reads changes, but when a person
 * asks, with the values there are then.
 */
export class AskedRun {
  #parts: AskedRunParts;
  #values: readonly unknown[] | undefined;
  #ran: ReadonlyMap<string, unknown> | undefined;
  #isAsked: boolean;
  #isEdited = false;

  /** @param ran the values that the cell has read in a run that is kept */
  constructor(parts: AskedRunParts, isAsked: boolean, ran?: ReadonlyMap<string, unknown>) {
    this.#parts = parts;
    this.#ran = ran;
    this.#isAsked = isAsked || (parts.isOnce && !ran);
  }

  /** The values that the run has read whose outcome is kept. */
  get ran(): ReadonlyMap<string, unknown> | undefined {
    return this.#ran;
  }

  /** The code is another one now, and reads these names. */
  edit(parts: AskedRunParts): void {
    this.#parts = parts;
    this.#isEdited = true;
    this.#values = undefined;
  }

  /** What the cell reads is being made anew. */
  await(): void {
    this.#values = undefined;
  }

  take(values: readonly unknown[]): void {
    this.#values = values;
    if (this.#isAsked) this.#start(values);
    else if (!this.#ran) this.#parts.unasked();
    else this.#tell();
  }

  /** A person wants it to run: now, or when what it reads is there. */
  ask(): void {
    this.#isAsked = true;
    if (this.#values) this.#start(this.#values);
  }

  /**
   * A value that it reads has failed.
   *
   * @returns whether that is to be told: it has no value that is kept
   */
  miss(name: string | undefined): boolean {
    this.#values = undefined;
    const isTold = this.#isAsked || !this.#ran;
    this.#isAsked = this.#parts.isOnce && !this.#ran;
    if (!isTold) this.#parts.stale([...this.#edits, ...(name === undefined ? [] : [{ name }])]);
    return isTold;
  }

  get #edits(): readonly StaleReason[] {
    return this.#isEdited ? [{}] : [];
  }

  #start(values: readonly unknown[]): void {
    this.#isAsked = false;
    this.#isEdited = false;
    this.#ran = new Map(this.#parts.names.map((name, i) => [name, values[i]]));
    this.#parts.start(values);
    this.#parts.stale([]);
  }

  #tell(): void {
    const changed = this.#parts.isOnce
      ? []
      : this.#parts.names.flatMap((name, i) => this.#change(name, this.#values![i]));
    this.#parts.stale([...this.#edits, ...changed]);
  }

  #change(name: string, value: unknown): readonly StaleReason[] {
    const before = this.#ran?.get(name);
    if (sameValue(before, value)) return [];
    const [was, now] = [shortText(before), shortText(value)];
    return [was === now || !this.#ran?.has(name) ? { name } : { name, was, now }];
  }
}
