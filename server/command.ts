/** One command of the command line. Its module is loaded when it is asked for. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Synopsis and options, as printed by `--help`. */
  readonly usage: string;
  /**
   * @param args what follows the command's name
   * @returns the exit status
   * @throws {UsageError} when the arguments make no sense
   */
  run(args: readonly string[]): Promise<number>;
}

/** The command line makes no sense; the sentence says what was expected. Exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
