import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { Page } from "../../../server/sessions/page.ts";

/** The part of a socket that a page uses. */
class FakeSocket {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: number[] = [];
  isTerminated = false;
  send(frame: Uint8Array): void {
    this.sent.push(frame[0]!);
  }
  terminate(): void {
    this.isTerminated = true;
  }
}

function page(): { page: Page; socket: FakeSocket } {
  const socket = new FakeSocket();
  return { page: new Page(socket as unknown as WebSocket), socket };
}

const frame = (byte: number) => Uint8Array.of(byte);

test("a page that is slow misses log and progress, and nothing else", () => {
  const { page: slow, socket } = page();
  slow.send(frame(1), true);
  socket.bufferedAmount = 2 * 1024 * 1024;
  slow.send(frame(2), true);
  slow.send(frame(3));
  socket.bufferedAmount = 0;
  slow.send(frame(4), true);
  expect(socket.sent).toEqual([1, 3, 4]);
});

test("a page that takes nothing is cut off before it fills the memory", () => {
  const { page: stuck, socket } = page();
  socket.bufferedAmount = 129 * 1024 * 1024;
  stuck.send(frame(1));
  expect(socket.sent).toEqual([]);
  expect(socket.isTerminated).toBe(true);
});

test("a socket that is closing is sent nothing", () => {
  const { page: leaving, socket } = page();
  socket.readyState = 2;
  leaving.send(frame(1));
  expect(socket.sent).toEqual([]);
});
