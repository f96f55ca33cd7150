import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { openToWrite } from "../support/opened-workbook.ts";
import { shoot } from "../support/shoot.ts";

/** The first answer of a workbook waits until TypeScript has read what there is. */
const timeout = 30_000;

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const fence = "```";
const text = `# Types across cells

${fence}ts {#made kernel}
/** What a run **learned**. */
const run = {loss: [0.5, 0.25], seconds: 3};
${fence}

${fence}ts {#shown}
const shown = run.loss.length
${fence}

${fence}ts {#width}
const bound = view(Inputs.range([0, 10], {label: "bound", value: 3}));
${fence}

${fence}ts {#below kernel}
const below = bound.toFixed(2);
${fence}
`;

/** The workbook shown to be written. */
const writing = (source = text) => openToWrite(browser, source);

const editorOf = (page: Page, cell: string) => page.locator(`#cell-${cell} .cm-content`);

/** Puts the cursor behind the text of a cell. */
async function atEnd(page: Page, cell: string): Promise<void> {
  await editorOf(page, cell).click();
  await page.keyboard.press("Control+End");
}

const options = (page: Page) => page.locator(".cm-tooltip-autocomplete li");

test("a page cell completes the members of a kernel cell's value, and a kernel cell those of the page's", async () => {
  const { page, pageErrors } = await writing();
  await atEnd(page, "shown");
  await page.keyboard.type(";\nrun.");
  await expect.poll(() => options(page).allInnerTexts(), { timeout }).toHaveLength(2);
  expect((await options(page).allInnerTexts()).join(" ")).toMatch(/loss.*seconds/s);
  await shoot(page, "completion");
  await page.keyboard.type("sec");
  await expect.poll(() => options(page).count(), { timeout }).toBe(1);
  await page.keyboard.press("Tab");
  await expect.poll(() => editorOf(page, "shown").innerText()).toContain("run.seconds");

  await atEnd(page, "below");
  await page.keyboard.type("\nbound.toEx");
  await expect.poll(() => options(page).allInnerTexts(), { timeout }).toHaveLength(1);
  expect(await options(page).first().innerText()).toContain("toExponential");
  expect(pageErrors).toEqual([]);
});

test("a name tells its type and its docstring, below the pointer and at the cursor", async () => {
  const { page } = await writing();
  await atEnd(page, "shown");
  await editorOf(page, "shown").getByText("run", { exact: false }).first().waitFor();
  const box = (await page.locator("#cell-shown .cm-line").first().boundingBox())!;
  // "const shown = r": the 15th character.
  const width = await page.evaluate(() => {
    const line = document.querySelector("#cell-shown .cm-line")!;
    const range = document.createRange();
    range.selectNodeContents(line);
    return range.getBoundingClientRect().width / line.textContent!.length;
  });
  await page.mouse.move(box.x + 16 + 14.5 * width, box.y + box.height / 2, { steps: 3 });
  const docs = page.locator(".cm-tooltip-hover .docs");
  await docs.waitFor({ timeout });
  expect(await docs.innerText()).toMatch(/loss: number\[\]/);
  expect(await docs.locator("strong").innerText()).toBe("learned");
  expect(await docs.innerText()).toContain("made");
  await shoot(page, "hover");
  await page.mouse.move(0, 0);
  await docs.waitFor({ state: "detached" });

  await page.keyboard.press("Home");
  for (let i = 0; i < 15; i++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+Tab");
  await page.locator(".cm-tooltip.docs").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".cm-tooltip.docs").waitFor({ state: "detached" });
  expect(await page.locator("#cell-shown .cm-focused").count()).toBe(1);
});

test("what is wrong is underlined at its place and told in words, until it is right", async () => {
  const { page } = await writing();
  await atEnd(page, "below");
  await page.keyboard.type("\nconst wrong: string = bound;");
  const problem = page.locator("#cell-below .problem-line");
  await problem.waitFor({ timeout });
  expect(await problem.innerText()).toMatch(
    /Line 2: Type 'number' is not assignable to type 'string'/,
  );
  await expect
    .poll(() => page.locator("#cell-below .cm-lintRange-error").allInnerTexts())
    .toEqual(["wrong"]);
  await shoot(page, "problem");
  await problem.click();
  for (let i = 0; i < "wrong: string".length; i++) await page.keyboard.press("Delete");
  await page.keyboard.type("right");
  await problem.waitFor({ state: "detached", timeout });
  expect(await editorOf(page, "below").innerText()).toContain("const right = bound;");
});

test("problems of all cells are listed and counted, and F8 goes from one to the next", async () => {
  const prose = Array.from({ length: 90 }, (_, i) => `Line ${i}.\n`).join("\n");
  const { page } = await writing(`${text}
${prose}
${fence}ts {#far kernel}
// Far below, without an editor.
const far: string = below.length;
${fence}

${fence}ts {#last}
nope + far
${fence}
`);
  expect(await page.locator("#cell-far .cm-editor").count()).toBe(0);
  const tab = page.locator("[data-panel=problems]");
  await expect.poll(() => tab.textContent(), { timeout }).toBe("Problems 2");
  await tab.click();
  const rows = page.locator(".problem-list .problem-place");
  expect(await rows.allInnerTexts()).toEqual(["far, line 2 · error", "last, line 1 · error"]);
  await shoot(page, "problems");
  await page.locator(".problem-list button").last().click();
  await page.locator("#cell-last .cm-focused").waitFor();
  await page.keyboard.press("Shift+F8");
  await page.locator("#cell-far .cm-focused").waitFor();
  await page.keyboard.press("F8");
  await page.locator("#cell-last .cm-focused").waitFor();
  expect(await page.locator(".said").innerText()).toMatch(/^2 of 2.*: Cannot find name 'nope'/);
  await page.keyboard.type("const ");
  await expect.poll(() => tab.textContent(), { timeout }).toMatch(/^Problems \d+$/);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("far");
  await expect.poll(() => tab.textContent(), { timeout }).toBe("Problems 1");
});

test("a name is renamed in all cells as one edit, and one undo takes it back", async () => {
  const { page } = await writing();
  await atEnd(page, "shown");
  await page.keyboard.press("Home");
  for (let i = 0; i < 15; i++) await page.keyboard.press("ArrowRight");
  // The first answer keeps the person waiting: that is said, and Escape, or typing, ends it.
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/api/language", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  const dialog = page.getByRole("dialog");
  const wait = page.locator(".waiting");
  for (const key of ["Escape", "ArrowRight"]) {
    await page.keyboard.press("F2");
    await expect.poll(() => wait.innerText()).toMatch(/^Types are being prepared/);
    await page.keyboard.press(key);
    await wait.waitFor({ state: "detached" });
    expect(await page.locator("#cell-shown .cm-focused").count()).toBe(1);
  }
  await page.keyboard.press("F2");
  await wait.waitFor();
  await shoot(page, "waiting");
  expect(await dialog.count()).toBe(0);
  answer();
  await dialog.waitFor({ timeout });
  expect(await wait.count()).toBe(0);
  await shoot(page, "rename");
  await page.keyboard.type("trained");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  const text = (cell: string) => page.locator(`#cell-${cell} :is(.cm-content, .code)`).last();
  await expect.poll(() => text("made").innerText()).toContain("const trained = {");
  expect(await text("shown").innerText()).toContain("trained.loss.length");
  await page.keyboard.press("Control+z");
  await expect.poll(() => text("made").innerText()).toContain("const run = {");
  expect(await text("shown").innerText()).toContain("run.loss.length");
});

test("F12 and a press with Ctrl go to the cell that declares a name", async () => {
  const { page } = await writing();
  await atEnd(page, "shown");
  await page.keyboard.press("Home");
  for (let i = 0; i < 15; i++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F12");
  await page.locator("#cell-made .cm-focused").waitFor({ timeout });
  await page.keyboard.type("my_");
  await expect.poll(() => editorOf(page, "made").innerText()).toContain("const my_run = {");
});

test("arguments are told while they are typed, and Escape closes that before it leaves the cell", async () => {
  const { page } = await writing();
  await atEnd(page, "below");
  await page.keyboard.type("\nbound.toString(");
  const help = page.locator(".signature");
  await help.waitFor({ timeout });
  expect(await help.locator("strong").innerText()).toContain("radix");
  await shoot(page, "signature");
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  expect(await page.locator("#cell-below .cm-focused").count()).toBe(1);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator("#cell-below .cm-focused").count()).toBe(0);
});
