import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fromNotebook, toNotebook } from "../../../src/workbook/index.ts";
import { startSimile } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { titled } from "../../support/skipped.ts";

/** Debian's own Python has Debian's packages, whatever other Python comes first. */
const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import nbconvert"]).status === 0,
);

const shipped = fileURLToPath(new URL("../../../workbooks/", import.meta.url));

const workbook = `---
title: A workbook in Jupyter
---

Prose, and a control that no kernel can run.

\`\`\`ts {#controls}
const n = view(Inputs.range());
\`\`\`

\`\`\`ts {#a kernel}
const a: number = await Promise.resolve(41);
signal.throwIfAborted();
a + 1
\`\`\`

\`\`\`ts {#b kernel tags=last}
\`b \${a}\`
\`\`\`
`;

test.skipIf(!python)(
  titled(
    "nbconvert executes a converted workbook's kernel cells, and it converts back to the same bytes",
    python !== undefined,
    "nbconvert",
  ),
  async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "workbook.ipynb");
    writeFileSync(path, toNotebook(workbook));
    expect((await startSimile(["kernel", "install", "--prefix", folder])).status).toBe(0);
    const execute = ["-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", path];
    const { status, stderr } = spawnSync(python!, execute, {
      env: { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter") },
      encoding: "utf8",
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const executed = readFileSync(path, "utf8");
    const { cells } = JSON.parse(executed) as {
      cells: { outputs?: { data?: Record<string, string[]> }[] }[];
    };
    const shown = cells.flatMap(({ outputs = [] }) => outputs.map(({ data }) => data));
    expect(shown.map((data) => [data?.["text/plain"]].flat().join(""))).toEqual(["42", "'b 41'"]);
    const note = "The outputs of 2 cells are left out: a workbook's file holds none";
    expect(fromNotebook(executed)).toEqual({ text: workbook, notes: [note] });
  },
);

test.skipIf(!python)(
  titled(
    "nbconvert executes the workbooks we ship, with the inputs that a run of them had",
    python !== undefined,
    "nbconvert",
  ),
  async () => {
    const folder = await temporaryFolder();
    const names = readdirSync(shipped).filter((name) => name.endsWith(".md"));
    expect(names.length).toBeGreaterThan(2);
    symlinkSync(join(shipped, "data"), join(folder, "data"));
    for (const name of names) copyFileSync(join(shipped, name), join(folder, name));
    const own = [
      "```ts {#n}",
      "const n = view(Inputs.range([0, 9], {value: 4, step: 1}));",
      "```",
      "```ts {#a kernel}",
      "n * 2",
      "```",
    ];
    writeFileSync(join(folder, "own.md"), own.join("\n"));
    const notebooks = [...names, "own.md"].map((name) => name.replace(/md$/, "ipynb"));
    for (const name of notebooks) {
      const [from, to] = [join(folder, name.replace(/ipynb$/, "md")), join(folder, name)];
      expect(await startSimile(["convert", from, to, "--outputs"])).toMatchObject({ status: 0 });
    }
    expect((await startSimile(["kernel", "install", "--prefix", folder])).status).toBe(0);
    const execute = ["-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", ...notebooks];
    const { status, stderr } = spawnSync(python!, execute, {
      cwd: folder,
      env: { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter") },
      encoding: "utf8",
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, "own.ipynb"), "utf8")).toContain('"8"');
    for (const name of names) {
      const executed = readFileSync(join(folder, name.replace(/md$/, "ipynb")), "utf8");
      expect(fromNotebook(executed).text).toBe(readFileSync(join(shipped, name), "utf8"));
    }
  },
);
