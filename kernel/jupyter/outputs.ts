import type { KernelNotice, MimeBundle } from "../../src/protocol/index.ts";
import { dataOf, errorContent } from "../process/index.ts";
import type { Execution } from "./execution.ts";
import type { ExecutorNotice } from "./executor.ts";
import { ProgressDisplays } from "./progress-display.ts";
import type { Publisher } from "./publisher.ts";
import type { Content } from "./wire.ts";

/** Executions whose output is still told as theirs. */
const mostRemembered = 2_000;

type OutputNotice = Extract<
  ExecutorNotice,
  { type: "log" | "display" | "progress" | "clear" | "page" | "uncaught" }
>;

/** What executions print and show, early or late, told to clients as a part of what asked for it. */
export class Outputs {
  readonly #publisher: Publisher;
  readonly #known = new Map<string, Execution>();
  readonly #progress = new ProgressDisplays(
    (id) => (display, bundle, update) => this.#show(id, display, bundle, update),
  );
  #running: Execution | undefined;

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  /** From now on what is told under the execution's id is its own. */
  add(execution: Execution): void {
    this.#known.set(execution.id, execution);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostRemembered) break;
      this.#known.delete(oldest);
    }
  }

  /** What nobody claims is the execution's, until its end. */
  begin(execution: Execution): void {
    this.#running = execution;
  }

  end(execution: Execution): void {
    this.#running = undefined;
    this.#progress.end(execution.id);
  }

  of(id: string): Execution | undefined {
    return this.#known.get(id);
  }

  /** What is running. */
  get running(): Execution | undefined {
    return this.#running;
  }

  /** Whose output it is that nobody claims. */
  get latest(): Execution | undefined {
    return this.#running ?? [...this.#known.values()].at(-1);
  }

  stream(execution: Execution | undefined, name: "stdout" | "stderr", text: string): void {
    this.#publisher.publish("stream", { name, text }, execution?.request.message.header ?? {});
  }

  hear(notice: OutputNotice): void {
    switch (notice.type) {
      case "log":
        this.#log(notice);
        return;
      case "display":
        this.#show(notice.cell, notice.display, notice.bundle, notice.update === true);
        return;
      case "progress":
        this.#progress.hear(notice);
        return;
      case "clear":
        this.#tell(notice.cell, "clear_output", { wait: notice.wait });
        return;
      case "page":
        this.of(notice.id)?.payload.push({
          source: "page",
          data: dataOf(notice.bundle),
          start: 0,
        });
        return;
      case "uncaught": {
        const { traceback } = errorContent(notice.error, (id) => this.of(id)?.code);
        const own = this.of(notice.cell ?? "") ?? this.latest;
        this.stream(own, "stderr", `${traceback.join("\n")}\n`);
        return;
      }
    }
  }

  #log({ cell, level, text, partial }: Extract<KernelNotice, { type: "log" }>): void {
    const name = level === "warn" || level === "error" ? "stderr" : "stdout";
    this.stream(this.of(cell), name, text + (partial ? "" : "\n"));
  }

  #show(id: string, display: string, bundle: MimeBundle, update: boolean): void {
    this.#tell(id, update ? "update_display_data" : "display_data", {
      data: dataOf(bundle),
      metadata: {},
      transient: { display_id: display },
    });
  }

  #tell(id: string, type: string, content: Content): void {
    const execution = this.of(id);
    if (execution && !execution.silent) {
      this.#publisher.publish(type, content, execution.request.message.header);
    }
  }
}
