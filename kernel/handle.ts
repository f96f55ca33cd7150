import type { KernelCommand, KeysCommand } from "../src/protocol/index.ts";
import type { Comms } from "./comms/comms.ts";
import type { Questions } from "./questions.ts";
import type { Scheduler } from "./schedule/schedule.ts";

/** What commands act upon. */
export interface Handled {
  readonly scheduler: Scheduler;
  /** Makes a folder the one from which cells read and import. */
  enter(directory: string): void;
  readonly questions: Questions;
  readonly comms: Comms;
  /** Answers for what properties a live value has. */
  tellKeys(command: KeysCommand): void;
  /** Ends what runs. */
  stop(): void;
}

/** Acts on a command of the server. */
export function handle(
  command: KernelCommand,
  { scheduler, enter, questions, comms, tellKeys, stop }: Handled,
): void {
  switch (command.type) {
    case "cells":
      enter(command.directory);
      scheduler.setCells(command.cells);
      return;
    case "request":
      scheduler.request(command);
      return;
    case "execute":
      scheduler.execute(command);
      return;
    case "answer":
      questions.answer(command.text);
      return;
    case "comm":
      comms.hear(command);
      return;
    case "keys":
      tellKeys(command);
      return;
    case "stop":
      stop();
      return;
  }
}
