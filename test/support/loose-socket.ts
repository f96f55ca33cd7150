import type { Socket } from "../../src/client/session.ts";
import { decode, encode, type PageNotice } from "../../src/protocol/index.ts";

/** A socket whose other end is the test. */
export class LooseSocket implements Socket {
  binaryType: BinaryType = "blob";
  readyState = 0;
  onopen: Socket["onopen"] = null;
  onclose: Socket["onclose"] = null;
  onmessage: Socket["onmessage"] = null;
  readonly sent: unknown[] = [];

  send(bytes: Parameters<Socket["send"]>[0]): void {
    this.sent.push(decode(bytes as Uint8Array));
  }

  close(): void {
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }

  breaks(): void {
    this.readyState = 3;
    this.onclose?.(new Event("close") as CloseEvent);
  }

  says(notice: PageNotice): void {
    this.onmessage?.({ data: encode(notice).buffer } as MessageEvent);
  }
}
