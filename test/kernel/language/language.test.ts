import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Language } from "../../../kernel/language/language.ts";

const language = new Language(join(import.meta.dirname, "nowhere"));
await language.executed(
  "const point = { x: 1, label: 'a' as const }; function twice(n: number) { return 2 * n }",
);
await language.executed("/** The norm. */ const norm = (p: typeof point) => Math.hypot(p.x)");

async function complete(marked: string): Promise<readonly string[]> {
  const offset = marked.indexOf("|");
  const { matches } = await language.complete(marked.replace("|", ""), offset);
  return matches.map(({ text }) => text);
}

describe("completion", () => {
  test("knows members of values of earlier executions", async () => {
    expect(await complete("point.|")).toEqual(["label", "x"]);
    expect(await complete("point.la|")).toEqual(["label"]);
    expect(await complete("point.label.toUp|")).toEqual(["toUpperCase"]);
  });

  test("knows names of earlier executions, of the kernel and of the code itself", async () => {
    expect(await complete("tw|")).toEqual(["twice"]);
    expect(await complete("disp|")).toContain("display");
    expect(await complete("comm.|")).toEqual(["open", "register"]);
    expect(await complete("comm.open('a').on|")).toEqual(["onClose", "onMessage"]);
    expect(await complete("const inner = 1; inn|")).toContain("inner");
  });

  test("takes letters as they are, or in either case when nothing else fits", async () => {
    expect(await complete("Math.sqr|")).toEqual(["sqrt"]);
    expect(await complete("Math.Sqr|")).toEqual(["sqrt", "SQRT1_2", "SQRT2"].toSorted());
  });

  test("says which part of the code it replaces", async () => {
    const { start, end } = await language.complete("1 + poin", 8);
    expect([start, end]).toEqual([4, 8]);
  });

  test("takes the newest declaration of a name", async () => {
    await language.executed("const renamed = 1");
    await language.executed("const renamed = 'text'");
    expect(await complete("renamed.toUpperC|")).toEqual(["toUpperCase"]);
    expect(await complete("const renamed = [1]; renamed.conc|")).toEqual(["concat"]);
  });

  test("has nothing to say inside of nonsense, and code that makes none is not remembered", async () => {
    await language.executed("const = 1");
    expect(await complete("point.zzz|")).toEqual([]);
  });
});

describe("inspection", () => {
  test("shows a declaration and its docstring", async () => {
    const told = await language.inspect("norm", 2);
    expect(told).toContain("const norm: (p: typeof point) => number");
    expect(told).toContain("The norm.");
    expect(await language.inspect("twice(3)", 5)).toBe("twice(n: number): number");
    expect(await language.inspect("input", 5)).toContain(
      "Asks the person and waits for the answer.",
    );
  });

  test("knows nothing of what is nothing", async () => {
    expect(await language.inspect("1 + 1", 2)).toBeUndefined();
  });
});
