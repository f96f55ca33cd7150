import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Connection, Session } from "../../src/client/session.ts";
import type { Edit, PageNotice } from "../../src/protocol/index.ts";
import { LooseSocket } from "../support/loose-socket.ts";

function opened() {
  const sockets: LooseSocket[] = [];
  const heard: PageNotice[] = [];
  const states: (Connection | "resumed")[] = [];
  const session = new Session(
    "a/b.md",
    {
      notice: (notice) => heard.push(notice),
      connection: (state, _attempts, resumed) => states.push(resumed ? "resumed" : state),
      document: () => ({ epoch: "e", revision: 7 }),
    },
    () => {
      sockets.push(new LooseSocket());
      return sockets.at(-1)!;
    },
    "me",
  );
  return { session, sockets, heard, states };
}

const open = {
  type: "open",
  workbook: "a/b.md",
  client: "me",
  document: { epoch: "e", revision: 7 },
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it opens its workbook, in binary, and tells what it hears", () => {
  const { sockets, heard, states } = opened();
  sockets[0]?.opens();
  expect(sockets[0]?.binaryType).toBe("arraybuffer");
  expect(sockets[0]?.sent).toEqual([open]);
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
  expect(sockets[2]?.sent).toEqual([{ ...open, heard: { stream: "stream", count: 0 } }]);
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
  expect(sockets[0]?.sent).toEqual([open]);
});

test("after a connection that broke it says what it heard last, and sends again what is not done", () => {
  const { session, sockets, heard, states } = opened();
  const edit: Edit = { id: "1", label: "typing", operations: [] };
  const [first, second] = [1, 2].map(
    (revision) => ({ type: "edit", base: { epoch: "e", revision }, edits: [edit] }) as const,
  );
  sockets[0]?.opens();
  session.send(first!);
  session.send(second!);
  sockets[0]?.says({ type: "kernel", state: "ready" });
  sockets[0]?.says({ type: "done", number: 1 });
  expect(heard).toHaveLength(1);
  sockets[0]?.breaks();
  session.send({ type: "save" });
  session.send({ type: "restart" });
  vi.advanceTimersByTime(250);
  sockets[1]?.opens({ next: 3, resumed: true });
  expect(sockets[1]?.sent).toEqual([
    { ...open, heard: { stream: "stream", count: 2 } },
    second,
    { type: "save" },
  ]);
  expect(sockets[1]?.numbers).toEqual([undefined, 2, 3]);
  expect(states.at(-1)).toBe("resumed");
});

test("when the server cannot go on, what the page asks anew by itself is not sent again", () => {
  const { session, sockets } = opened();
  sockets[0]?.opens();
  session.send({ type: "save" });
  session.send({ type: "run" });
  sockets[0]?.breaks();
  vi.advanceTimersByTime(250);
  sockets[1]?.opens({ stream: "another" });
  expect(sockets[1]?.sent.slice(1)).toEqual([{ type: "run" }]);
});

test("a workbook that has another path is opened there the next time", () => {
  const { session, sockets } = opened();
  sockets[0]?.opens();
  session.moved("b.md");
  sockets[0]?.breaks();
  vi.advanceTimersByTime(250);
  sockets[1]?.opens();
  expect(sockets[1]?.sent[0]).toMatchObject({ type: "open", workbook: "b.md" });
});

test("a closed session stays closed", () => {
  const { session, sockets } = opened();
  sockets[0]?.opens();
  session.close();
  sockets[0]?.breaks();
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
});
