import type { Browser, Page } from "playwright";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { type RunningServer, startServer } from "../support/simile-server.ts";

let browser: Browser;
let server: RunningServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([openChromium(), startServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** What the pages of a test complained of: violations of the policy, failed requests, errors. */
const complaints: string[] = [];
afterEach(() => {
  expect(complaints.splice(0)).toEqual([]);
});

async function open(path: string, sent: unknown[] = []): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("websocket", (socket) => socket.on("framesent", (frame) => sent.push(frame)));
  await page.goto(server.url);
  await page.goto(new URL(path, server.url).href);
  return page;
}

/** The colours of a drawn heatmap, as one string. */
function pixels(page: Page, cell: string): Promise<string> {
  return page
    .locator(`#cell-${cell} .heatmap-plane canvas`)
    .first()
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}

const drawn = { timeout: 60_000 };

test("the home page lists the three workbooks with their summaries", async () => {
  const page = await open("/");
  await page.waitForSelector("text=Grokking, seen in weight space");
  const text = await page.locator("body").innerText();
  expect(text).toContain("Symmetry playground");
  expect(text).toContain("Compare your own checkpoints");
  await page.close();
});

test("grokking: from a fresh start to drawn heatmaps, which follow the settings", async () => {
  const page = await open("/w/grokking.md");
  await page.waitForSelector("#cell-maps .heatmap-plane canvas", drawn);
  expect(await page.locator("#cell-maps .heatmap-plane canvas").count()).toBe(2);
  const before = await pixels(page, "maps");
  await page.locator("#cell-controls input[type=checkbox]").uncheck();
  await expect.poll(() => pixels(page, "maps"), drawn).not.toBe(before);
  const unsymmetrised = await pixels(page, "maps");
  await page.getByRole("combobox", { name: "Output" }).fill("answer 5");
  await expect.poll(() => pixels(page, "maps"), drawn).not.toBe(unsymmetrised);
  expect(await page.locator('[data-state="failed"]').count()).toBe(0);
  await page.close();
});

test("grokking: the reference slider moves the curve without asking the kernel", async () => {
  const sent: unknown[] = [];
  const page = await open("/w/grokking.md", sent);
  await page.waitForSelector("#cell-rows .output svg", drawn);
  const before = await page.locator("#cell-rows").innerHTML();
  expect(sent.length).toBeGreaterThan(0);
  sent.length = 0;
  await page.locator("#cell-reference select").selectOption({ index: 40 });
  await expect.poll(() => page.locator("#cell-rows").innerHTML()).not.toBe(before);
  expect(sent).toEqual([]);
  await page.close();
});

test("symmetry playground: the weights move, tensor similarity stays at 1 until the group is left", async () => {
  const page = await open("/w/symmetry.md");
  const sentence = page.locator("#cell-sentence");
  await expect.poll(() => sentence.innerText(), drawn).toContain("less than 10");
  for (const toggle of await page.locator("#cell-changes input[type=checkbox]").all()) {
    await toggle.check();
  }
  await page.locator("#cell-changes input[type=number]").first().fill("1");
  await expect
    .poll(() => page.locator("#cell-numbers").innerText(), drawn)
    .not.toMatch(/1\.000000[\s\S]*1\.000000/);
  expect(await sentence.innerText()).toMatch(/differs from 1 by less than 10/);
  await page.locator("#cell-changes input[type=number]").last().fill("0.5");
  await expect.poll(() => sentence.innerText(), drawn).toMatch(/differs from 1 by \d/);
  await page.close();
});

test("compare: what was found is listed, then the matrix is drawn; a wrong folder is named", async () => {
  const page = await open("/w/compare.md");
  await page.waitForSelector("#cell-maps .heatmap-plane canvas", drawn);
  expect(await page.locator("#cell-found-table").innerText()).toContain("checkpoint");
  expect(await page.locator("#cell-unread").innerText()).toContain(
    "history.json: not a checkpoint",
  );
  await page.locator("#cell-network-settings input[type=text]").fill('{"head": 8}');
  await page.locator("#cell-network-settings form button").click();
  await expect
    .poll(() => page.locator("#cell-series").innerText(), drawn)
    .toContain("expected some of heads, ");
  await page.locator("#cell-folder input[type=text]").fill("no/such/folder");
  await page.locator("#cell-network-settings input[type=text]").fill("");
  await page.locator("#cell-network-settings form button").click();
  await page.getByRole("button", { name: "Open" }).click();
  await expect
    .poll(() => page.locator("#cell-series").innerText(), drawn)
    .toContain("no/such/folder");
  await page.close();
});
