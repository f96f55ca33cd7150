import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Connection, Session } from "../../src/client/session.ts";
import type { PageNotice } from "../../src/protocol/index.ts";
import { LooseSocket } from "../support/loose-socket.ts";

function opened() {
  const sockets: LooseSocket[] = [];
  const heard: PageNotice[] = [];
  const states: Connection[] = [];
  const session = new Session(
    "a/b.md",
    { notice: (notice) => heard.push(notice), connection: (state) => states.push(state) },
    () => {
      sockets.push(new LooseSocket());
      return sockets.at(-1)!;
    },
  );
  return { session, sockets, heard, states };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it opens its workbook, in binary, and tells what it hears", () => {
  const { sockets, heard, states } = opened();
  sockets[0]?.opens();
  expect(sockets[0]?.binaryType).toBe("arraybuffer");
  expect(sockets[0]?.sent).toEqual([{ type: "open", workbook: "a/b.md" }]);
  sockets[0]?.says({ type: "kernel", state: "ready" });
  expect(heard).toEqual([{ type: "kernel", state: "ready" }]);
  expect(states).toEqual(["connecting", "open"]);
});

test("a lost connection is made again, each time after a longer pause, and opens the workbook again", () => {
  const { sockets, states } = opened();
  sockets[0]?.opens();
  sockets[0]?.breaks();
  vi.advanceTimersByTime(250);
  sockets[1]?.breaks();
  vi.advanceTimersByTime(499);
  expect(sockets).toHaveLength(2);
  vi.advanceTimersByTime(1);
  sockets[2]?.opens();
  expect(sockets[2]?.sent).toEqual([{ type: "open", workbook: "a/b.md" }]);
  expect(states).toEqual([
    "connecting",
    "open",
    "lost",
    "connecting",
    "lost",
    "connecting",
    "open",
  ]);
  sockets[2]?.breaks();
  vi.advanceTimersByTime(250);
  expect(sockets).toHaveLength(4);
});

test("the pause never exceeds five seconds, and can be cut short", () => {
  const { session, sockets } = opened();
  for (let i = 0; i < 12; i++) {
    sockets.at(-1)?.breaks();
    vi.advanceTimersByTime(5000);
  }
  expect(sockets).toHaveLength(13);
  sockets.at(-1)?.breaks();
  session.retry();
  expect(sockets).toHaveLength(14);
  session.retry();
  expect(sockets).toHaveLength(14);
});

test("what is said while there is no connection is not said later", () => {
  const { session, sockets } = opened();
  session.send({ type: "stop" });
  sockets[0]?.opens();
  expect(sockets[0]?.sent).toEqual([{ type: "open", workbook: "a/b.md" }]);
});

test("a closed session stays closed", () => {
  const { session, sockets } = opened();
  sockets[0]?.opens();
  session.close();
  sockets[0]?.breaks();
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
});
