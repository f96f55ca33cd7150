import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { checkPageCommand, decode, type PageCommand } from "../src/protocol/index.ts";
import type { Credentials } from "./gate/credentials.ts";
import { judge } from "./gate/verdict.ts";
import { movedTo, refusal } from "./sessions/notices.ts";
import { Page } from "./sessions/page.ts";
import type { Session } from "./sessions/session.ts";
import type { Sessions } from "./sessions/sessions.ts";

/** Paths that may be upgraded to a WebSocket; a test finds each closed without credentials. */
export const upgradePaths: readonly string[] = ["/socket"];

const largestMessage = 64 * 1024 * 1024;
const mostSockets = 128;
/** How long a new socket may be silent before it says which workbook it is for. */
const openMilliseconds = 10_000;
/** Codes of a socket closed on purpose: the page is not coming back to it. */
const farewells: ReadonlySet<number> = new Set([1000, 1001, 1005]);
/** How often each socket is asked whether it is still there. */
const pingMilliseconds = 30_000;

/** The WebSockets of the pages: let in by the gate, counted, and each joined to the session it asks for. */
export class Sockets {
  readonly #credentials: Credentials;
  readonly #port: () => number;
  readonly #sessions: Sessions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    perMessageDeflate: false,
  });
  readonly #silent = new WeakSet<WebSocket>();
  readonly #pinging: NodeJS.Timeout;

  constructor(credentials: Credentials, port: () => number, sessions: Sessions) {
    this.#credentials = credentials;
    this.#port = port;
    this.#sessions = sessions;
    this.#pinging = setInterval(() => this.#ping(), pingMilliseconds);
    this.#pinging.unref();
  }

  /** Answers a request to upgrade. Nothing is sent but a refusal until the gate has admitted it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const verdict = judge(request, this.#credentials, this.#port(), true);
    const path = request.url?.split("?", 1)[0] ?? "";
    if (verdict.kind === "refused") refuse(socket, verdict.status);
    else if (!upgradePaths.includes(path)) refuse(socket, 404);
    else if (this.#server.clients.size >= mostSockets) refuse(socket, 503);
    else this.#server.handleUpgrade(request, socket, head, (opened) => this.#accept(opened));
  }

  close(): void {
    clearInterval(this.#pinging);
    for (const socket of this.#server.clients) socket.close(1001, "The server is ending");
    this.#server.close();
  }

  #accept(socket: WebSocket): void {
    let [page, session]: [Page, Session | undefined] = [new Page(socket), undefined];
    const unopened = setTimeout(
      () => socket.close(1008, "No workbook was asked for"),
      openMilliseconds,
    );
    const receive = async (bytes: Uint8Array): Promise<void> => {
      if (session) return session.receive(page, bytes);
      try {
        const command = checkPageCommand(decode(bytes));
        if (command.type !== "open")
          throw new Error("Cannot do anything before a workbook is open");
        const workbook = await this.#sessions.find(command.workbook);
        const opened = await this.#sessions.open(workbook);
        if (socket.readyState !== socket.OPEN) return;
        clearTimeout(unopened);
        session = opened;
        page = this.#enter(opened, page, socket, command);
        if (workbook !== command.workbook) page.send(movedTo(workbook));
      } catch (error) {
        page.send(refusal((error as Error).message));
      }
    };
    // One message after the other, in the order they came.
    let last: Promise<void> = Promise.resolve();
    socket.on("message", (data, isBinary) => {
      if (!isBinary) return socket.close(1003, "Expected binary frames");
      last = last.then(() => receive(data as Buffer));
    });
    socket.on("pong", () => this.#silent.delete(socket));
    socket.on("error", () => socket.terminate());
    socket.on("close", (code) => {
      clearTimeout(unopened);
      // Another socket has taken the page over, or there was none.
      if (!session || !page.isAt(socket)) return;
      const isBroken = !farewells.has(code) && page.detach();
      if (isBroken) this.#sessions.leaveLater(session, page);
      else this.#sessions.leave(session, page);
    });
  }

  /** A page that was there goes on where its connection broke, if it can; any other begins. */
  #enter(
    session: Session,
    page: Page,
    socket: WebSocket,
    { client, heard, document }: Extract<PageCommand, { type: "open" }>,
  ): Page {
    const before = client === undefined ? undefined : session.pageOf(client);
    if (heard && before?.stream === heard.stream && before.resume(socket, heard.count)) {
      this.#sessions.stay(before);
      return before;
    }
    if (before) this.#sessions.leave(session, before);
    page.client = client;
    if (client !== undefined) page.welcome();
    this.#sessions.join(session, page, document);
    return page;
  }

  /** A machine that slept or a cable that was pulled closes nothing by itself. */
  #ping(): void {
    for (const socket of this.#server.clients) {
      if (this.#silent.has(socket)) socket.terminate();
      else {
        this.#silent.add(socket);
        socket.ping();
      }
    }
  }
}

function refuse(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
