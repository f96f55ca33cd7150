import { expect, test } from "vitest";
import { cell, type Desk, type WrittenWorkbook } from "./written-workbook.ts";

/** A workbook of three cells and some prose. */
export const text = [
  cell("one", "const one = 1;"),
  "Some prose.\n",
  cell("two", "const two = one + 1;", "kernel"),
  cell("three", "display(two)"),
].join("\n");

/** What a key does, and how that is seen. */
export interface Row {
  readonly keys: readonly string[];
  readonly does: string;
  /** The cell that is chosen, or written in; "two" when nothing is said. */
  readonly at?: string;
  sees(workbook: WrittenWorkbook, before: readonly string[]): Promise<void>;
}

/** There is one cell more. */
export const grows = async ({ order }: WrittenWorkbook, before: readonly string[]) =>
  expect.poll(async () => (await order()).length).toBe(before.length + 1);

/** "prose", "browser" or "kernel". */
export const kindOf = ({ page }: WrittenWorkbook, id: string) =>
  page.locator(`#cell-${id}`).getAttribute("data-kind");

/** This is on the page. */
export const shows =
  (selector: string): Row["sees"] =>
  async ({ page }) => {
    await page.waitForSelector(selector);
  };

/** The focus is there. */
export const focuses =
  (where: string): Row["sees"] =>
  async ({ focus }) =>
    expect.poll(focus).toBe(where);

/** Another cell than those before, at this place. */
export const newAt =
  (place: number, isWritten = true): Row["sees"] =>
  async (workbook, before) => {
    await grows(workbook, before);
    const made = (await workbook.order())[place]!;
    expect(before).not.toContain(made);
    await expect.poll(workbook.focus).toBe(isWritten ? `writes ${made}` : made);
  };

/** The cells have run: the last shows the value that reached it. */
export const runs: Row["sees"] = async ({ page }) => {
  await expect.poll(() => page.locator("#cell-three .output").textContent()).toBe("2");
  await expect.poll(() => page.locator(".banner[data-subject=trust]").count()).toBe(0);
};

/** A test for each row, on a desk's workbook in which the cell is chosen, or written in. */
export function testKeys(
  desk: Pick<Desk, "open">,
  rows: readonly Row[],
  begin: "choose" | "write",
): void {
  test.for(rows)("$keys $does", async ({ keys, at = "two", sees }) => {
    const workbook = await desk.open(text);
    await workbook[begin](at);
    const before = await workbook.order();
    for (const key of keys) await workbook.page.keyboard.press(key);
    await sees(workbook, before);
    expect(workbook.pageErrors).toEqual([]);
  });
}
