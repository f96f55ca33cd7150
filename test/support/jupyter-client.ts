import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dealer, Request, Subscriber } from "zeromq";

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");
const bootstrap = new URL("../../server/bootstrap/build.mjs", import.meta.url).href;
await ((await import(bootstrap)) as { buildIfStale(): Promise<boolean> }).buildIfStale();
/** The built kernel, as a kernelspec names it. */
export const jupyterScript: string = join(root, "dist", "jupyter.js");

export interface Told {
  readonly type: string;
  /** Id of the request it belongs to. */
  readonly parent: string | undefined;
  readonly content: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Buffer[];
}

type Content = Readonly<Record<string, unknown>>;

const doors = ["shell", "control", "iopub", "stdin", "hb"] as const;

/** A kernel process and a client of it, which shares no code with the kernel's side of the protocol. */
export class JupyterClient {
  readonly process: ChildProcess;
  readonly key: string;
  readonly published: Told[] = [];
  readonly replies: Told[] = [];
  readonly asked: Told[] = [];
  errors = "";
  readonly shell: Dealer;
  readonly control: Dealer;
  readonly stdin: Dealer;
  readonly heartbeat = new Request({ linger: 0 });
  readonly #iopub = new Subscriber({ linger: 0 });
  readonly #session = randomUUID();
  #listeners = new Set<() => void>();
  readonly #sending = new Map<Dealer, Promise<void>>();
  readonly #ended: (() => void)[] = [];

  readonly #ports: readonly number[];

  private constructor(
    folder: string,
    ports: readonly number[],
    [program, ...args]: readonly string[],
    environment: NodeJS.ProcessEnv,
  ) {
    this.key = randomUUID();
    this.#ports = ports;
    const file = join(folder, `connection-${randomUUID()}.json`);
    const named = Object.fromEntries(doors.map((door, i) => [`${door}_port`, ports[i]]));
    writeFileSync(
      file,
      JSON.stringify({
        ...named,
        ip: "127.0.0.1",
        transport: "tcp",
        key: this.key,
        signature_scheme: "hmac-sha256",
      }),
    );
    this.process = spawn(program!, [...args, file], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "inherit", "pipe"],
    });
    this.process.stderr!.on("data", (chunk: Buffer) => {
      this.errors += chunk.toString();
    });
    this.process.once("exit", () => {
      for (const end of this.#ended) end();
    });
    const routingId = this.#session;
    const dealer = () => new Dealer({ routingId, linger: 0 });
    [this.shell, this.control, this.stdin] = [dealer(), dealer(), dealer()];
    const sockets = [this.shell, this.control, this.#iopub, this.stdin, this.heartbeat];
    sockets.forEach((socket, i) => {
      socket.connect(`tcp://127.0.0.1:${ports[i]}`);
    });
    this.#iopub.subscribe();
    void this.#listen(this.#iopub, this.published);
    for (const socket of [this.shell, this.control]) void this.#listen(socket, this.replies);
    void this.#listen(this.stdin, this.asked);
  }

  /** Where a door of the kernel is, for sockets of a test's own. */
  address(door: (typeof doors)[number]): string {
    return `tcp://127.0.0.1:${this.#ports[doors.indexOf(door)]}`;
  }

  /**
   * Starts a kernel in a folder and waits until it can be heard.
   *
   * @param command to which the connection file is added
   */
  static async start(
    folder: string,
    command: readonly string[] = [process.execPath, jupyterScript],
    environment: NodeJS.ProcessEnv = process.env,
  ): Promise<JupyterClient> {
    const ports = await freePorts(doors.length);
    const client = new JupyterClient(folder, ports, command, environment);
    try {
      await client.find(client.published, ({ type }) => type === "iopub_welcome");
      return client;
    } catch (error) {
      await client.kill();
      throw error;
    }
  }

  /** Sends a request; its id. */
  send(type: string, content: Content = {}, socket: Dealer = this.shell): string {
    const id = randomUUID();
    void this.sendFrames(this.frames(type, content, id), socket);
    return id;
  }

  /** Sends after what was sent before: a socket sends one message at a time. */
  sendFrames(frames: readonly Buffer[], socket: Dealer = this.shell): Promise<void> {
    const before = this.#sending.get(socket) ?? Promise.resolve();
    const sent = before.then(() => socket.send([...frames]));
    this.#sending.set(socket, sent);
    return sent;
  }

  frames(type: string, content: Content, id: string = randomUUID()): Buffer[] {
    const header = {
      msg_id: id,
      msg_type: type,
      session: this.#session,
      username: "test",
      date: new Date().toISOString(),
      version: "5.4",
    };
    const body = [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    const hmac = createHmac("sha256", this.key);
    for (const part of body) hmac.update(part);
    return [Buffer.from("<IDS|MSG>"), Buffer.from(hmac.digest("hex")), ...body];
  }

  async request(type: string, content: Content = {}, socket?: Dealer): Promise<Content> {
    return this.reply(this.send(type, content, socket));
  }

  async reply(id: string): Promise<Content> {
    return (await this.find(this.replies, ({ parent }) => parent === id)).content;
  }

  execute(code: string, more: Content = {}): string {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    return this.send("execute_request", { ...content, ...more });
  }

  /** Executes to the end; what was published meanwhile as a part of it, statuses aside. */
  async executed(
    code: string,
    more: Content = {},
  ): Promise<{ readonly reply: Content; readonly outputs: readonly Told[] }> {
    const id = this.execute(code, more);
    const reply = await this.reply(id);
    await this.idle(id);
    return { reply, outputs: this.outputs(id) };
  }

  outputs(id: string): readonly Told[] {
    return this.published.filter(
      ({ parent, type }) => parent === id && type !== "status" && type !== "execute_input",
    );
  }

  async idle(id: string): Promise<void> {
    await this.find(
      this.published,
      ({ parent, type, content }) =>
        parent === id && type === "status" && content["execution_state"] === "idle",
    );
  }

  find(told: readonly Told[], passes: (message: Told) => boolean): Promise<Told> {
    return new Promise((resolve, reject) => {
      const end = () => reject(new Error(`The kernel has ended: ${this.errors}`));
      let next = 0;
      const listen = () => {
        for (; next < told.length; next++) {
          if (!passes(told[next]!)) continue;
          this.#listeners.delete(listen);
          resolve(told[next]!);
          return;
        }
        if (this.process.exitCode !== null || this.process.signalCode !== null) end();
      };
      this.#ended.push(end);
      this.#listeners.add(listen);
      listen();
    });
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once("close", resolve));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill("SIGKILL");
      await gone;
    }
    for (const socket of [this.shell, this.control, this.stdin, this.#iopub, this.heartbeat]) {
      socket.close();
    }
  }

  async #listen(socket: AsyncIterable<Buffer[]>, into: Told[]): Promise<void> {
    for await (const frames of socket) {
      const start = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
      const [header, parent, metadata, content] = frames
        .slice(start + 2, start + 6)
        .map((part) => JSON.parse(part.toString()) as Content);
      into.push({
        type: String(header!["msg_type"]),
        parent: parent!["msg_id"] as string | undefined,
        content: content!,
        metadata: metadata!,
        buffers: frames.slice(start + 6),
      });
      for (const listen of this.#listeners) listen();
    }
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, "127.0.0.1", () => {
            resolve((server.address() as { port: number }).port);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
