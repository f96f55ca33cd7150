import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright";
import { onTestFinished } from "vitest";
import { type RunningServer, startServer } from "./simile-server.ts";

const fence = "```";

/** One code cell as a workbook's text has it. */
export function cell(id: string, source: string, attributes = ""): string {
  return `${fence}ts {#${id}${attributes && ` ${attributes}`}}\n${source}\n${fence}\n`;
}

/** What is asked of, and done with, a page on which a workbook is written. */
export interface Hands {
  readonly page: Page;
  /** Ids of the cells on the page, in order. */
  order(): Promise<readonly string[]>;
  /** Chooses a cell, as a press beside its text does. */
  choose(id: string): Promise<void>;
  /** Writes in a cell, with the cursor at the end. */
  write(id: string): Promise<void>;
  /** Source of a cell as it is written or read. */
  source(id: string): Promise<string>;
  /** Ids of the chosen cells. */
  chosen(): Promise<readonly string[]>;
  /** The cell that has the focus, and whether text is written there. */
  focus(): Promise<string>;
}

/** A workbook that is open to be written. */
export interface WrittenWorkbook extends Hands {
  /** Name of the file in the folder of the desk. */
  readonly name: string;
  /** Errors that the page's script did not catch. */
  readonly pageErrors: readonly string[];
  /** The workbook in another tab, to be written as well. */
  again(): Promise<Hands>;
}

/** A server on a folder of its own, where workbooks are opened one after the other. */
export interface Desk {
  readonly server: RunningServer;
  readonly folder: string;
  readonly context: BrowserContext;
  /** Writes a workbook to a file of its own and opens it to be written; its page ends with the test. */
  open(text: string, isMac?: boolean): Promise<WrittenWorkbook>;
  close(): Promise<void>;
}

export async function openDesk(browser: Browser): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "simile-desk-"));
  const server = await startServer(folder);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const first = await context.newPage();
  await first.goto(server.url);
  let count = 0;
  return {
    server,
    folder,
    context,
    open: async (text, isMac = false) => {
      const name = `book${++count}.md`;
      await writeFile(join(folder, name), text);
      const address = new URL(`/w/${name}`, server.url).href;
      const pageErrors: string[] = [];
      const show = async () => {
        const page = await context.newPage();
        onTestFinished(() => page.close());
        page.on("pageerror", (error) => pageErrors.push(error.message));
        await page.addInitScript(
          ([path, isMac]) => {
            localStorage.setItem(`writing ${path}`, "yes");
            if (isMac) Object.defineProperty(navigator, "platform", { value: "MacIntel" });
          },
          [name, isMac] as const,
        );
        await page.addInitScript(cuttableSockets);
        await page.goto(address);
        await page.waitForSelector(text === "" ? ".empty-workbook" : ".cell-handle");
        return page;
      };
      const page = await show();
      return { ...handsOn(page), name, pageErrors, again: async () => handsOn(await show()) };
    },
    close: async () => {
      await context.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function handsOn(page: Page): Hands {
  const ids = (selector: string) =>
    page
      .locator(selector)
      .evaluateAll((cells) => cells.map((one) => one.getAttribute("data-cell") ?? ""));
  return {
    page,
    order: () => ids("main > [data-cell]"),
    chosen: () => ids("main > .is-chosen"),
    choose: async (id) => {
      await page.evaluate((id) => {
        const place = document.querySelector<HTMLElement>(`#cell-${id}`)!;
        place.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, button: 0 }));
        place.focus();
      }, id);
    },
    write: async (id) => {
      await page.locator(`#cell-${id} .cm-content`).click();
      await page.waitForSelector(`#cell-${id} .cm-focused`);
      await page.keyboard.press("Control+End");
    },
    source: (id) =>
      page.locator(`#cell-${id}`).evaluate((place) => {
        const lines = [...place.querySelectorAll(".cm-line")];
        return lines.length > 0
          ? lines.map((line) => line.textContent).join("\n")
          : (place.querySelector(".code code, .prose-text")?.textContent ?? "");
      }),
    focus: () =>
      page.evaluate(() => {
        const at = document.activeElement;
        const id = at?.closest("[data-cell]")?.getAttribute("data-cell") ?? at?.tagName ?? "";
        return at?.closest(".cm-editor") ? `writes ${id}` : id;
      }),
  };
}

/** In a page: `cut(true)` breaks every connection and lets no other come about until `cut(false)`. */
function cuttableSockets(): void {
  const open = new Set<WebSocket>();
  let isCut = false;
  const Native = WebSocket;
  class Cuttable extends Native {
    constructor(address: string | URL) {
      super(address);
      open.add(this);
      if (isCut) this.close();
    }
  }
  const cut = (now: boolean) => {
    isCut = now;
    if (!isCut) return;
    for (const socket of open) socket.close();
    open.clear();
  };
  Object.assign(globalThis, { WebSocket: Cuttable, cut });
}
