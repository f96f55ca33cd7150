import type { EditCommand } from "../../protocol/index.ts";
import type { PendingEdits } from "./pending-edits.ts";

/** What a page asks the server to do to a document: one edit at a time, and what means all that was done before. */
export class Outbox {
  readonly #send: (command: EditCommand) => void;
  readonly #edits: PendingEdits;
  #isOpen = false;
  /** What waits until all that is pending is accepted. */
  #after: EditCommand[] = [];

  constructor(send: (command: EditCommand) => void, edits: PendingEdits) {
    this.#send = send;
    this.#edits = edits;
  }

  /** The server knows which revision this page has: it can be asked. */
  open(): void {
    this.#isOpen = true;
  }

  /** Sends a command once what was done before is accepted. */
  sendAfter(command: EditCommand): void {
    this.#after.push(command);
    this.ask();
  }

  /** Asks for what is pending, unless an answer is awaited; once all of it is accepted, sends what has waited. */
  ask(): void {
    if (!this.#isOpen) return;
    const command = this.#edits.ask();
    if (command) this.#send(command);
    else if (this.#edits.pending.length === 0) {
      for (const waiting of this.#after.splice(0)) this.#send(waiting);
    }
  }
}
