import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";

/** Pictures of the page, light and dark, wide and narrow, into the folder that `SHOTS` names, if it does. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env["SHOTS"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 900]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) });
    }
  }
}
