import { decode, encode, type PageCommand, type PageNotice } from "../protocol/index.ts";

/** Whether the server is there: `lost` until the next attempt, which is made by itself. */
export type Connection = "connecting" | "open" | "lost";

/** Who hears what the server says, and whether it is there. */
export interface SessionListener {
  notice(notice: PageNotice): void;
  connection(state: Connection, attempts: number): void;
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

/** The page's connection to its workbook on the server. When it breaks it is made again, for ever. */
export class Session {
  readonly #workbook: string;
  readonly #listener: SessionListener;
  readonly #connect: () => Socket;
  #socket: Socket | undefined;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(workbook: string, listener: SessionListener, connect: () => Socket = openSocket) {
    this.#workbook = workbook;
    this.#listener = listener;
    this.#connect = connect;
    this.#open();
  }

  /**
   * Sends a command; one sent while the connection is lost is gone, because the page asks again for what
   * it waits for once there is a new one.
   *
   * @throws {TransferError} when a part of it cannot travel
   */
  send(command: PageCommand): void {
    const frame = encode(command);
    if (this.#socket?.readyState === 1) this.#socket.send(frame);
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
      this.send({ type: "open", workbook: this.#workbook });
      this.#listener.connection("open", 0);
    };
    socket.onmessage = ({ data }) => {
      // Only our server speaks on this socket, and it sends the notices of the protocol.
      this.#listener.notice(decode(new Uint8Array(data as ArrayBuffer)) as PageNotice);
    };
    socket.onclose = () => this.#lose(socket);
  }

  #lose(socket: Socket): void {
    if (this.#socket !== socket || this.#isClosed) return;
    this.#socket = undefined;
    const pause = Math.min(longestPause, firstPause * 2 ** this.#attempts);
    this.#attempts++;
    this.#timer = setTimeout(() => this.#open(), pause);
    this.#listener.connection("lost", this.#attempts);
  }
}

function openSocket(): Socket {
  return new WebSocket(`${location.origin.replace(/^http/, "ws")}/socket`);
}
