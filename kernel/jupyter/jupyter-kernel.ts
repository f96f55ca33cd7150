import { cpus, freemem, hostname, totalmem } from "node:os";
import type { Matches } from "../../src/language/index.ts";
import { LanguageThread } from "../language/language-thread.ts";
import { codePoints, units } from "./code-points.ts";
import type { Connection } from "./connection.ts";
import { Executions } from "./executions.ts";
import { Publisher, protocolVersion, type Request } from "./publisher.ts";
import { Refusals } from "./refusals.ts";
import { type Channel, Sockets } from "./sockets.ts";
import { type Content, delimiter, type Message, Wire, WireError } from "./wire.ts";

const isIdentifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Bytes of a topic. */
const longestTopic = 256;

/** A kernel as Jupyter's clients know it: five doors, and behind them the executor of Simile's own. */
export class JupyterKernel {
  readonly #sockets = new Sockets();
  readonly #wire: Wire;
  readonly #publisher: Publisher;
  readonly #executions: Executions;
  readonly #language: LanguageThread;
  readonly #version: string;
  readonly #refusals: Refusals;
  /** Resolves when a client has asked for the end. */
  readonly ended: Promise<void>;
  #end!: () => void;

  /**
   * @param version of Simile
   * @param log is told what was refused
   */
  constructor(
    connection: Connection,
    {
      directory,
      version,
      log,
    }: {
      readonly directory: string;
      readonly version: string;
      readonly log: (sentence: string) => void;
    },
  ) {
    this.#wire = new Wire(connection.key, connection.hash);
    this.#publisher = new Publisher(this.#sockets, this.#wire);
    this.#language = new LanguageThread(directory);
    this.#executions = new Executions(this.#publisher, directory, this.#language);
    this.#version = version;
    this.#refusals = new Refusals(log);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  async open(connection: Connection): Promise<void> {
    await this.#sockets.open(connection, {
      message: (channel, frames) => {
        try {
          this.#receive(channel, this.#wire.unpack(frames));
        } catch (error) {
          // Nothing that a client says may end a door.
          const { message } = error as Error;
          const told = error instanceof WireError ? message : `Cannot take a message: ${message}`;
          this.#refusals.refuse(told);
        }
      },
      nonsense: () => this.#refusals.refuse("Cannot take a message on iopub"),
      subscribed: (topic) => {
        // A topic that reads as the end of topics would make no sense to all that listen to everything.
        if (topic.length > longestTopic || delimiter.equals(topic)) {
          this.#refusals.refuse("Cannot welcome who listens to a topic that is none");
        } else {
          this.#publisher.publish("iopub_welcome", { subscription: String(topic) }, {}, { topic });
        }
      },
    });
    this.#publisher.status("starting", {});
  }

  interrupt(): void {
    this.#executions.interrupt();
  }

  async close(): Promise<void> {
    await this.#executions.close();
    await this.#sockets.close();
    this.#refusals.close();
    this.#end();
  }

  #refuseType(type: string): void {
    const told = JSON.stringify(type.slice(0, 60));
    this.#refusals.refuse(`Cannot answer a message of type ${told}`);
  }

  #receive(channel: Channel, message: Message): void {
    const request: Request = { channel, message };
    const { msg_type: type } = message.header;
    const { code, value } = message.content;
    if (channel === "stdin") {
      if (type === "input_reply" && typeof value === "string") this.#executions.answer(value);
      else this.#refuseType(type);
    } else if (type === "execute_request" && typeof code === "string") {
      this.#executions.add(request);
    } else if (type.startsWith("comm_") && !type.endsWith("_request")) {
      const refusal = this.#executions.comms.hear(request);
      if (refusal !== undefined) this.#refusals.refuse(refusal);
    } else void this.#answer(request, type);
  }

  /** Answers what needs no code to run, at once, also while code runs. */
  async #answer(request: Request, type: string): Promise<void> {
    const { header } = request.message;
    this.#publisher.status("busy", header);
    try {
      const content = await this.#content(type, request.message.content);
      if (content) this.#publisher.reply(request, type.replace(/_request$/, "_reply"), content);
      else this.#refuseType(type);
    } catch (error) {
      const { name, message } = error as Error;
      const told = { status: "error", ename: name, evalue: message, traceback: [message] };
      this.#publisher.reply(request, type.replace(/_request$/, "_reply"), told);
    }
    this.#publisher.status("idle", header);
    // The last state that a client hears is the one there is.
    const running = this.#executions.parent;
    if (running) this.#publisher.status("busy", running);
    if (type === "shutdown_request") await this.close();
  }

  async #content(type: string, content: Content): Promise<Content | undefined> {
    switch (type) {
      case "execute_request":
        throw new TypeError(
          `Cannot execute: expected code to be a text, found ${JSON.stringify(content["code"])}`,
        );
      case "kernel_info_request":
        return this.#info();
      case "is_complete_request":
        return { ...(await this.#language.completeness(String(content["code"] ?? ""))) };
      case "complete_request":
        return this.#complete(String(content["code"] ?? ""), content["cursor_pos"]);
      case "inspect_request":
        return this.#inspect(String(content["code"] ?? ""), content["cursor_pos"]);
      case "history_request":
        return { status: "ok", history: this.#executions.history.told(content) };
      case "comm_info_request":
        return { status: "ok", comms: this.#executions.comms.told(content["target_name"]) };
      case "usage_request":
        return this.#usage();
      case "interrupt_request":
        this.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: content["restart"] === true };
      default:
        return undefined;
    }
  }

  async #complete(code: string, cursor: unknown): Promise<Content> {
    const found = await this.#language.complete(code, units(code, cursor));
    const { start, end } = found;
    const matches = found.live ? await this.#live(found, code) : found.matches;
    return {
      status: "ok",
      matches: matches.map(({ text }) => text),
      cursor_start: codePoints(code, start),
      cursor_end: codePoints(code, end),
      metadata: {
        _jupyter_types_experimental: matches.map(({ text, kind }) => ({ text, type: kind })),
      },
    };
  }

  /** Where types say nothing: what the value has now. */
  async #live({ matches, live, start, end }: Matches, code: string): Promise<Matches["matches"]> {
    const names = await this.#executions.keys(live ?? []);
    const prefix = code.slice(start, end).toLowerCase();
    const known = new Set(matches.map(({ text }) => text));
    const found = names.filter(
      (name) =>
        isIdentifier.test(name) && name.toLowerCase().startsWith(prefix) && !known.has(name),
    );
    return [...matches, ...found.map((text) => ({ text, kind: "property" }))];
  }

  async #inspect(code: string, cursor: unknown): Promise<Content> {
    const told = await this.#language.inspect(code, units(code, cursor));
    const data = told === undefined ? {} : { "text/plain": told };
    return { status: "ok", found: told !== undefined, data, metadata: {} };
  }

  /** By the convention of ipykernel, which JupyterLab shows the memory by. */
  #usage(): Content {
    const { pid, bytes } = this.#executions.process;
    return {
      hostname: hostname(),
      pid,
      kernel_memory: bytes,
      cpu_count: cpus().length,
      host_virtual_memory: { total: totalmem(), available: freemem() },
    };
  }

  #info(): Content {
    return {
      status: "ok",
      protocol_version: protocolVersion,
      implementation: "simile",
      implementation_version: this.#version,
      language_info: {
        name: "typescript",
        version: "6.0",
        mimetype: "text/x-typescript",
        file_extension: ".ts",
        pygments_lexer: "typescript",
        codemirror_mode: { name: "javascript", typescript: true },
        nbconvert_exporter: "script",
      },
      banner: `Simile ${this.#version}, TypeScript on Node ${process.version}`,
      help_links: [],
      debugger: false,
    };
  }
}
