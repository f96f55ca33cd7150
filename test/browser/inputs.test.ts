import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { openWorkbook, trust } from "../support/opened-workbook.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const fence = "```";
const text = `# Inputs

${fence}ts {#controls}
const steps = [0, 1, 10, 100, 1000, 10000];
const part = view(stepRange(steps));
const at = view(checkpointPicker(steps));
const slice = view(outputPicker(50));
const settings = view(similaritySettings());
${fence}

${fence}ts {#read kernel}
const read = JSON.stringify({part, at, slice, settings});
${fence}

${fence}ts {#shown}
html\`<output id="shown">\${read}</output>\`
${fence}
`;

test("the inputs of the field by mouse and keyboard, to the kernel and into the address", async () => {
  const workbook = await openWorkbook(browser, text);
  onTestFinished(() => workbook.close());
  const { page } = workbook;
  await trust(page);
  const shown = async () => JSON.parse(await page.locator("#shown").innerText()) as unknown;
  const settings = { symmetrise: true, precision: "float64" };
  await page.waitForSelector("#shown");
  expect(await shown()).toEqual({ part: [0, 10_000], at: 5, slice: null, settings });

  // Both handles lie on one line: each is taken hold of where it is seen.
  const track = (await page.locator(".field-track").boundingBox())!;
  const y = track.y + track.height / 2;
  const drag = async (from: number, to: number) => {
    await page.mouse.move(track.x + from, y);
    await page.mouse.down();
    await page.mouse.move(track.x + to, y, { steps: 4 });
    await page.mouse.up();
  };
  await drag(8, track.width * 0.27);
  await drag(track.width - 8, track.width * 0.74);
  await expect.poll(shown).toEqual({ part: [10, 1000], at: 5, slice: null, settings });

  await page.getByRole("slider", { name: "last step" }).focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("slider", { name: "Checkpoint" }).focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("combobox", { name: "Output" }).fill("7");
  await page.getByRole("radio", { name: "float32" }).check();
  const wanted = {
    part: [10, 100],
    at: 4,
    slice: 7,
    settings: { symmetrise: true, precision: "float32" },
  };
  await expect.poll(shown).toEqual(wanted);
  await expect
    .poll(() => decodeURIComponent(new URL(page.url()).hash))
    .toBe(
      '#controls.at=4&controls.part=[10,100]&controls.settings={"symmetrise":true,"precision":"float32"}&controls.slice=7',
    );
  await page.reload();
  await page.waitForSelector("#shown");
  await expect.poll(shown).toEqual(wanted);
  expect(workbook.pageErrors).toEqual([]);
});
