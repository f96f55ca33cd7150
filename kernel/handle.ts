import { CommandError, type KernelCommand } from "../src/protocol/index.ts";
import type { Scheduler } from "./schedule.ts";

/** What commands act upon. */
export interface Handled {
  readonly scheduler: Scheduler;
  /** Makes a folder the one from which cells read and import. */
  enter(directory: string): void;
}

type Handlers = {
  readonly [Type in KernelCommand["type"]]: (
    command: KernelCommand & { type: Type },
    kernel: Handled,
  ) => void;
};

const handlers: Handlers = {
  cells({ cells, directory }, { scheduler, enter }) {
    enter(directory);
    scheduler.setCells(cells);
  },
  request(command, { scheduler }) {
    scheduler.request(command);
  },
  stop(_command, { scheduler }) {
    scheduler.stop();
  },
};

/**
 * Acts on a decoded command of the server.
 *
 * @throws {CommandError} when it is none
 */
export function handle(command: unknown, kernel: Handled): void {
  const type = (command as { type?: unknown } | null)?.type;
  if (typeof type !== "string" || !Object.hasOwn(handlers, type)) {
    throw new CommandError("the type cells, request or stop", type);
  }
  handlers[type as "stop"](command as KernelCommand & { type: "stop" }, kernel);
}
