import type { CellError, MimeBundle } from "../../src/protocol/index.ts";
import type { LanguageThread } from "../language/language-thread.ts";
import { dataOf, errorContent } from "../process/index.ts";
import type { Comms } from "./comms.ts";
import type { Execution } from "./execution.ts";
import { History } from "./history.ts";
import { Interpreter } from "./interpreter.ts";
import type { Publisher, Request } from "./publisher.ts";
import type { Content, Message } from "./wire.ts";

/** Executes requests one after the other, and answers each with what came of it. */
export class Executions {
  readonly history: History = new History();
  readonly #publisher: Publisher;
  readonly #language: Pick<LanguageThread, "executed" | "strip">;
  readonly #interpreter: Interpreter;
  readonly #waiting: Request[] = [];
  /** From the request's turn on until its end. */
  #current: Execution | undefined;
  #count = 0;
  /** Of executions that are not counted. */
  #names = 0;
  #isIdle = true;

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
    this.#interpreter = new Interpreter(publisher, directory, language.strip, () => this.parent);
  }

  get comms(): Comms {
    return this.#interpreter.comms;
  }

  /** The process that runs code, and the bytes of memory it held when it last said so. */
  get process(): Interpreter["process"] {
    return this.#interpreter.process;
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
    if (this.#current) this.#interpreter.interrupt();
    else this.#interpreter.stopLate();
  }

  /** What the person answered to the question that was asked. */
  answer(text: string): void {
    this.#interpreter.answer(text);
  }

  /** Names of a live value's properties; none when it takes long, as while code keeps the thread. */
  keys(path: readonly string[]): Promise<readonly string[]> {
    return this.#interpreter.keys(path);
  }

  close(): Promise<void> {
    return this.#interpreter.close();
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
    this.#interpreter.begin();
    this.#publisher.status("busy", header);
    if (!silent) {
      this.#publisher.publish("execute_input", { code, execution_count: this.#count }, header);
    }
    if (stored) this.history.add(this.#count, code);
    const ended = await this.#interpreter.run(execution);
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
    const told = errorContent(error, (id) => this.#interpreter.outputs.of(id)?.code);
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
      const { bundle, error } = await this.#interpreter.run(execution);
      values[name] = error
        ? { status: "error", ...errorContent(error, () => execution.code) }
        : { status: "ok", data: dataOf(bundle ?? { "text/plain": "undefined" }), metadata: {} };
    }
    return values;
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
}
