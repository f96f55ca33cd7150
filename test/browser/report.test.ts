import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { startSimile } from "../support/command-line.ts";
import { temporaryFolder } from "../support/folder.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const fence = "```";
const workbook = `---
title: A report
---

# A report with $\\sqrt{x}$

${fence}ts {#power}
const power = view(Inputs.range([1, 9], {label: "power", step: 1, value: 3}));
${fence}

${fence}ts {#values kernel}
const values = Float64Array.from({length: 5}, (_, i) => i ** power);
${fence}

${fence}ts {#place}
const place = view(Inputs.range([0, 4], {label: "place", step: 1, value: 2}));
${fence}

${fence}ts {#shown}
html\`<output id="shown">\${values[place]} \${d3.sum(values)} \${"</script><!-- "}</output>\`
${fence}

${fence}ts {#map}
heatmap({shape: [1, 5], data: values})
${fence}
`;

test("a published report opens from file:// without the network, asks for nothing, and what needs no kernel is alive", async () => {
  const folder = await temporaryFolder();
  const [file, report] = [join(folder, "book.md"), join(folder, "report.html")];
  await writeFile(file, workbook);
  const { status, errors: stderr } = await startSimile(["publish", file, "-o", report]);
  expect(stderr).not.toContain("Error");
  expect(status).toBe(0);
  // 1.5 MB plus data, which is nothing here.
  expect((await stat(report)).size).toBeLessThan(1_500_000);

  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  const url = pathToFileURL(report).href;
  await page.goto(url);

  await expect.poll(() => page.locator("#shown").innerText()).toBe("8 100 </script><!--");
  expect(await page.locator("#cell-map .heatmap-plane canvas").count()).toBe(1);
  expect(await page.locator("h1 .katex").count()).toBe(1);
  await page.locator("#cell-place input[type=number]").fill("4");
  await expect.poll(() => page.locator("#shown").innerText()).toContain("64 100");

  expect(await page.locator("#cell-power input[type=range]").isDisabled()).toBe(true);
  expect(await page.locator("#cell-power").innerText()).toContain("Needs the kernel");
  expect(requests.filter((request) => !request.startsWith("data:"))).toEqual([url]);

  // Its address says how the inputs are, and another reader's page is as it says.
  await expect.poll(() => page.url()).toBe(`${url}#place.place=4`);
  const reader = await context.newPage();
  await reader.goto(`${url}#place.place=3&power.power=5`);
  await expect.poll(() => reader.locator("#shown").innerText()).toContain("27 100");
  expect(await reader.locator(".report-note").innerText()).toBe(
    "Not used of the address: power.power=5 (it needs the kernel, which a report has not)",
  );
  expect(errors).toEqual([]);
  await context.close();
});

test("a cell that fails stops publishing and nothing is written, unless --partial shows its error", async () => {
  const folder = await temporaryFolder();
  const [file, report] = [join(folder, "book.md"), join(folder, "report.html")];
  await writeFile(file, `${fence}ts {#bad kernel}\nconst bad = [].first.name;\n${fence}\n`);
  const refused = await startSimile(["publish", file, "-o", report]);
  expect(refused.status).toBe(1);
  expect(refused.errors).toContain("bad: TypeError");
  expect(refused.errors).toContain("1 of its cells failed");
  await expect(readFile(report)).rejects.toThrow("ENOENT");

  const partial = await startSimile(["publish", file, "-o", report, "--partial"]);
  expect(partial.status).toBe(0);
  const page = await browser.newPage();
  await page.goto(pathToFileURL(report).href);
  await expect.poll(() => page.locator("#cell-bad").innerText()).toContain("TypeError");
  await page.close();
});

test("a kernel that dies while publishing is named with its cell", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "book.md");
  await writeFile(file, `${fence}ts {#last kernel}\nconst last = process.exit(3);\n${fence}\n`);
  const { status, errors: stderr } = await startSimile([
    "publish",
    file,
    "-o",
    join(folder, "r.html"),
  ]);
  expect(status).toBe(1);
  expect(stderr).toContain("while the cell last ran");
});

test.for([
  { args: ["publish"], fault: "expected WORKBOOK, found none" },
  { args: ["publish", "book.md"], fault: "expected -o FILE" },
  { args: ["publish", "book.md", "--out"], fault: "--out" },
])("simile $args says: $fault", async ({ args, fault }) => {
  const { status, errors: stderr } = await startSimile(args);
  expect(status).toBe(2);
  expect(stderr).toContain(fault);
});

test("a folder that is not there is named before anything runs", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "book.md");
  await writeFile(file, `${fence}ts {#last kernel}\nconst last = console.log("ran");\n${fence}\n`);
  const out = join(folder, "none", "r.html");
  const { status, errors } = await startSimile(["publish", file, "-o", out]);
  expect(status).toBe(1);
  expect(errors.trim()).toBe(`Cannot write ${out}: there is no folder ${join(folder, "none")}`);
});

test("a workbook that is not there is named", async () => {
  const { status, errors: stderr } = await startSimile(["publish", "no/such.md", "-o", "r.html"]);
  expect(status).toBe(1);
  expect(stderr).toContain("Cannot publish no/such.md");
});
