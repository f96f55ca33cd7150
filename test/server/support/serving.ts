import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type App, createApp } from "../../../server/app.ts";
import { WorkbookFolder } from "../../../server/documents/folder.ts";
import { hashOf, Trust } from "../../../server/documents/trust.ts";
import type { WriteWorkbook } from "../../../server/editing/write-workbook.ts";
import { createHttpServer } from "../../../server/listen.ts";
import { Sessions } from "../../../server/sessions/sessions.ts";

export const fakeKernel: string = join(
  import.meta.dirname,
  "..",
  "..",
  "support",
  "fake-kernel.mjs",
);

/** A server on a free port of this machine, with a root and a state folder of its own. */
export interface Serving {
  readonly app: App;
  readonly server: Server;
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** `Cookie` header of a browser that has been let in. */
  readonly cookie: string;
  /** Folder of the workbooks. */
  readonly root: string;
  /** GET as a browser that has been let in. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends bytes as they are on a new connection; gives all that comes back. */
  raw(request: string): Promise<string>;
}

export interface ServingOptions {
  /** Path under the root → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Texts that are trusted as if they had come with Simile. */
  readonly trusted?: readonly string[];
  readonly kernel?: string;
  readonly idleMilliseconds?: number;
  /** Writes the files of workbooks. */
  readonly write?: WriteWorkbook;
}

/** Enters a server that runs in a process of its own, as a browser does with the address it printed. */
export async function enter(url: string): Promise<Pick<Serving, "origin" | "cookie">> {
  const { origin, searchParams } = new URL(url);
  const entered = await fetch(`${origin}/?${searchParams}`, { redirect: "manual" });
  return { origin, cookie: entered.headers.get("set-cookie")!.split(";")[0]! };
}

export async function serving(options: ServingOptions = {}): Promise<Serving> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "simile-serving-")));
  const root = join(top, "root");
  const client = join(top, "client");
  const files = Object.entries(options.files ?? {}).map(([path, text]) => [join(root, path), text]);
  const page = {
    "index.html": "<!doctype html><title>shell</title>",
    "main.js": "1;",
    ".env": "s",
  };
  mkdirSync(root, { recursive: true });
  for (const [file, text] of [
    ...files,
    ...Object.entries(page).map(([name, text]) => [join(client, name), text]),
  ] as [string, string][]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const folder = await WorkbookFolder.open(root);
  const trust = new Trust(join(top, "state"), (options.trusted ?? []).map(hashOf));
  const { kernel = fakeKernel, idleMilliseconds = 60_000 } = options;
  const sessions = new Sessions({
    folder,
    trust,
    kernel,
    idleMilliseconds,
    state: join(top, "state"),
    ...(options.write && { write: options.write }),
  });
  let port = 0;
  const app = createApp({ folder, client, sessions, port: () => port });
  const server = createHttpServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  onTestFinished(async () => {
    app.sockets.close();
    server.closeAllConnections();
    server.close();
    await sessions.close();
  });
  const origin = `http://127.0.0.1:${port}`;
  const cookie = app.credentials.cookie(port).split(";")[0]!;
  return {
    app,
    server,
    port,
    origin,
    cookie,
    root,
    get: (path, headers = {}) => fetch(origin + path, { headers: { cookie, ...headers } }),
    raw: (request) =>
      new Promise((resolve, reject) => {
        let answer = "";
        const socket = connect(port, "127.0.0.1", () => socket.write(request));
        socket.setTimeout(2000, () => socket.destroy());
        socket.on("data", (chunk) => {
          answer += chunk.toString("latin1");
        });
        socket.on("error", reject);
        socket.on("close", () => resolve(answer));
      }),
  };
}
