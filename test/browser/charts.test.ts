import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { openWorkbook, trust } from "../support/opened-workbook.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const fence = "```";
const text = `# Charts

${fence}ts {#data}
const steps = d3.range(24).map((i) => i * i * 50);
const place = steps.map((_, i) => [Math.cos(i / 8), Math.sin(i / 8), 0.1]);
const dot = (a, b) => a.reduce((sum, x, k) => sum + x * b[k], 0);
const data = Float64Array.from(place.flatMap((a, i) => place.map((b, j) =>
  i === 3 && j === 20 ? NaN : dot(a, b) / Math.hypot(...a) / Math.hypot(...b))));
const matrix = {shape: [24, 24], data, steps, metric: "similarity"};
const plane = {shape: [24, 2], data: Float64Array.from(place.flatMap(([x, y]) => [x, y])), values: [3, 1, 0], steps};
${fence}

${fence}ts {#map}
heatmap(matrix, {title: "Map", width: 360})
${fence}

${fence}ts {#path}
trajectory(matrix, {title: "Path", reference: [0, 23]})
${fence}

${fence}ts {#points}
embedding(plane, {title: "Points"})
${fence}

${fence}ts {#values}
spectrum([0.5, -0.25, 0.125, 0.03], {title: "Values"})
${fence}
`;

async function opened(content: string, dark = false): Promise<Page> {
  const workbook = await openWorkbook(browser, content);
  onTestFinished(() => workbook.close());
  const { page } = workbook;
  if (dark) await page.emulateMedia({ colorScheme: "dark" });
  await trust(page);
  return page;
}

async function choose(page: Page, cell: string, action: string): Promise<void> {
  await page.locator(`#cell-${cell} .chart-actions summary`).click();
  await page.locator(`#cell-${cell} .chart-menu button`, { hasText: action }).click();
}

async function saved(page: Page, cell: string, action: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), choose(page, cell, action)]);
  return readFile(await download.path());
}

test("a pair looked at in the heatmap is marked in the trajectory and in the plane, and back", async () => {
  const page = await opened(text);
  await page.waitForSelector("#cell-values .spectrum-plane svg");
  await page.locator("#cell-map .heatmap-plane").focus();
  await page.keyboard.press("ArrowDown");
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  const readout = (cell: string) => page.locator(`#cell-${cell} .readout`).innerText();
  expect(await readout("map")).toMatch(/^step 50 × 1,250\s+similarity 0\.\d{5}$/);
  expect(await page.locator("#cell-path .cursor line").count()).toBe(2);
  expect(await page.locator("#cell-points .cursor .ring").count()).toBe(2);
  expect(await readout("points")).toMatch(/^step 50 .*step 1,250 /);

  await page.locator("#cell-points .embedding-plane").focus();
  await page.keyboard.press("End");
  expect(await readout("points")).toMatch(/^step 26,450\s/);
  expect(await readout("map")).toMatch(/^step 26,450 × 26,450\s+similarity 1.00000$/);
  expect(await page.locator("#cell-path .lines-place").innerText()).toBe("training step 26,450");
  await page.keyboard.press("Escape");
  expect(await readout("map")).toBe("");
});

test.for([false, true])(
  "what is saved as SVG and as PNG equals the screen (dark: %s)",
  async (dark) => {
    const page = await opened(text, dark);
    await page.waitForSelector("#cell-values .spectrum-plane svg");
    for (const cell of ["map", "path", "points", "values"]) {
      // A figure that lies between two pixels of the screen is drawn with other edges.
      await page.locator(`#cell-${cell} figure`).evaluate((chart) => {
        const { left, top } = chart.getBoundingClientRect();
        chart.style.marginBlockStart = `${Math.ceil(top + scrollY) - top - scrollY}px`;
        chart.style.marginInlineStart = `${Math.ceil(left) - left}px`;
      });
      const svg = (await saved(page, cell, "Save as SVG")).toString();
      expect(svg).not.toMatch(/var\(--|class=|data-picture/);
      const png = await saved(page, cell, "Save as PNG");
      await page.mouse.move(0, 0);
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      const figure = page.locator(`#cell-${cell} figure`);
      await figure.evaluate((chart) => chart.classList.add("no-menu"));
      await page.addStyleTag({ content: ".no-menu .chart-actions { visibility: hidden }" });
      const screen = await figure.screenshot();
      const difference = await page.evaluate(
        async ([screen, svg, png]) => {
          const image = async (address: string) => {
            const made = new Image();
            made.src = address;
            await made.decode();
            return made;
          };
          const seen = await image(`data:image/png;base64,${screen}`);
          const pixels = (of: HTMLImageElement, width: number, height: number) => {
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [seen.naturalWidth, seen.naturalHeight];
            const context = canvas.getContext("2d")!;
            context.drawImage(of, 0, 0, width, height);
            return context.getImageData(0, 0, canvas.width, canvas.height).data;
          };
          const vector = await image(`data:image/svg+xml;base64,${svg}`);
          const raster = await image(`data:image/png;base64,${png}`);
          const truth = pixels(seen, seen.naturalWidth, seen.naturalHeight);
          const sizes = [vector.naturalWidth, vector.naturalHeight] as const;
          return [vector, raster].map((one) => {
            const drawn = pixels(one, ...sizes);
            let wrong = 0;
            let inked = 0;
            const width = seen.naturalWidth;
            const far = (i: number, j: number) =>
              Math.max(...[0, 1, 2].map((k) => Math.abs(truth[4 * i + k]! - drawn[4 * j + k]!)));
            for (let i = 0; i < sizes[1] * width; i++) {
              const isPaper = [0, 1, 2].every((k) => Math.abs(truth[4 * i + k]! - truth[k]!) < 24);
              if (isPaper) continue;
              inked++;
              if (far(i, i) > 48) wrong++;
            }
            return { wrong: wrong / inked, inked };
          });
        },
        [screen.toString("base64"), Buffer.from(svg).toString("base64"), png.toString("base64")],
      );
      const [vector, raster] = difference;
      expect(vector!.inked).toBeGreaterThan(1000);
      expect(vector!.wrong, cell).toBeLessThan(0.01);
      // Twice as many pixels, made fewer again: the edges are others.
      expect(raster!.wrong, cell).toBeLessThan(0.1);
    }
  },
);

test("the table and the CSV hold the numbers, the CSV with all digits", async () => {
  const page = await opened(text);
  await page.waitForSelector("#cell-values .spectrum-plane svg");
  const csv = (await saved(page, "map", "Save as CSV")).toString().trimEnd().split("\r\n");
  expect(csv).toHaveLength(25);
  expect(csv[0]!.split(",").slice(0, 4)).toEqual(["step", "0", "50", "200"]);
  const exact = await page.evaluate(() => {
    const a = [Math.cos(1 / 8), Math.sin(1 / 8), 0.1];
    const b = [1, 0, 0.1];
    const dot = a.reduce((sum, x, k) => sum + x * b[k]!, 0);
    return dot / Math.hypot(...b) / Math.hypot(...a);
  });
  expect(Number(csv[1]!.split(",")[2])).toBeCloseTo(exact, 15);
  expect(csv[4]!.split(",")[21]).toBe("");
  await choose(page, "values", "Show as table");
  const cells = await page.locator("#cell-values .chart-table tbody tr").allInnerTexts();
  expect(cells[1]).toMatch(/^2\s+−0.25000\s+0.94\d+$/);
  await choose(page, "values", "Hide table");
  expect(await page.locator("#cell-values .chart-table").count()).toBe(0);
});

test("a matrix of 4096 rows is drawn in blocks and read by its entries", async () => {
  const page = await opened(`# Large

${fence}ts {#go}
const go = view(Inputs.button("Draw"));
${fence}

${fence}ts {#large}
const large = new Float32Array(4096 * 4096);
for (let i = 0; i < large.length; i++) large[i] = (i % 4096) / 4096;
large[17 * 4096 + 4000] = 0.25;
${fence}

${fence}ts {#drawn}
go > 0 ? heatmap({shape: [4096, 4096], data: large}) : "not yet"
${fence}
`);
  await page.waitForSelector("#cell-go .output button");
  await page.waitForFunction(() =>
    document.querySelector("#cell-drawn")?.textContent?.includes("not yet"),
  );
  await page.locator("#cell-go .output button").click();
  await page.waitForSelector("#cell-drawn canvas");
  expect(await page.locator("#cell-drawn .legend-label").innerText()).toContain(
    "mean of 4 × 4 entries",
  );
  const colourAt = () =>
    page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(
        "#cell-drawn .heatmap-plane canvas",
      )!;
      return canvas.getContext("2d")!.getImageData(1000, 1023, 1, 1).data[3];
    });
  await expect.poll(colourAt).toBe(255);
  await page.locator("#cell-drawn .heatmap-plane").focus();
  expect(await page.locator("#cell-drawn canvas").first().getAttribute("width")).toBeTruthy();
  const plane = page.locator("#cell-drawn .heatmap-plane");
  await plane.press("Home");
  for (let i = 0; i < 17; i++) await plane.press("ArrowDown");
  await plane.press("End");
  for (let i = 0; i < 95; i++) await plane.press("ArrowLeft");
  expect(await page.locator("#cell-drawn .readout").innerText()).toMatch(
    /^17 × 4000\s+value 0.25000$/,
  );
});
