import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Serving, serving } from "../server/support/serving.ts";
import { openChromium } from "../support/chromium.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

/** A page of another site, in a browser that may have been let in to ours; `asked` is all that site hears. */
async function elsewhere(html: string): Promise<{ page: Page; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.setHeader("Content-Type", "text/html");
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext();
  onTestFinished(async () => {
    await context.close();
    server.close();
  });
  const page = await context.newPage();
  // Another name of this machine: cross-site for 127.0.0.1, as any other site is.
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  return { page, asked };
}

function addressOf(served: Serving, path: string): string {
  return `${served.origin}${path}?token=${served.app.credentials.token}`;
}

test("the printed address lets the browser in, and leaves no token in its bar, history or scripts", async () => {
  const served = await serving();
  const { page } = await elsewhere("");
  await page.goto(addressOf(served, "/w/a.md"));
  expect(page.url()).toBe(`${served.origin}/w/a.md`);
  expect(await page.title()).toBe("shell");
  expect(await page.evaluate("document.cookie + document.referrer")).toBe("");
  await page.reload();
  expect(await page.title()).toBe("shell");
});

test("a link of another site that carries the token lets the browser in too", async () => {
  const served = await serving();
  const { page } = await elsewhere(`<a href="${addressOf(served, "/w/a.md")}">open</a>`);
  await page.click("a");
  await page.waitForURL(`${served.origin}/w/a.md`);
  expect(await page.title()).toBe("shell");
  expect(await page.evaluate("document.referrer")).not.toContain("token");
});

test("a page of another site reaches nothing, though the browser has been let in", async () => {
  const served = await serving({ files: { "a.md": "# A" } });
  const { page } = await elsewhere("<body></body>");
  const own = await page.context().newPage();
  await own.goto(addressOf(served, "/"));
  expect(await own.title()).toBe("shell");
  const reached = await page.evaluate(async (origin) => {
    const outcome = (start: (done: (what: string) => void) => void) =>
      new Promise<string>((resolve) => start(resolve));
    const element = (tag: "img" | "script" | "iframe", path: string) =>
      outcome((done) => {
        const added = document.createElement(tag);
        added.onload = () => done("loaded");
        added.onerror = () => done("refused");
        added.src = origin + path;
        document.body.append(added);
      });
    const fetched = (options: RequestInit) =>
      fetch(`${origin}/api/workbooks`, { credentials: "include", ...options }).then(
        (response) => response.type,
        () => "refused",
      );
    return {
      image: await element("img", "/client/icon.svg"),
      script: await element("script", "/client/main.js"),
      fetch: await fetched({}),
      post: await fetched({ method: "POST", body: "{}" }),
      blind: await fetched({ mode: "no-cors" }),
      socket: await outcome((done) => {
        const socket = new WebSocket(`${origin.replace("http", "ws")}/socket`);
        socket.onopen = () => done("open");
        socket.onerror = () => done("refused");
      }),
    };
  }, served.origin);
  expect(reached).toEqual({
    image: "refused",
    script: "refused",
    fetch: "refused",
    post: "refused",
    blind: "refused",
    socket: "refused",
  });
  // Our own page, in the same browser, still does.
  expect(await own.evaluate("fetch('/api/workbooks').then((r) => r.status)")).toBe(200);
});

test("our pages cannot be framed, and load and send nothing elsewhere", async () => {
  const served = await serving();
  const { page, asked } = await elsewhere("<body></body>");
  const other = page.url();
  await page.goto(addressOf(served, "/"));
  asked.length = 0;
  const attempts = await page.evaluate(async (other) => {
    const image = new Image();
    image.src = `${other}image`;
    document.body.append(image);
    const frame = document.createElement("iframe");
    frame.src = "/";
    document.body.append(frame);
    const script = document.createElement("script");
    script.textContent = "globalThis.inlined = true";
    document.body.append(script);
    return {
      fetched: await fetch(`${other}fetch`).then(
        () => true,
        () => false,
      ),
      inlined: "inlined" in globalThis,
      evaluated: new Function("return true")() as boolean,
      framed: frame.contentDocument?.title === "shell",
    };
  }, other);
  expect(attempts).toEqual({ fetched: false, inlined: false, evaluated: true, framed: false });
  expect(asked).toEqual([]);
});
