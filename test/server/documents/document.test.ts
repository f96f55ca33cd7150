import { describe, expect, test } from "vitest";
import {
  compareDocuments,
  type Document,
  readDocument as readFile,
} from "../../../server/documents/document.ts";

const readDocument = (text: string, previous?: Document): Promise<Document> =>
  readFile({ path: "a.md", text }, previous);

const text = `---
title: Two processes
---

# A slider

\`\`\`ts {#slider}
const n = view(Inputs.range([0, 9]));
\`\`\`

\`\`\`ts {#square kernel run=demand}
const square: number = n ** 2;
\`\`\`

\`\`\`ts {#deep kernel}
const deeper = square + 1, hidden = 2;
\`\`\`

\`\`\`ts {#shown}
Plot.plot({ marks: [Plot.dot([deeper])] })
\`\`\`
`;

async function edited(edit: (text: string) => string, from = text) {
  const before = await readDocument(from);
  const after = await readDocument(edit(from), before);
  return { before, after, ...compareDocuments(before, after) };
}

function cell(document: Document, id: string) {
  const found = document.cells.get(id);
  if (!found) throw new Error(`There is no cell ${id}`);
  return found;
}

describe("a workbook as pages and kernel are told it", () => {
  test("title, and cells in page order", async () => {
    const { title, order } = await readDocument(text);
    expect(title).toBe("Two processes");
    expect(order.slice(1)).toEqual(["slider", "square", "deep", "shown"]);
  });

  test("prose is rendered, code is highlighted and escaped", async () => {
    const document = await readDocument(text);
    expect(cell(document, document.order[0]!)).toMatchObject({
      kind: "prose",
      html: "<h1>A slider</h1>\n",
      line: expect.any(Number),
    });
    expect(cell(document, "square").html).toContain('<span class="tok-keyword">const</span>');
    const hostile = await readDocument("```ts {#a}\n`<img src=x onerror=alert(1)>`\n```\n");
    expect(cell(hostile, "a").html).not.toContain("<img");
  });

  test("a browser cell has its body, inputs and outputs", async () => {
    const document = await readDocument(text);
    expect(cell(document, "slider")).toMatchObject({
      kind: "browser",
      expression: false,
      inputs: ["view", "Inputs"],
      outputs: ["n"],
      body: expect.stringContaining("const n = view(Inputs.range([0, 9]));"),
    });
    expect(cell(document, "shown")).toMatchObject({ expression: true, inputs: ["Plot", "deeper"] });
  });

  test("a kernel cell depends on the page through other kernel cells, and gives what a browser cell names", async () => {
    const document = await readDocument(text);
    expect(cell(document, "deep")).toMatchObject({
      kind: "kernel",
      browserInputs: ["n"],
      outputs: ["deeper", "hidden"],
      wanted: ["deeper"],
      line: 16,
    });
    expect(cell(document, "square")).toMatchObject({ run: "demand", wanted: [] });
    expect(cell(document, "square")).not.toHaveProperty("body");
  });

  test("the kernel gets blanked types, and no builtin as an input", async () => {
    const { kernelCells } = await readDocument(
      "```ts {#k kernel}\nconst x: number = await f(y, { signal });\n```\n\n```ts {#y}\nconst y = 1;\n```\n",
    );
    expect(kernelCells).toEqual([
      {
        id: "k",
        version: expect.any(String),
        code: "const x         = await f(y, { signal });",
        expression: false,
        inputs: ["y"],
        outputs: ["x"],
        wanted: [],
        run: "live",
      },
    ]);
  });

  test("a cell that is not valid is told with its error, and is not sent to the kernel", async () => {
    const document = await readDocument("```ts {#k kernel}\nconst x = ;\n```\n");
    expect(cell(document, "k")).toMatchObject({
      error: { name: "SyntaxError", at: { cell: "k", line: 1, column: 11 } },
    });
    expect(document.kernelCells).toEqual([]);
  });

  test("what is not as it should be in the file is told with its line", async () => {
    const { diagnostics } = await readDocument("text\n\n```ts {#a}\nnever closed\n");
    expect(diagnostics).toEqual([{ message: expect.stringMatching(/never closed/i), line: 3 }]);
  });
});

describe("an edit", () => {
  test("of nothing changes nothing", async () => {
    const { changed, removed, kernelChanged } = await edited((same) => same);
    expect({ changed, removed, kernelChanged }).toEqual({
      changed: [],
      removed: [],
      kernelChanged: false,
    });
  });

  test("of one cell changes that cell", async () => {
    const { changed, before, kernelChanged } = await edited((was) =>
      was.replace("Plot.dot", "Plot.line"),
    );
    expect(changed.map(({ id }) => id)).toEqual(["shown"]);
    expect(changed[0]?.version).not.toBe(before.cells.get("shown")?.version);
    expect(kernelChanged).toBe(false);
  });

  test("of a comment changes the source and not the version", async () => {
    const { changed, before } = await edited((was) =>
      was.replace("Plot.plot(", "/* x */ Plot.plot("),
    );
    expect(changed.map(({ id, version }) => [id, version])).toEqual([
      ["shown", before.cells.get("shown")?.version],
    ]);
    expect(changed[0]?.source).toContain("/* x */");
  });

  test("above a cell moves its line, which is nothing to tell of it", async () => {
    const { changed, after } = await edited((was) =>
      was.replace("# A slider", "# A slider\n\nmore"),
    );
    expect(changed).toHaveLength(1);
    expect([...after.cells.values()].map(({ line }) => line).slice(1)).toEqual([10, 14, 18, 22]);
  });

  test("that names another kernel value tells the kernel, and reruns nothing of it", async () => {
    const { before, after, kernelChanged } = await edited((was) =>
      was.replace("[deeper]", "[hidden]"),
    );
    expect(kernelChanged).toBe(true);
    expect(cell(after, "deep")).toMatchObject({ wanted: ["hidden"] });
    expect(cell(after, "deep").version).toBe(cell(before, "deep").version);
  });

  test("that removes a cell names it", async () => {
    const { removed, after } = await edited((was) => was.replace(/```ts \{#shown\}[^`]*```\n/, ""));
    expect(removed).toEqual(["shown"]);
    expect(after.order).not.toContain("shown");
  });

  test("that makes a cell invalid keeps what others take from it out of reach, by name", async () => {
    const { after } = await edited((was) => was.replace("n ** 2", "n **"));
    expect(cell(after, "square")).toMatchObject({ error: { name: "SyntaxError" } });
    expect(cell(after, "deep")).toMatchObject({ error: { blockedBy: "square" } });
    expect(after.kernelCells).toEqual([]);
  });
});
