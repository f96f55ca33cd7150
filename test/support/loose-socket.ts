import type { Socket } from "../../src/client/session.ts";
import { decode, encode, type PageNotice, type WelcomeNotice } from "../../src/protocol/index.ts";

/** A socket whose other end is the test. */
export class LooseSocket implements Socket {
  binaryType: BinaryType = "blob";
  readyState = 0;
  onopen: Socket["onopen"] = null;
  onclose: Socket["onclose"] = null;
  onmessage: Socket["onmessage"] = null;
  /** What was sent, numbers of commands left out. */
  readonly sent: unknown[] = [];
  readonly numbers: (number | undefined)[] = [];

  send(bytes: Parameters<Socket["send"]>[0]): void {
    const { number, ...command } = decode(bytes as Uint8Array) as { readonly number?: number };
    this.sent.push(command);
    this.numbers.push(number);
  }

  close(): void {
    this.readyState = 3;
  }

  /** Opens, and has the server welcome the page. */
  opens(welcome: Partial<WelcomeNotice> = {}): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
    this.says({ type: "welcome", stream: "stream", next: 1, resumed: false, ...welcome });
  }

  breaks(): void {
    this.readyState = 3;
    this.onclose?.(new Event("close") as CloseEvent);
  }

  says(notice: PageNotice): void {
    this.onmessage?.({ data: encode(notice).buffer } as MessageEvent);
  }
}
