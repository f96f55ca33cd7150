import type { CellError } from "../../src/protocol/index.ts";
import type { StripTypes } from "../../src/workbook/index.ts";
import { Comms } from "./comms.ts";
import type { Ended, Execution } from "./execution.ts";
import { Executor, type ExecutorNotice } from "./executor.ts";
import { KeyQuestions } from "./key-questions.ts";
import { Outputs } from "./outputs.ts";
import type { Publisher } from "./publisher.ts";
import { strippedCode } from "./stripped-code.ts";
import type { Message } from "./wire.ts";

/** Milliseconds after which a stop that is not heard is told to the person. */
const patience = 3_000;

/** A stop, by the name that clients know it by. */
const interruption: CellError = {
  name: "KeyboardInterrupt",
  message: "The execution was stopped",
};

/** Has code run in the executor's process, one piece at a time, and hears what it says meanwhile. */
export class Interpreter {
  readonly outputs: Outputs;
  readonly comms: Comms;
  readonly #publisher: Publisher;
  readonly #executor: Executor;
  readonly #strip: StripTypes;
  readonly #keys = new KeyQuestions((command) => this.#executor.send(command));
  /** The person has asked for the end of what runs. */
  #isUnwanted = false;
  #settle: ((ended: Ended) => void) | undefined;
  #held = 0;
  #isClosing = false;
  #unheard: { readonly since: number; readonly timer: NodeJS.Timeout } | undefined;

  /**
   * @param directory the folder in which code runs
   * @param strip blanks types
   * @param executing the request being executed, if one is
   */
  constructor(
    publisher: Publisher,
    directory: string,
    strip: StripTypes,
    executing: () => Message["parent"] | undefined,
  ) {
    this.#publisher = publisher;
    this.#strip = strip;
    this.outputs = new Outputs(publisher);
    this.#executor = new Executor(directory, {
      notice: (notice) => this.#hear(notice),
      output: (stream, text) => this.outputs.stream(this.outputs.latest, stream, text),
      ended: (reason) => this.#died(reason),
    });
    this.comms = new Comms(publisher, {
      send: (command) => this.#executor.send(command),
      executing,
      header: (id) => this.outputs.of(id)?.request.message.header,
    });
    this.#executor.start();
  }

  /** The process that runs code, and the bytes of memory it held when it last said so. */
  get process(): { readonly pid: number | undefined; readonly bytes: number } {
    return { pid: this.#executor.pid, bytes: this.#held };
  }

  /** What runs from now on is wanted. */
  begin(): void {
    this.#isUnwanted = false;
  }

  /** Has code run to its end, whichever. */
  async run(execution: Execution): Promise<Ended> {
    this.outputs.add(execution);
    try {
      return await this.#run(execution);
    } finally {
      // Whichever way it ended, there is nothing left to stop.
      clearTimeout(this.#unheard?.timer);
      this.#unheard = undefined;
    }
  }

  /** Ends what runs. A second time, when the first was not heard, by force. */
  interrupt(): void {
    this.#isUnwanted = true;
    if (this.#unheard && performance.now() - this.#unheard.since > patience) {
      void this.#executor.kill();
      return;
    }
    this.#executor.stop();
    this.#unheard ??= {
      since: performance.now(),
      timer: setTimeout(() => {
        const text =
          "This cell does not come to a point where it can be stopped. Interrupt again to end its process; all variables are lost then.\n";
        this.outputs.stream(this.outputs.running, "stderr", text);
      }, patience),
    };
  }

  /** Ends what keeps the thread between executions, a handler or a timer; before all that is sent from now on. */
  stopLate(): void {
    this.#executor.send({ type: "stop" });
  }

  /** What the person answered to the question that was asked. */
  answer(text: string): void {
    this.#executor.send({ type: "answer", text });
  }

  /** Names of a live value's properties; none when it takes long, as while code keeps the thread. */
  keys(path: readonly string[]): Promise<readonly string[]> {
    return this.#keys.ask(path);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#executor.kill();
  }

  async #run(execution: Execution): Promise<Ended> {
    const { id } = execution;
    const { code, error } = await strippedCode(execution.code, id, this.#strip);
    if (error) return { error };
    if (this.#isUnwanted) return { error: interruption };
    this.outputs.begin(execution);
    const ended = await new Promise<Ended>((resolve) => {
      this.#settle = resolve;
      this.#executor.send({ type: "execute", id, code });
    });
    this.outputs.end(execution);
    this.#settle = undefined;
    return ended;
  }

  #hear(notice: ExecutorNotice): void {
    switch (notice.type) {
      case "run":
        // A stop that was asked for before there was something to stop.
        if (notice.state === "running" && this.#isUnwanted) this.#executor.stop();
        return;
      case "memory":
        this.#held = notice.bytes;
        return;
      case "executed":
        if (notice.id === this.outputs.running?.id) this.#settle?.(interrupted(notice));
        return;
      case "keys":
        this.#keys.answer(notice.number, notice.names ?? []);
        return;
      case "ask":
        this.#ask(notice.id, notice.prompt, notice.password);
        return;
      case "comm":
      case "heard":
      case "target":
        this.comms.notice(notice);
        return;
      case "ready":
      case "result":
        return;
      default:
        this.outputs.hear(notice);
    }
  }

  #ask(id: string, prompt: string, password: boolean): void {
    const execution = this.outputs.of(id);
    if (execution?.request.message.content["allow_stdin"] === true) {
      this.#publisher.ask(execution.request, { prompt, password });
    } else this.#executor.send({ type: "answer", text: null });
  }

  #died(reason: string): void {
    const error = { name: "KernelDied", message: `${reason}. All variables are lost` };
    if (this.#settle) this.#settle({ error });
    else if (!this.#isClosing) {
      this.outputs.stream(this.outputs.latest, "stderr", `${error.message}\n`);
    }
    this.comms.died();
  }
}

function interrupted({ bundle, error }: Ended): Ended {
  if (error?.name === "Stopped") return { error: interruption };
  return { ...(bundle && { bundle }), ...(error && { error }) };
}
