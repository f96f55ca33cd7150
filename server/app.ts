import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import express, { type ErrorRequestHandler, type Express } from "express";
import { checkpointRoutes } from "./checkpoints/routes.ts";
import type { WorkbookFolder } from "./documents/folder.ts";
import { listWorkbooks } from "./documents/listing.ts";
import { documentRoutes } from "./documents/routes.ts";
import { Credentials } from "./gate/credentials.ts";
import { gate } from "./gate/gate.ts";
import { LanguageThread } from "./language/language-thread.ts";
import { answerLanguage, languageBody } from "./language/route.ts";
import type { Sessions } from "./sessions/sessions.ts";
import { Sockets } from "./sockets.ts";

export interface AppOptions {
  readonly folder: WorkbookFolder;
  /** Folder of the built page: index.html, main.js, style.css, katex/. */
  readonly client: string;
  readonly sessions: Sessions;
  /** The port listened on, asked for at each request: with port 0 it is known late. */
  readonly port: () => number;
  readonly credentials?: Credentials;
}

/** Everything that answers, without listening: tests and `serve` put a server around it. */
export interface App {
  readonly express: Express;
  readonly credentials: Credentials;
  readonly sockets: Sockets;
  /** Answers `upgrade` events; paths are those of `upgradePaths`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The routes. Each is behind the gate, which is the first layer and lets nothing past unjudged. */
export function createApp(options: AppOptions): App {
  const { folder, client, sessions, port } = options;
  const credentials = options.credentials ?? new Credentials();
  const sockets = new Sockets(credentials, port, sessions);
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.set("case sensitive routing", true);
  app.use(gate(credentials, port));

  const shell: express.RequestHandler = (_request, response) => {
    // Relative to a root: a clone may lie below a folder whose name begins with a dot.
    response.sendFile("index.html", { root: client, cacheControl: false });
  };
  app.get("/", shell);
  app.get("/w/*path", shell);
  app.get("/api/workbooks", async (_request, response) => {
    response.json(await listWorkbooks(folder));
  });
  documentRoutes(app, {
    folder,
    state: sessions.state,
    trust: sessions.trust,
    opened: (file) => sessions.opened(file),
  });
  checkpointRoutes(app, folder.root);
  app.post("/api/language", languageBody, answerLanguage(sessions, new LanguageThread()));
  app.get("/value/:session/:cell/:result", (request, response) => {
    const { session, cell, result } = request.params;
    const frame = sessions.withKey(session)?.values.get(cell, result);
    if (!frame) {
      response.status(410).type("text").send("This value has been superseded\n");
      return;
    }
    // Not by `send`, which would hash megabytes for an ETag that nobody asks for.
    response.type("application/octet-stream").set("Content-Length", `${frame.length}`).end(frame);
  });
  app.use(
    "/client",
    express.static(client, {
      dotfiles: "ignore",
      index: false,
      redirect: false,
      setHeaders: (response) => response.setHeader("Cache-Control", "no-cache"),
    }),
  );
  app.use((_request, response) => {
    response.status(404).type("text").send("Not found\n");
  });
  app.use(answerError);
  return {
    express: app,
    credentials,
    sockets,
    upgrade: (request, socket, head) => sockets.upgrade(request, socket, head),
  };
}

/** What went wrong is told in the terminal; the answer names nothing of the machine. */
const answerError: ErrorRequestHandler = (error, _request, response, next) => {
  const status = (error as { status?: unknown } | undefined)?.status;
  const known = typeof status === "number" && status >= 400 && status < 500;
  if (!known) console.error(error);
  if (response.headersSent) return next(error);
  response
    .status(known ? status : 500)
    .type("text")
    .send(known ? "Bad request\n" : "The server failed; its terminal says why\n");
};
