import type { OpenWorkbook } from "../documents/open-workbook.ts";
import type { Trust } from "../documents/trust.ts";

/** Whether an open workbook may be run, which what its pages make of it does not change. */
export class SessionTrust {
  readonly #workbook: OpenWorkbook;
  readonly #trust: Trust;
  readonly #failed: (message: string) => void;
  #isGiven: boolean;

  /** @param failed is told that what the person edits could not be remembered as trusted */
  constructor(
    workbook: OpenWorkbook,
    trust: Trust,
    isGiven: boolean,
    failed: (message: string) => void,
  ) {
    this.#workbook = workbook;
    this.#trust = trust;
    this.#isGiven = isGiven;
    this.#failed = failed;
  }

  get isGiven(): boolean {
    return this.#isGiven;
  }

  /** The person has run it. */
  give(): void {
    this.#isGiven = true;
  }

  /** Trusts the workbook as it is now in later sessions too. */
  async remember(): Promise<void> {
    const { file, text } = this.#workbook.file;
    try {
      await this.#trust.add(file, text);
    } catch (error) {
      throw new Error(`Cannot remember that this workbook was run: ${(error as Error).message}`);
    }
  }

  /** Whatever ends the server while it saves, the file is trusted as it was, or as it is to be. */
  async holdBoth(text: string): Promise<void> {
    if (!this.#isGiven) return;
    const { file, text: before } = this.#workbook.file;
    // What cannot be remembered is said once it is saved.
    await this.#trust.add(file, text, before).catch(() => {});
  }

  /** What the person edits while it is open stays trusted. */
  async stay(): Promise<void> {
    if (!this.#isGiven) return;
    await this.remember().catch((error: Error) => this.#failed(error.message));
  }
}
