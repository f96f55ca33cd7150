// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { CellDefinition } from "../../../src/protocol/index.ts";
import { cells, opened, result, workbook } from "../../support/open-page.ts";
import { expression, kernelCell, passes, program } from "../../support/workbook-graph.ts";

test("a failed cell tells its cause, its line and the way to it; what reads it waits in one line", async () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  const bad = program("bad", "const one = 1;\n  null.x;", [], ["a"]);
  says(workbook([bad, expression("below", "a", ["a"])]), { type: "kernel", state: "none" });
  await passes();
  expect(find("#cell-bad .failure p")?.textContent).toBe(
    "TypeError: Cannot read properties of null (reading 'x')",
  );
  expect(find("#cell-bad .excerpt pre")?.textContent).toBe("2   null.x;\n         ^");
  const place = find("#cell-bad .excerpt a");
  expect(place?.textContent).toBe("bad:2:8");
  place?.click();
  expect(find("#code-bad")?.hidden).toBe(false);
  expect(find("#code-bad .marked-line")?.getAttribute("style")).toBe("--line:1");
  expect(find("#cell-below")?.dataset["state"]).toBe("blocked");
  expect(find("#cell-below .quiet-line")?.textContent).toBe("Waits for a");
  expect(find("#cell-below .quiet-line a")?.getAttribute("href")).toBe("#cell-bad");
});

test("a cell edited so that it cannot run has failed, whatever its last run was told to be", async () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "ready" });
  await passes();
  says(result(1, 3), { type: "run", cell: "work", state: "stale" });
  const error = { name: "SyntaxError", message: "')' expected" };
  const broken: CellDefinition = { ...kernelCell("work", [], ["m"], "2"), error };
  says(workbook([broken], { cause: "disk", order: cells.map(({ id }) => id) }));
  await passes();
  expect(find("#cell-work")?.dataset["state"]).toBe("failed");
});
