import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serving } from "../support/serving.ts";
import { Visitor } from "../support/visitor.ts";

const fence = "```";
const plain = `# A\n\n${fence}ts {#one}\nlet a = 1;\nlet b;\n${fence}\n\nMore.\n`;

const kinds = {
  plain,
  "lines that end as on Windows": plain.replaceAll("\n", "\r\n"),
  "lines that end now so, now so": plain.replace("\n\n", "\r\n\n").replace("More.\n", "More.\r\n"),
  "no end of its last line": plain.slice(0, -1),
  "a cell last, whose fence ends the file": plain.replace("\n\nMore.\n", ""),
  "a byte order mark": `\uFEFF${plain}`,
  "front matter with keys that nobody knows": `---\ntitle: "A: b"\n# a comment\njupytext: {a: [1, 2]}\nnested:\n  - deep: 'x'\n\nlast: |\n  text\n---\n\n\n${plain}`,
  "attributes that nobody knows": plain.replace("{#one}", "{  #one run=live   x='y z' .w }"),
  "longer fences, and other code": plain
    .replaceAll(fence, "`````")
    .replace("More.", `~~~py\n${fence}ts {#not}\n~~~\n\n    indented`),
  "blank lines and spaces at ends": plain.replace("\n\nMore.\n", "\n\n\n\n   \nMore.  \n\n\n"),
  "texts beyond one plane": plain.replace("More.", "𝔐𝔬𝔯𝔢 e\u0301 \u2028 \u0085 👩‍🔬"),
};

test.for(Object.entries(kinds))(
  "a file with %s keeps every byte but those that were typed",
  async ([, text]) => {
    const { root, ...served } = await serving({ files: { "a.md": text } });
    const file = join(root, "a.md");
    const visitor = await Visitor.connect(served, "a.md");
    const { epoch, revision, content } = await visitor.next("document");
    const { source } = content.cells.find(({ id }) => id === "one")!;
    const at = source.indexOf(";");
    visitor.send({
      type: "edit",
      base: { epoch, revision },
      edits: [
        {
          id: "1",
          label: "typing",
          operations: [
            { type: "text", cell: "one", changes: [at, [0, " + 2"], source.length - at] },
          ],
        },
      ],
    });
    visitor.send({ type: "save" });
    const wanted = text.replace("let a = 1;", "let a = 1 + 2;");
    await expect.poll(() => readFileSync(file).equals(Buffer.from(wanted))).toBe(true);
    const cell = content.cells[0]!;
    const id = crypto.randomUUID();
    // What is inserted and taken away again leaves nothing.
    visitor.send({
      type: "edit",
      base: { epoch, revision: revision + 1 },
      edits: [
        {
          id,
          label: "insert",
          operations: [
            {
              type: "insert",
              after: cell.id,
              cell: { id: "new", kind: "browser", source: "x", attributes: {} },
            },
            { type: "delete", cell: "new" },
            {
              type: "text",
              cell: "one",
              changes: [at, [4], source.length - at],
            },
          ],
        },
      ],
    });
    visitor.send({ type: "save" });
    await expect.poll(() => readFileSync(file).equals(Buffer.from(text))).toBe(true);
  },
);
