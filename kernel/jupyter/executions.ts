import type { CellError, MimeBundle } from "../../src/protocol/index.ts";
import { analyse, type StripTypes } from "../../src/workbook/index.ts";
import type { LanguageThread } from "../language/language-thread.ts";
import { dataOf, errorContent } from "../process/index.ts";
import { Comms } from "./comms.ts";
import { Executor, type ExecutorNotice } from "./executor.ts";
import { History } from "./history.ts";
import { ProgressDisplays } from "./progress-display.ts";
import type { Publisher, Request } from "./publisher.ts";
import type { Content, Message } from "./wire.ts";

/** A request being executed, or one whose late output is still its own. */
interface Execution {
  readonly id: string;
  readonly request: Request;
  readonly code: string;
  readonly count: number;
  readonly silent: boolean;
  readonly payload: Content[];
}

type Ended = { readonly bundle?: MimeBundle; readonly error?: CellError };

/** Executions whose output is still told as theirs. */
const mostRemembered = 2_000;
/** Milliseconds after which a stop that is not heard is told to the person. */
const patience = 3_000;

/** Milliseconds that an answer about live values is waited for. */
const keysPatience = 60;

/** Executes requests one after the other, and tells what comes of them. */
export class Executions {
  readonly history: History = new History();
  readonly comms: Comms;
  readonly #publisher: Publisher;
  readonly #executor: Executor;
  readonly #progress = new ProgressDisplays(
    (id) => (display, bundle, update) => this.#show(id, display, bundle, update),
  );
  readonly #language: Pick<LanguageThread, "executed" | "strip">;
  readonly #known = new Map<string, Execution>();
  readonly #waiting: Request[] = [];
  /** From the request's turn on until its end. */
  #current: Execution | undefined;
  /** What of it is with the executor. */
  #running: Execution | undefined;
  /** The person has asked for its end. */
  #isUnwanted = false;
  #settle: ((ended: Ended) => void) | undefined;
  /** Questions for properties of live values. */
  readonly #keys = new Map<number, (names: readonly string[]) => void>();
  #count = 0;
  #names = 0;
  #isIdle = true;
  #held = 0;
  #isClosing = false;
  #unheard: { readonly since: number; readonly timer: NodeJS.Timeout } | undefined;

  /**
   * @param directory the folder in which code runs
   * @param language blanks types, and is told code that came to a good end
   */
  constructor(
    publisher: Publisher,
    directory: string,
    language: Pick<LanguageThread, "executed" | "strip">,
  ) {
    this.#publisher = publisher;
    this.#language = language;
    this.#executor = new Executor(directory, {
      notice: (notice) => this.#hear(notice),
      output: (stream, text) => this.#stream(this.#latest, stream, text),
      ended: (reason) => this.#died(reason),
    });
    this.comms = new Comms(publisher, {
      send: (command) => this.#executor.send(command),
      executing: () => this.parent,
      header: (id) => this.#known.get(id)?.request.message.header,
    });
    this.#executor.start();
  }

  /** The process that runs code, and the bytes of memory it held when it last said so. */
  get process(): { readonly pid: number | undefined; readonly bytes: number } {
    return { pid: this.#executor.pid, bytes: this.#held };
  }

  get count(): number {
    return this.#count;
  }

  /** What is being executed, so that the last status that is told can be "busy". */
  get parent(): Message["parent"] | undefined {
    return this.#current?.request.message.header;
  }

  /** Executes after all that was asked before. */
  add(request: Request): void {
    this.#waiting.push(request);
    if (this.#isIdle) void this.#work();
  }

  /** Ends what runs, and gives up what waits. A second time, when the first was not heard, by force. */
  interrupt(): void {
    this.#giveUp(this.#waiting.splice(0));
    if (!this.#current) {
      // What else may keep the thread, a handler or a timer; before all that is sent from now on.
      this.#executor.send({ type: "stop" });
      return;
    }
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
        this.#stream(this.#running, "stderr", text);
      }, patience),
    };
  }

  /** What the person answered to the question that was asked. */
  answer(text: string): void {
    this.#executor.send({ type: "answer", text });
  }

  /** Names of a live value's properties; none when it takes long, as while code keeps the thread. */
  keys(path: readonly string[]): Promise<readonly string[]> {
    return new Promise((resolve) => {
      const number = ++this.#names;
      const patience = setTimeout(() => this.#settleKeys(number, []), keysPatience);
      this.#keys.set(number, (names) => {
        clearTimeout(patience);
        resolve(names);
      });
      this.#executor.send({ type: "keys", number, path });
    });
  }

  #settleKeys(number: number, names: readonly string[]): void {
    this.#keys.get(number)?.(names);
    this.#keys.delete(number);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#executor.kill();
  }

  async #work(): Promise<void> {
    this.#isIdle = false;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      await this.#execute(next);
    }
    this.#isIdle = true;
    this.comms.idle();
  }

  async #execute(request: Request): Promise<void> {
    const { header, content } = request.message;
    const silent = content["silent"] === true;
    const stored = !silent && content["store_history"] !== false;
    const code = String(content["code"] ?? "");
    if (stored) this.#count++;
    const execution: Execution = {
      id: silent ? `silent-${++this.#names}` : `In[${this.#count}]`,
      request,
      code,
      count: this.#count,
      silent,
      payload: [],
    };
    this.#current = execution;
    this.#isUnwanted = false;
    this.#publisher.status("busy", header);
    if (!silent) {
      this.#publisher.publish("execute_input", { code, execution_count: this.#count }, header);
    }
    if (stored) this.history.add(this.#count, code);
    const ended = await this.#run(execution, code);
    if (!ended.error) this.#language.executed(code);
    const reply = ended.error
      ? this.#failed(execution, ended.error)
      : await this.#succeeded(execution, ended.bundle, stored);
    this.#current = undefined;
    this.#publisher.reply(request, "execute_reply", reply);
    this.#publisher.status("idle", header);
    if (ended.error && content["stop_on_error"] !== false) this.#giveUp(this.#waiting.splice(0));
  }

  #failed(execution: Execution, error: CellError): Content {
    const told = errorContent(error, (id) => this.#known.get(id)?.code);
    const { request, silent, count } = execution;
    if (!silent) this.#publisher.publish("error", { ...told }, request.message.header);
    return { status: "error", execution_count: count, ...told };
  }

  async #succeeded(
    { request, silent, count, payload }: Execution,
    bundle: MimeBundle | undefined,
    stored: boolean,
  ): Promise<Content> {
    const { header, content } = request.message;
    if (bundle && !silent) {
      const result = { execution_count: count, data: dataOf(bundle), metadata: {} };
      this.#publisher.publish("execute_result", result, header);
      if (stored) this.history.result(count, String(bundle["text/plain"]));
    }
    const expressions = await this.#evaluated(request, content["user_expressions"]);
    return { status: "ok", execution_count: count, payload, user_expressions: expressions };
  }

  /** The expressions that a client wants the values of. */
  async #evaluated(request: Request, asked: unknown): Promise<Content> {
    const values: Record<string, Content> = {};
    for (const [name, code] of Object.entries(typeof asked === "object" && asked ? asked : {})) {
      const execution: Execution = {
        id: `expression-${++this.#names}`,
        request,
        code: String(code),
        count: this.#count,
        silent: true,
        payload: [],
      };
      const { bundle, error } = await this.#run(execution, execution.code);
      values[name] = error
        ? { status: "error", ...errorContent(error, () => execution.code) }
        : { status: "ok", data: dataOf(bundle ?? { "text/plain": "undefined" }), metadata: {} };
    }
    return values;
  }

  /** Has code run to its end, whichever. */
  async #run(execution: Execution, source: string): Promise<Ended> {
    const { id } = execution;
    this.#known.set(id, execution);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostRemembered) break;
      this.#known.delete(oldest);
    }
    const { code, error } = await analysed(source, id, this.#language.strip);
    if (error) return { error };
    if (this.#isUnwanted) return { error: interruption };
    this.#running = execution;
    const ended = await new Promise<Ended>((resolve) => {
      this.#settle = resolve;
      this.#executor.send({ type: "execute", id, code });
    });
    this.#running = undefined;
    this.#progress.end(id);
    this.#settle = undefined;
    clearTimeout(this.#unheard?.timer);
    this.#unheard = undefined;
    return ended;
  }

  #giveUp(requests: readonly Request[]): void {
    for (const request of requests) {
      const { header } = request.message;
      this.#publisher.status("busy", header);
      const reply = { status: "aborted", execution_count: this.#count };
      this.#publisher.reply(request, "execute_reply", reply);
      this.#publisher.status("idle", header);
    }
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
        if (notice.id === this.#running?.id) this.#settle?.(interrupted(notice));
        return;
      case "log": {
        const name = notice.level === "warn" || notice.level === "error" ? "stderr" : "stdout";
        this.#stream(
          this.#known.get(notice.cell),
          name,
          notice.text + (notice.partial ? "" : "\n"),
        );
        return;
      }
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
        this.#known
          .get(notice.id)
          ?.payload.push({ source: "page", data: dataOf(notice.bundle), start: 0 });
        return;
      case "keys":
        this.#settleKeys(notice.number, notice.names ?? []);
        return;
      case "ask":
        this.#ask(notice.id, notice.prompt, notice.password);
        return;
      case "comm":
      case "heard":
      case "target":
        this.comms.notice(notice);
        return;
      case "uncaught": {
        const { traceback } = errorContent(notice.error, (id) => this.#known.get(id)?.code);
        const own = this.#known.get(notice.cell ?? "") ?? this.#latest;
        this.#stream(own, "stderr", `${traceback.join("\n")}\n`);
        return;
      }
    }
  }

  #ask(id: string, prompt: string, password: boolean): void {
    const execution = this.#known.get(id);
    if (execution?.request.message.content["allow_stdin"] === true) {
      this.#publisher.ask(execution.request, { prompt, password });
    } else this.#executor.send({ type: "answer", text: null });
  }

  #show(id: string, display: string, bundle: MimeBundle, update: boolean): void {
    this.#tell(id, update ? "update_display_data" : "display_data", {
      data: dataOf(bundle),
      metadata: {},
      transient: { display_id: display },
    });
  }

  #tell(id: string, type: string, content: Content): void {
    const execution = this.#known.get(id);
    if (execution && !execution.silent) {
      this.#publisher.publish(type, content, execution.request.message.header);
    }
  }

  #stream(execution: Execution | undefined, name: "stdout" | "stderr", text: string): void {
    this.#publisher.publish("stream", { name, text }, execution?.request.message.header ?? {});
  }

  /** Whose output it is that nobody claims. */
  get #latest(): Execution | undefined {
    return this.#running ?? [...this.#known.values()].at(-1);
  }

  #died(reason: string): void {
    const error = { name: "KernelDied", message: `${reason}. All variables are lost` };
    if (this.#settle) this.#settle({ error });
    else if (!this.#isClosing) this.#stream(this.#latest, "stderr", `${error.message}\n`);
    this.comms.died();
  }
}

/** Code with its types blanked, or why it makes no sense. */
async function analysed(
  source: string,
  cell: string,
  strip: StripTypes,
): Promise<{ readonly code: string; readonly error?: CellError }> {
  try {
    const { code, error } = await analyse(source, async () => strip);
    if (!error) return { code };
    const at = { cell, line: error.line, column: error.column };
    return { code, error: { name: "SyntaxError", message: error.message, at, frames: [at] } };
  } catch (error) {
    // Code that is nested too deep, for one.
    const { message } = error as Error;
    return { code: "", error: { name: "SyntaxError", message: `Cannot read code: ${message}` } };
  }
}

/** A stop, by the name that clients know it by. */
const interruption: CellError = {
  name: "KeyboardInterrupt",
  message: "The execution was stopped",
};

function interrupted({ bundle, error }: Ended): Ended {
  if (error?.name === "Stopped") return { error: interruption };
  return { ...(bundle && { bundle }), ...(error && { error }) };
}
