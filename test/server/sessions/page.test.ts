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

test("a page whose connection broke is told what it missed, in order, and goes on", () => {
  const { page: away } = page();
  away.welcome();
  for (const byte of [1, 2, 3]) away.send(frame(byte));
  expect(away.detach()).toBe(true);
  away.send(frame(4));
  const next = new FakeSocket();
  expect(away.resume(next as unknown as WebSocket, 2)).toBe(true);
  away.send(frame(5));
  expect(next.sent.slice(1)).toEqual([3, 4, 5]);
});

test("a page that missed more than is kept, or heard what nobody said, begins anew", () => {
  const { page: away } = page();
  away.welcome();
  away.detach();
  for (let count = 0; count < 9; count++) away.send(new Uint8Array(1024 * 1024));
  const next = new FakeSocket() as unknown as WebSocket;
  expect(away.resume(next, 0)).toBe(false);
  expect(away.resume(next, 10)).toBe(false);
  expect(away.resume(next, 1)).toBe(true);
});

test("a command is obeyed once, however often it comes, and said to be done each time", async () => {
  const { page: asked, socket } = page();
  const obeyed: number[] = [];
  for (const number of [1, 2, 1, 2, 3]) {
    await asked.obey(number, async () => void obeyed.push(number));
  }
  expect(obeyed).toEqual([1, 2, 3]);
  expect(socket.sent).toHaveLength(5);
});

test("a socket that is closing is sent nothing", () => {
  const { page: leaving, socket } = page();
  socket.readyState = 2;
  leaving.send(frame(1));
  expect(socket.sent).toEqual([]);
});
