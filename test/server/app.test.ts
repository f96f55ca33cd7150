import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { upgradePaths } from "../../server/sockets.ts";
import { type Serving, serving } from "./support/serving.ts";

/** Routes that are asked to do something to a workbook's file. */
const posts = ["new", "duplicate", "rename", "delete", "recover", "discard", "restore"].map(
  (name) => `/api/workbooks/${name}`,
);

/** Every route there is. A new one fails the test until it is written here, and so tested. */
const routes = [
  "get /",
  "get /w/*path",
  "get /api/workbooks",
  ...posts.map((path) => `post ${path}`),
  "get /api/trash",
  "get /api/unsaved",
  "get /api/history/*path",
  "get /api/checkpoints",
  "get /api/series",
  "post /api/checkpoints",
  "post /api/language",
  "get /value/:session/:cell/:result",
  "use /client",
];

interface Layer {
  readonly name: string;
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): unknown;
}

/** The layers of the router, in the order a request meets them. */
function layersOf({ app }: Serving): readonly Layer[] {
  return (app.express as unknown as { router: { stack: readonly Layer[] } }).router.stack;
}

function routesOf(served: Serving): string[] {
  return layersOf(served).flatMap(({ name, route, match }, index) => {
    if (route) return Object.keys(route.methods).map((method) => `${method} ${route.path}`);
    const layer = layersOf(served)[index]!;
    return name === "serveStatic" && match.call(layer, "/client/main.js") ? ["use /client"] : [];
  });
}

const paths = [
  "/",
  "/w/a.md",
  "/w/deep/a.md",
  "/api/workbooks",
  ...posts,
  "/api/trash",
  "/api/history/a.md",
  "/api/checkpoints",
  "/api/series",
  "/api/language",
  "/value/0/0/0",
  "/client/main.js",
  "/client/index.html",
  "/socket",
  "/favicon.ico",
  "/robots.txt",
  "/nothing",
];
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

test("the routes are the ones written here, and the gate is before them all", async () => {
  const served = await serving();
  expect(routesOf(served)).toEqual(routes);
  expect(upgradePaths).toEqual(["/socket"]);
  const admitted = await served.get("/nothing");
  expect(admitted.status).toBe(404);
  // Nothing that comes first could answer in the gate's place.
  expect(layersOf(served)[0]?.route).toBeUndefined();
  const [first] = layersOf(served);
  for (const path of paths) expect(first!.match(path)).toBeTruthy();
});

test("every route is closed to every method without credentials or with false ones", async () => {
  const served = await serving({ files: { "a.md": "# A" } });
  const host = `Host: 127.0.0.1:${served.port}`;
  const good = `Cookie: ${served.cookie}`;
  const forgeries: readonly [string, number][] = [
    [host, 401],
    [`${host}\r\nCookie: ${served.cookie.slice(0, -1)}`, 401],
    [`${host}\r\nCookie: ${served.cookie}x`, 401],
    [`${host}\r\n${good.replace(/=.*/, "=")}`, 401],
    [`${host}\r\nAuthorization: Bearer ${served.app.credentials.token}`, 401],
    [`Host: evil.example:${served.port}\r\n${good}`, 403],
    [`X-Forwarded-Host: 127.0.0.1:${served.port}\r\n${good}`, 403],
    [`${host}\r\nHost: evil.example\r\n${good}`, 403],
    [`${host}\r\n${good}\r\nOrigin: http://evil.example`, 403],
    [`${host}\r\n${good}\r\nOrigin: null`, 403],
    [`${host}\r\n${good}\r\nSec-Fetch-Site: cross-site`, 403],
    [`${host}\r\n${good}\r\nSec-Fetch-Site: same-site`, 403],
  ];
  for (const path of paths) {
    for (const method of methods) {
      for (const [headers, status] of forgeries) {
        const answer = await served.raw(`${method} ${path} HTTP/1.1\r\n${headers}\r\n\r\n`);
        const expected = status === 401 && !/GET|HEAD/.test(method) ? 403 : status;
        expect(statusOf(answer), `${method} ${path} with ${headers}`).toBe(expected);
        expect(answer).not.toContain(served.app.credentials.token);
        expect(answer).not.toContain(served.root);
        expect(answer).not.toMatch(/set-cookie|access-control/i);
      }
    }
  }
});

test("a write of our own page finds no route but those for questions and files", async () => {
  const served = await serving();
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    for (const path of paths) {
      const headers = { cookie: served.cookie, origin: served.origin };
      const answer = await fetch(served.origin + path, { method, headers });
      // Those that may be asked make nothing of an empty question.
      const asked = method === "POST" && { "/api/language": 400 }[path];
      const refused = method === "POST" && [...posts, "/api/checkpoints"].includes(path) && 409;
      expect(answer.status, `${method} ${path}`).toBe(asked || refused || 404);
    }
  }
});

test("the token is exchanged for a cookie, and the address is clean after", async () => {
  const served = await serving();
  const url = `${served.origin}/w/a.md?token=${served.app.credentials.token}`;
  const exchanged = await fetch(url, { redirect: "manual" });
  expect(exchanged.status).toBe(303);
  expect(exchanged.headers.get("location")).toBe("/w/a.md");
  expect(exchanged.headers.get("set-cookie")).toBe(served.app.credentials.cookie(served.port));
  expect(await exchanged.text()).not.toContain(served.app.credentials.token);
  expect((await served.get("/w/a.md")).status).toBe(200);
});

test("a link from another site leads on by a page of ours, with the cookie", async () => {
  const served = await serving();
  const answer = await served.raw(
    `GET /w/a'b"c&d.md?token=${served.app.credentials.token} HTTP/1.1\r\nHost: 127.0.0.1:${served.port}
Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document
Connection: close\r\n\r\n`.replace(/\r?\n/g, "\r\n"),
  );
  expect(statusOf(answer)).toBe(200);
  expect(answer).toContain(`content="0;url=/w/a&#39;b&#34;c&#38;d.md"`);
  expect(answer).toContain(served.app.credentials.cookie(served.port));
});

test.for(["//evil.example/", "/\\evil.example", "http://evil.example/", "/%5cevil.example"])(
  "%s is not gone on to",
  async (target) => {
    const served = await serving();
    const answer = await served.raw(
      `GET ${target}?token=${served.app.credentials.token} HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nConnection: close\r\n\r\n`,
    );
    const location = /^location: (.*?)\r$/im.exec(answer)?.[1];
    if (location === undefined) expect(statusOf(answer)).toBe(400);
    else expect(new URL(location, served.origin).origin).toBe(served.origin);
  },
);

test("a person without the token is told what to do", async () => {
  const served = await serving();
  const answer = await fetch(served.origin);
  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain("Open the address that <code>npm start</code> printed");
});

test("every answer forbids embedding, sniffing, referring, storing and foreign sources", async () => {
  const served = await serving();
  for (const answer of [
    await served.get("/"),
    await served.get("/api/workbooks"),
    await served.get("/client/main.js"),
    await served.get("/nothing"),
    await fetch(served.origin),
  ]) {
    const header = (name: string) => answer.headers.get(name);
    // Each hash is of a placeholder that is no code: the first is of "::0".
    const attributes = /script-src-attr 'unsafe-hashes'((?: 'sha256-[\w+/]{43}='){16}); /;
    const policy = header("content-security-policy")!;
    const first = createHash("sha256").update("::0").digest("base64");
    expect(attributes.exec(policy)?.[1]).toContain(`'sha256-${first}'`);
    expect(policy.replace(attributes, "")).toBe(
      `default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://127.0.0.1:${served.port}; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(header("x-content-type-options")).toBe("nosniff");
    expect(header("referrer-policy")).toBe("no-referrer");
    expect(header("cross-origin-opener-policy")).toBe("same-origin");
    expect(header("cross-origin-embedder-policy")).toBe("require-corp");
    expect(header("cross-origin-resource-policy")).toBe("same-origin");
    expect(header("x-powered-by")).toBeNull();
    expect(header("access-control-allow-origin")).toBeNull();
    expect(header("cache-control")).toMatch(/^(no-store|no-cache)$/);
  }
  expect((await served.get("/api/workbooks")).headers.get("cache-control")).toBe("no-store");
});

test("the shell answers at / and for every workbook", async () => {
  const served = await serving();
  for (const path of ["/", "/w/a.md", "/w/deep/er/a%20b.md"]) {
    const answer = await served.get(path);
    expect([answer.status, await answer.text()]).toEqual([
      200,
      "<!doctype html><title>shell</title>",
    ]);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  }
});

test("only the built page is served from its folder", async () => {
  const served = await serving({ files: { "a.md": "secret" } });
  expect((await served.get("/client/main.js")).headers.get("content-type")).toMatch(
    "text/javascript",
  );
  const bad = ["/client/", "/client/.env", "/client/../root/a.md", "/client/..%2froot%2fa.md"];
  for (const path of [...bad, "/client/%2e%2e/root/a.md", "/client/..%5croot", "/client/%00"]) {
    const answer = await served.raw(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nCookie: ${served.cookie}\r\nConnection: close\r\n\r\n`,
    );
    expect([400, 403, 404], path).toContain(statusOf(answer));
    expect(answer).not.toContain("secret");
  }
});

test("an address that cannot be decoded is a bad request, without a stack", async () => {
  const served = await serving();
  const answer = await served.get("/w/%zz");
  expect([answer.status, await answer.text()]).toEqual([400, "Bad request\n"]);
});

test("a body is refused", async () => {
  const served = await serving();
  const headers = { cookie: served.cookie, origin: served.origin };
  const large = await fetch(served.origin, { method: "POST", headers, body: "x".repeat(100_000) });
  expect(large.status).toBe(413);
});

test("a value that is not kept is gone, not missing", async () => {
  const served = await serving();
  const answer = await served.get("/value/none/cell/result");
  expect([answer.status, await answer.text()]).toEqual([410, "This value has been superseded\n"]);
});
