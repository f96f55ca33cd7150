import type { Browser } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { openChromium } from "./chromium.ts";
import { type Desk, openDesk } from "./written-workbook.ts";

/** A desk that stands while the tests of a file run, in a browser of its own. */
export function standingDesk(): Omit<Desk, "close"> {
  let browser: Browser;
  let desk: Desk;
  beforeAll(async () => {
    browser = await openChromium();
    desk = await openDesk(browser);
  });
  afterAll(async () => {
    await desk.close();
    await browser.close();
  });
  return {
    get server() {
      return desk.server;
    },
    get folder() {
      return desk.folder;
    },
    get context() {
      return desk.context;
    },
    open: (text, isMac) => desk.open(text, isMac),
  };
}
