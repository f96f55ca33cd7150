import { connect } from "node:net";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { upgradePaths } from "../../server/sockets.ts";
import { encode } from "../../src/protocol/index.ts";
import { type Serving, serving } from "./support/serving.ts";
import { Visitor, wait } from "./support/visitor.ts";

function handshake(served: Serving, path: string, headers: readonly string[]): Promise<string> {
  const lines = [
    `GET ${path} HTTP/1.1`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  ];
  return served.raw(`${lines.join("\r\n")}\r\n\r\n`);
}

const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

test("every upgrade path, and any other, is closed without credentials or with false ones", async () => {
  const served = await serving({ files: { "a.md": "# A" } });
  const host = `Host: 127.0.0.1:${served.port}`;
  const origin = `Origin: ${served.origin}`;
  const cookie = `Cookie: ${served.cookie}`;
  const name = served.cookie.split("=")[0];
  const other = await serving();
  const table: readonly [readonly string[], number][] = [
    [[host, origin], 401],
    [[host, origin, `${cookie.slice(0, -1)}`], 401],
    [[host, origin, `${cookie}A`], 401],
    [[host, origin, `Cookie: ${name}=`], 401],
    [[host, origin, `Cookie: ${name}=${served.app.credentials.token}`], 401],
    [[host, origin, `Cookie: ${name}=${other.cookie.split("=")[1]}`], 401],
    [[host, origin, `Cookie: ${other.cookie}`], 401],
    [[host, cookie], 403],
    [[host, cookie, "Origin: null"], 403],
    [[host, cookie, "Origin: http://evil.example"], 403],
    [[host, cookie, `Origin: http://127.0.0.1:${other.port}`], 403],
    [[host, cookie, `Origin: http://localhost:${served.port}`], 403],
    [[host, cookie, `Origin: http://localhost.evil:${served.port}`], 403],
    [[host, cookie, `Origin: http://[::1]:${served.port}`], 403],
    [
      [`Host: evil.example:${served.port}`, cookie, `Origin: http://evil.example:${served.port}`],
      403,
    ],
    [[cookie, origin], 403],
    [[host, "Host: evil.example", cookie, origin], 403],
    [[host, origin, cookie, "Sec-Fetch-Site: cross-site"], 403],
  ];
  for (const path of [...upgradePaths, "/", "/socket/", "/api/workbooks", "/terminal"]) {
    for (const [headers, expected] of table) {
      const answer = await handshake(served, path, headers);
      expect(status(answer), `${path} with ${headers}`).toBe(expected);
      expect(answer).toMatch(/Connection: close/i);
    }
    const token = await handshake(served, `${path}?token=${served.app.credentials.token}`, [
      host,
      origin,
    ]);
    expect(status(token)).toBe(401);
    if (!upgradePaths.includes(path)) {
      expect(status(await handshake(served, path, [host, origin, cookie]))).toBe(404);
    }
  }
  await Visitor.connect(served);
});

test("the first message says which workbook; before it nothing is done", async () => {
  const served = await serving({ files: { "a.md": "# A" } });
  const visitor = await Visitor.connect(served);
  visitor.send({ type: "run" });
  expect((await visitor.next("refused")).message).toBe(
    "Cannot do anything before a workbook is open",
  );
  visitor.send({ type: "open", workbook: "b.md" });
  expect((await visitor.next("refused")).message).toBe("Cannot open b.md: there is no such file");
  visitor.send({ type: "open", workbook: "a.md" });
  expect((await visitor.next("workbook")).path).toBe("a.md");
  visitor.send({ type: "open", workbook: "a.md" });
  expect((await visitor.next("refused")).message).toBe(
    "Cannot open a second workbook on one socket",
  );
});

test.for<[string, Uint8Array | string, number | string]>([
  ["text", "{}", 1003],
  ["no frame", Uint8Array.of(1, 2, 3), "expected at least 4 bytes"],
  ["a lie about a length", Uint8Array.of(255, 255, 255, 255), "expected a head of"],
  ["an unknown command", encode({ type: "terminal" }), 'found "terminal"'],
  ["no command", encode(null), "Cannot accept command"],
  ["a path that is a number", encode({ type: "open", workbook: 7 }), "workbook to be a text"],
])("%s is refused and ends nothing else", async ([, message, expected]) => {
  const served = await serving({ files: { "a.md": "# A" } });
  const other = await Visitor.connect(served, "a.md");
  const visitor = await Visitor.connect(served, "a.md");
  await visitor.next("workbook");
  const closed = new Promise((resolve) => visitor.socket.once("close", resolve));
  visitor.socket.send(message);
  if (typeof expected === "number") expect(await closed).toBe(expected);
  else expect((await visitor.next("refused")).message).toContain(expected);
  other.send({ type: "stop" });
  expect(other.socket.readyState).toBe(WebSocket.OPEN);
});

test("a message larger than 64 MB closes its socket, and only that", async () => {
  const served = await serving({ files: { "a.md": "# A" } });
  const visitor = await Visitor.connect(served, "a.md");
  const closed = new Promise((resolve) => visitor.socket.once("close", resolve));
  visitor.socket.on("error", () => {});
  // The header of a frame of 1 GB; no such frame need be sent.
  const { _socket: socket } = visitor.socket as unknown as { _socket: NodeJS.WritableStream };
  socket.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0]));
  expect(await closed).toBe(1009);
  await Visitor.connect(served, "a.md").then((next) => next.next("workbook"));
});

test("sockets are counted: one more than there is room for is turned away", async () => {
  const served = await serving();
  const visitors = await Promise.all(Array.from({ length: 128 }, () => Visitor.connect(served)));
  await expect(Visitor.connect(served)).rejects.toThrow("503");
  await visitors[0]!.close();
  await wait(20);
  await Visitor.connect(served);
});

test("five hundred idle connections keep nobody out", async () => {
  const served = await serving();
  const idle = Array.from({ length: 500 }, () => connect(served.port, "127.0.0.1"));
  await Promise.all(
    idle.map((socket) => new Promise((resolve) => socket.once("connect", resolve))),
  );
  expect((await served.get("/")).status).toBe(200);
  for (const socket of idle) socket.destroy();
});
