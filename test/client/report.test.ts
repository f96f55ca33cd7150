// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { frozenInputs } from "../../src/client/frozen-inputs.ts";
import { lazyLibraries } from "../../src/client/lazy-libraries.ts";
import { readReport, reportPage } from "../../src/client/report-page.ts";
import {
  type CellDefinition,
  encode,
  type ReportValues,
  reportHtml,
} from "../../src/protocol/index.ts";
import { expression, kernelCell, passes, program } from "../support/workbook-graph.ts";

const cells: readonly CellDefinition[] = [
  program(
    "controls",
    `const n = view(Inputs.range([0, 10], {step: 1, value: 3}));
     const bins = view(Inputs.range([0, 10], {step: 1, value: 4}));`,
    ["Inputs", "view"],
    ["n", "bins"],
  ),
  program("derived", "const twice = 2 * n", ["n"], ["twice"]),
  kernelCell("work", ["twice"], ["matrix"]),
  expression("shown", 'matrix[0] + " in " + bins', ["matrix", "bins"]),
  expression("tag", '"</script><!-- a < b -->"', []),
];

function report(values: ReportValues): string {
  return reportHtml({
    document: {
      title: "A < B",
      path: "a.md",
      order: cells.map(({ id }) => id),
      cells,
      values: btoa(String.fromCharCode(...encode(values))),
    },
    bodies: Object.fromEntries(
      cells.map((cell) => [cell.id, cell.kind === "browser" ? cell.body : ""]),
    ),
    styles: ["p { color: red }"],
    scripts: ["'the page'"],
  });
}

const values: ReportValues = {
  inputs: { n: 5, twice: 10 },
  results: { work: { ms: 12, values: { matrix: Float64Array.of(0.25) } } },
};

/** Opens the report's parts as the file would: its functions as written in it, no other code. */
async function open(html: string): Promise<HTMLElement> {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const [functions] = Array.from(
    parsed.querySelectorAll("script:not([type])"),
    (s) => s.textContent,
  );
  new Function(functions!)();
  const page = reportPage(readReport(parsed), lazyLibraries);
  document.body.replaceChildren(page);
  await passes(5);
  // Libraries come when they come.
  await vi.waitFor(() => expect(page.querySelector(".is-pending")).toBeNull());
  return page;
}

const output = (page: HTMLElement, cell: string) =>
  page.querySelector(`[data-cell=${cell}] .output`)!;

test("what a report shows is what was published: the kernel's values and the inputs of the time", async () => {
  const page = await open(report(values));
  expect(output(page, "shown").textContent).toBe('"0.25 in 4"');
  expect(page.querySelector<HTMLInputElement>("[data-cell=controls] input")?.value).toBe("5");
});

test("inputs that need the kernel are out of use and say why; the others are alive", async () => {
  const page = await open(report(values));
  const [n, , bins] = page.querySelectorAll<HTMLInputElement>("[data-cell=controls] input");
  const reason = "Needs the kernel: recomputes matrix. Open the workbook in Simile to change it";
  expect([n?.disabled, n?.title]).toEqual([true, reason]);
  expect(output(page, "controls").textContent).toContain(reason);
  expect([bins?.disabled, bins?.title]).toEqual([false, ""]);
  bins!.value = "8";
  bins!.dispatchEvent(new Event("input", { bubbles: true }));
  await passes(4);
  expect(output(page, "shown").textContent).toBe('"0.25 in 8"');
});

test("text that would end the script does not", async () => {
  const html = report(values);
  expect(html.match(/<\/script>/g)).toHaveLength(3);
  expect(output(await open(html), "tag").textContent).toBe('"</script><!-- a < b -->"');
});

test("nothing may be loaded, and the title is text", () => {
  const html = report(values);
  expect(html).toContain("default-src 'none'");
  expect(html).toContain("<title>A &lt; B</title>");
});

test("a kernel cell that failed, or was not computed, says so where it stands", async () => {
  const error = { name: "RangeError", message: "too large" };
  const failed = await open(report({ inputs: {}, results: { work: { ms: 1, error } } }));
  expect(failed.querySelector("[data-cell=work]")?.textContent).toContain("RangeError: too large");
  expect(failed.querySelector("[data-cell=shown]")?.textContent).toContain("Waits for matrix");
  const absent = await open(report({ inputs: {}, results: {} }));
  const sentence = "This cell was not computed when the report was published";
  expect(absent.querySelector("[data-cell=work]")?.textContent).toContain(sentence);
});

test("a name is frozen through whatever browser cells stand between", () => {
  expect(frozenInputs(cells)).toEqual(
    new Map([
      ["twice", ["matrix"]],
      ["n", ["matrix"]],
    ]),
  );
});
