import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium } from "playwright";

const systemPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Path of the system's Chromium, else of Playwright's own; undefined when there is neither. */
export function chromiumPath(): string | undefined {
  const paths = [process.env["CHROMIUM"], ...systemPaths, chromium.executablePath()];
  return paths.find((path) => path !== undefined && path !== "" && existsSync(path));
}

/** Starts a headless Chromium that asks nothing of the network. */
export async function openChromium(): Promise<Browser> {
  return chromium.launch(chromiumOptions());
}

/** Starts one that keeps what it keeps in a folder, as a person's does. */
export function openChromiumIn(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, chromiumOptions());
}

function chromiumOptions() {
  const executablePath = chromiumPath();
  if (!executablePath) {
    throw new Error(
      "Cannot run the browser tests: no Chromium found; install one (Debian: apt install chromium; elsewhere: npx playwright install chromium) or name it in CHROMIUM",
    );
  }
  return {
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--force-color-profile=srgb",
    ],
  };
}
