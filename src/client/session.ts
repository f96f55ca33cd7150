import {
  decode,
  encode,
  type NumberedCommand,
  type PageCommand,
  type PageNotice,
  type RevisionName,
} from "../protocol/index.ts";

/** Whether the server is there: `lost` until the next attempt, which is made by itself. */
export type Connection = "connecting" | "open" | "lost";

/** What the page is told; how the connection keeps count is its own affair. */
export type SessionNotice = Exclude<PageNotice, { type: "welcome" | "done" }>;

/** Who hears what the server says, and whether it is there. */
export interface SessionListener {
  notice(notice: SessionNotice): void;
  /**
   * @param resumed when open: nothing was missed but what follows now; else all begins anew
   */
  connection(state: Connection, attempts: number, resumed?: boolean): void;
  /** The revision of the document that the page has. */
  document?(): RevisionName | undefined;
}

/** The part of a WebSocket that a session uses; tests give one of their own. */
export type Socket = Pick<WebSocket, "send" | "close"> & {
  readonly readyState: number;
  binaryType: BinaryType;
  onopen: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
};

const firstPause = 250;
const longestPause = 5_000;

/** Meant for what runs now: said too late, these would stop or end something else. */
const momentary: ReadonlySet<PageCommand["type"]> = new Set(["stop", "restart"]);

interface Sent {
  readonly number: number;
  readonly type: PageCommand["type"];
  readonly frame: Uint8Array<ArrayBuffer>;
}

/**
 * The page's connection to its workbook on the server. When it breaks it is made again, for ever, and goes
 * on where it broke: no notice is missed or heard twice, no command lost or obeyed twice. When the server
 * cannot, because it is another one or the page was away for too long, all begins anew.
 */
export class Session {
  /** Names this page to server and kernel. */
  readonly #client: string;
  #workbook: string;
  readonly #listener: SessionListener;
  readonly #connect: () => Socket;
  #socket: Socket | undefined;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #heard: { readonly stream: string; count: number } | undefined;
  #isWelcome = false;
  #number = 0;
  /** Commands that are not known to be obeyed. */
  #sent: Sent[] = [];

  /** @param connect makes a connection */
  constructor(
    workbook: string,
    listener: SessionListener,
    connect: () => Socket = openSocket,
    client: string = crypto.randomUUID(),
  ) {
    this.#client = client;
    this.#workbook = workbook;
    this.#listener = listener;
    this.#connect = connect;
    this.#open();
  }

  /**
   * Sends a command, and again after a connection that broke, until it is obeyed; what stops or restarts,
   * only while there is a connection.
   *
   * @throws {TransferError} when a part of it cannot travel
   */
  send(command: PageCommand): void {
    if (!this.#isWelcome && momentary.has(command.type)) return;
    const number = this.#number + 1;
    const frame = encode({ ...command, number } satisfies NumberedCommand);
    this.#number = number;
    this.#sent.push({ number, type: command.type, frame });
    if (this.#isWelcome) this.#socket?.send(frame);
  }

  /** The workbook has another path from now on. */
  moved(workbook: string): void {
    this.#workbook = workbook;
  }

  /** Tries again now instead of after the pause. */
  retry(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#open();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open(): void {
    this.#timer = undefined;
    this.#listener.connection("connecting", this.#attempts);
    const socket = this.#connect();
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#attempts = 0;
      const document = this.#listener.document?.();
      const open: PageCommand = {
        type: "open",
        workbook: this.#workbook,
        client: this.#client,
        ...(this.#heard && { heard: { ...this.#heard } }),
        ...(document && { document }),
      };
      socket.send(encode(open));
    };
    socket.onmessage = ({ data }) => {
      // Only our server speaks on this socket, and it sends the notices of the protocol.
      if (this.#socket === socket)
        this.#hear(decode(new Uint8Array(data as ArrayBuffer)) as PageNotice);
    };
    socket.onclose = () => this.#lose(socket);
  }

  #hear(notice: PageNotice): void {
    if (notice.type === "welcome") {
      this.#welcome(notice);
      return;
    }
    if (this.#heard) this.#heard.count++;
    if (notice.type === "done") {
      this.#sent = this.#sent.filter(({ number }) => number > notice.number);
    } else this.#listener.notice(notice);
  }

  #welcome({ stream, next, resumed }: Extract<PageNotice, { type: "welcome" }>): void {
    this.#heard = { stream, count: next - 1 };
    // What the page asks of the kernel and of the document, it asks anew by itself.
    if (!resumed) this.#sent = this.#sent.filter(({ type }) => type === "run");
    this.#isWelcome = true;
    for (const { frame } of this.#sent) this.#socket?.send(frame);
    this.#listener.connection("open", 0, resumed);
  }

  #lose(socket: Socket): void {
    if (this.#socket !== socket || this.#isClosed) return;
    this.#socket = undefined;
    this.#isWelcome = false;
    const pause = Math.min(longestPause, firstPause * 2 ** this.#attempts);
    this.#attempts++;
    this.#timer = setTimeout(() => this.#open(), pause);
    this.#listener.connection("lost", this.#attempts);
  }
}

function openSocket(): Socket {
  return new WebSocket(`${location.origin.replace(/^http/, "ws")}/socket`);
}
