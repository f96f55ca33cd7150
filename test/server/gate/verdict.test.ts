import { describe, expect, test } from "vitest";
import { Credentials } from "../../../server/gate/credentials.ts";
import { type GateRequest, judge, type Verdict } from "../../../server/gate/verdict.ts";

const port = 7464;
const credentials = new Credentials();
const cookie = credentials.cookie(port).split(";")[0]!;
const own = `127.0.0.1:${port}`;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request as Node parses it: `headers` keeps the first of each name, `rawHeaders` all. */
function request(method: string, url: string, given: Headers): GateRequest {
  const rawHeaders = Object.entries({ host: own, ...given }).flatMap(([name, value]) =>
    (value === undefined ? [] : [value]).flat().flatMap((one) => [name, one]),
  );
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) headers[rawHeaders[i]!] ??= rawHeaders[i + 1]!;
  return { method, url, headers, rawHeaders };
}

function verdict(headers: Headers, { method = "GET", url = "/", upgrade = false } = {}): string {
  return told(judge(request(method, url, headers), credentials, port, upgrade));
}

function told(found: Verdict): string {
  return found.kind === "refused" ? String(found.status) : found.kind;
}

describe("Host", () => {
  test.for([own, `localhost:${port}`, `[::1]:${port}`])("%s is this server", (host) => {
    expect(verdict({ host, cookie })).toBe("admitted");
  });

  test.for<[string, string | string[] | undefined]>([
    ["another site", "evil.example"],
    ["another site with our port", `evil.example:${port}`],
    ["a name that resolves to us", `127.0.0.1.nip.io:${port}`],
    ["a name that begins like ours", `localhost.evil.example:${port}`],
    ["a name that ends like ours", `evil-localhost:${port}`],
    ["upper case", `LOCALHOST:${port}`],
    ["trailing dot", `localhost.:${port}`],
    ["no port", "127.0.0.1"],
    ["another port", `127.0.0.1:${port + 1}`],
    ["our port, and more", `127.0.0.1:${port}0`],
    ["another form of the address", `127.1:${port}`],
    ["the address as a number", `2130706433:${port}`],
    ["IPv4 in IPv6", `[::ffff:127.0.0.1]:${port}`],
    ["IPv6 without brackets", `::1:${port}`],
    ["any address", `0.0.0.0:${port}`],
    ["a user before it", `user@127.0.0.1:${port}`],
    ["a list", `${own}, evil.example`],
    ["a space after it", `${own} `],
    ["empty", ""],
    ["absent", undefined],
    ["twice, ours first", [own, "evil.example"]],
    ["twice, ours last", ["evil.example", own]],
    ["twice ours", [own, own]],
  ])("%s is refused whatever the request knows", ([, host]) => {
    const token = `/?token=${credentials.token}`;
    expect(verdict({ host, cookie })).toBe("403");
    expect(verdict({ host }, { url: token })).toBe("403");
    expect(verdict({ host, cookie, origin: `http://${own}` }, { upgrade: true })).toBe("403");
    expect(verdict({ host })).toBe("403");
  });
});

describe("Origin", () => {
  const foreign: readonly (string | string[])[] = [
    "http://evil.example",
    "null",
    "",
    `http://127.0.0.1:${port + 1}`,
    "http://127.0.0.1",
    `https://127.0.0.1:${port}`,
    `http://localhost:${port}`,
    `http://[::1]:${port}`,
    `http://localhost.evil:${port}`,
    `http://127.0.0.1:${port}.evil.example`,
    `http://127.0.0.1:${port}/`,
    `http://user@127.0.0.1:${port}`,
    `HTTP://127.0.0.1:${port}`,
    [`http://${own}`, "http://evil.example"],
    [`http://${own}`, `http://${own}`],
  ];

  test.for(foreign)("%j is refused on every method and on upgrade, cookie or not", (origin) => {
    for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]) {
      expect(verdict({ origin, cookie }, { method })).toBe("403");
    }
    expect(verdict({ origin, cookie }, { upgrade: true })).toBe("403");
    expect(verdict({ origin }, { upgrade: true })).toBe("403");
  });

  test("a read needs none, a write and an upgrade do", () => {
    expect(verdict({ cookie })).toBe("admitted");
    expect(verdict({ cookie }, { method: "HEAD" })).toBe("admitted");
    expect(verdict({ cookie }, { method: "POST" })).toBe("403");
    expect(verdict({ cookie }, { upgrade: true })).toBe("403");
    expect(verdict({ cookie, origin: `http://${own}` }, { method: "POST" })).toBe("admitted");
    expect(verdict({ cookie, origin: `http://${own}` }, { upgrade: true })).toBe("admitted");
  });

  test("it is the origin of the very name that was asked, not of another name of ours", () => {
    const host = `localhost:${port}`;
    expect(verdict({ host, cookie, origin: `http://${host}` }, { upgrade: true })).toBe("admitted");
    expect(verdict({ host, cookie, origin: `http://${own}` }, { upgrade: true })).toBe("403");
  });
});

describe("Sec-Fetch-Site", () => {
  const token = { url: `/?token=${credentials.token}` };
  const navigation = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

  test.for<[string | undefined, string, string]>([
    ["same-origin", "admitted", "exchange"],
    ["none", "admitted", "exchange"],
    [undefined, "admitted", "exchange"],
    ["same-site", "403", "exchange"],
    ["cross-site", "403", "exchange"],
    ["Same-Origin", "403", "403"],
    ["", "403", "403"],
    ["anything", "403", "403"],
  ])("%s: with a cookie %s, following a link with the token %s", ([site, read, exchange]) => {
    expect(verdict({ "sec-fetch-site": site, cookie, ...navigation })).toBe(read);
    expect(verdict({ "sec-fetch-site": site, ...navigation }, token)).toBe(exchange);
  });

  test.for<[string, Headers]>([
    ["an image", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }],
    ["a script", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }],
    ["fetch", { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" }],
    ["a frame", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }],
    ["an object", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "object" }],
    ["nothing said", {}],
  ])("%s of another site is refused, even with the token and the cookie", ([, headers]) => {
    const site = { "sec-fetch-site": "cross-site", cookie, ...headers };
    expect(verdict(site)).toBe("403");
    expect(verdict(site, token)).toBe("403");
  });

  test("given twice it is refused", () => {
    expect(verdict({ cookie, "sec-fetch-site": ["same-origin", "same-origin"] })).toBe("403");
  });
});

describe("token", () => {
  const wrong: readonly [string, string][] = [
    ["wrong", "x".repeat(43)],
    ["truncated", credentials.token.slice(0, -1)],
    ["over-long", `${credentials.token}A`],
    ["very long", credentials.token.repeat(200)],
    ["empty", ""],
    ["in another case", credentials.token.toLowerCase()],
    ["of another server", new Credentials().token],
    ["the cookie's value", cookie.split("=")[1]!],
  ];

  test.for(wrong)("%s is refused", ([, token]) => {
    expect(verdict({}, { url: `/?token=${token}` })).toBe("401");
    expect(verdict({ cookie }, { url: `/?token=${token}` })).toBe("401");
  });

  test("given twice it is refused", () => {
    const { token } = credentials;
    expect(verdict({}, { url: `/?token=${token}&token=${token}` })).toBe("401");
    expect(verdict({}, { url: `/?token=x&token=${token}` })).toBe("401");
  });

  test("it lets in by GET only, and opens no socket", () => {
    const url = `/?token=${credentials.token}`;
    const origin = `http://${own}`;
    expect(verdict({}, { url })).toBe("exchange");
    expect(verdict({ origin }, { url, method: "POST" })).toBe("401");
    expect(verdict({}, { url, method: "HEAD" })).toBe("401");
    expect(verdict({ origin }, { url: `/socket?token=${credentials.token}`, upgrade: true })).toBe(
      "401",
    );
  });

  test("the browser goes on to the same path without it", () => {
    const target = `/w/deep/a%20b.md?token=${credentials.token}&next=http://evil.example`;
    expect(judge(request("GET", target, {}), credentials, port)).toEqual({
      kind: "exchange",
      path: "/w/deep/a%20b.md",
      crossSite: false,
    });
  });

  test.for([
    "//evil.example/",
    "/\\evil.example/",
    "/a\\..\\b",
    "http://evil.example/",
    "*",
    "evil",
    "",
    "/a#b",
  ])("%j is no path to go on to, or to serve", (target) => {
    expect(verdict({ cookie }, { url: target })).toBe("400");
    expect(verdict({}, { url: `${target}?token=${credentials.token}` })).toBe("400");
  });

  test("one made for the browser's command line is good once", () => {
    const launched = new Credentials();
    const url = `/?token=${launched.issueLaunchToken()}`;
    const judged = () => told(judge(request("GET", url, {}), launched, port));
    expect([judged(), judged()]).toEqual(["exchange", "401"]);
  });
});

describe("cookie", () => {
  const value = cookie.split("=")[1]!;
  const name = cookie.split("=")[0]!;

  test.for<[string, string | undefined]>([
    ["absent", undefined],
    ["empty", ""],
    ["wrong", `${name}=${"x".repeat(43)}`],
    ["truncated", cookie.slice(0, -1)],
    ["over-long", `${cookie}A`],
    ["without a value", `${name}=`],
    ["the printed token", `${name}=${credentials.token}`],
    ["of another port", `simile-${port + 1}=${value}`],
    ["of another process", new Credentials().cookie(port).split(";")[0]!],
    ["under another name", `session=${value}`],
    ["in quotes", `${name}="${value}"`],
    ["after more false ones than are looked at", `${`${name}=x; `.repeat(8)}${cookie}`],
  ])("%s does not let in", ([, given]) => {
    expect(verdict({ cookie: given })).toBe("401");
    expect(verdict({ cookie: given, origin: `http://${own}` }, { upgrade: true })).toBe("401");
  });

  test("among others, and beside a false one of its name, it does", () => {
    expect(verdict({ cookie: `a=b; ${name}=false; ${cookie};c=d` })).toBe("admitted");
  });

  test("it cannot be read by scripts nor sent by other sites", () => {
    expect(credentials.cookie(port)).toMatch(
      /^simile-7464=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });
});
