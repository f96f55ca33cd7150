import type { Browser, Page } from "playwright";
import { onTestFinished } from "vitest";
import { decode, type PageNotice } from "../../src/protocol/index.ts";
import { openWorkbook } from "./opened-workbook.ts";

export const fence = "```";
export const cell = (head: string, source: string) =>
  `${fence}ts {#${head}}\n${source}\n${fence}\n`;
export const ran = (id: string) => `(window.ran ??= []).push("${id}");`;

export const text = [
  cell(
    "n",
    `${ran("n")}\nconst n = view(Inputs.range([0, 1000], {label: "n", step: 1, value: 3}));`,
  ),
  cell("k kernel", "const k = n * n;"),
  cell("m kernel", "const m = k + 1;"),
  cell("other kernel", "const other = 7;"),
  cell(
    "both",
    `${ran("both")}\n(window.pairs ??= []).push([n, k]);\ndisplay(html\`<output id="b">\${n} \${k}</output>\`);`,
  ),
  cell("shown", `${ran("shown")}\ndisplay(html\`<output id="s">\${m}</output>\`);`),
  cell("lone", `${ran("lone")}\nconst lone = 1;\ndisplay(lone);`),
].join("\n");

/** A workbook that is written by keyboard, with what ran of it. */
export async function written(browser: Browser, source: string) {
  const workbook = await openWorkbook(browser, source);
  onTestFinished(() => workbook.close());
  const { page, file } = workbook;
  const kernelRuns: string[] = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload === "string") return;
      const notice = decode(payload) as PageNotice;
      if (notice.type === "run" && notice.state === "running") kernelRuns.push(notice.cell);
    }),
  );
  await page.reload();
  await page.waitForSelector(".cell");
  const at = (id: string) => page.locator(`#cell-${id}`);
  const idle = async () => {
    const busy = ':is([data-state="running"], [data-state="queued"], [data-state="waiting"])';
    await page.waitForFunction((busy) => {
      const cells = [...document.querySelectorAll(".cell")];
      return !cells.some((one) => one.matches(`${busy}, .is-pending`));
    }, busy);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  };
  return {
    page,
    file,
    at,
    idle,
    /** Cells that ran since this was asked last, browser cells first. */
    async ran(): Promise<string> {
      await idle();
      const browserRuns = await page.evaluate(() => {
        const all = (window as unknown as { ran?: string[] }).ran ?? [];
        return all.splice(0);
      });
      return [...browserRuns.toSorted(), "|", ...kernelRuns.splice(0)].join(" ");
    },
    /** Writes a cell anew and runs it, as a person does. */
    async write(id: string, code: string): Promise<void> {
      await open(page, id);
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(code);
      await page.keyboard.press("Control+Enter");
      await page.waitForSelector(`#cell-${id}:not(.is-edited)`);
    },
    async run(id: string): Promise<void> {
      await open(page, id);
      await page.keyboard.press("Control+Enter");
    },
    /** Makes a cell current without writing in it. */
    async choose(id: string): Promise<void> {
      await open(page, id);
      await page.keyboard.press("Escape");
    },
    async slide(values: readonly number[]): Promise<void> {
      await page.evaluate(async (values) => {
        const input = document.querySelector<HTMLInputElement>("#cell-n input[type=range]")!;
        for (const value of values) {
          input.valueAsNumber = value;
          input.dispatchEvent(new Event("input", { bubbles: true }));
          await new Promise((resolve) => setTimeout(resolve, 7));
        }
      }, values);
    },
  };
}

export async function open(page: Page, id: string): Promise<void> {
  // A cell in view gets its editor by itself.
  await page.locator(`#cell-${id} .cm-content`).click();
}
