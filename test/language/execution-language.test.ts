import { describe, expect, test } from "vitest";
import { ExecutionLanguage } from "../../src/language/index.ts";

const language = new ExecutionLanguage(import.meta.dirname);
language.executed(
  "const point = { x: 1, label: 'a' as const }; function twice(n: number) { return 2 * n }",
);
language.executed("/** The norm. */ const norm = (p: typeof point) => Math.hypot(p.x)");

async function complete(marked: string): Promise<readonly string[]> {
  const offset = marked.indexOf("|");
  const { matches } = language.complete(marked.replace("|", ""), offset);
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
    const { start, end } = language.complete("1 + poin", 8);
    expect([start, end]).toEqual([4, 8]);
  });

  test("takes the newest declaration of a name", async () => {
    language.executed("const renamed = 1");
    language.executed("const renamed = 'text'");
    expect(await complete("renamed.toUpperC|")).toEqual(["toUpperCase"]);
    expect(await complete("const renamed = [1]; renamed.conc|")).toEqual(["concat"]);
  });

  test("has nothing to say inside of nonsense, and code that makes none is not remembered", async () => {
    language.executed("const = 1");
    expect(await complete("point.zzz|")).toEqual([]);
  });
});

describe("what types say of executions", () => {
  test("types, interfaces, imports and docstrings of earlier ones", async () => {
    language.executed("interface Run { rows: {loss: number}[] }\ntype Runs = Run[]");
    expect(await complete("const r: Runs = []; r[0].rows[0].l|")).toEqual(["loss"]);
    expect(await complete("let r: Ru|")).toEqual(expect.arrayContaining(["Run", "Runs"]));
    language.executed(
      "import { readFile as read } from 'node:fs/promises'; const text = read('a', 'utf8')",
    );
    expect(await complete("(await text).toUpperC|")).toEqual(["toUpperCase"]);
    expect(await complete("rea|")).toContain("read");
    language.executed("interface Run { steps: number }");
    expect(await complete("let r: Run; r.|")).toEqual(["steps"]);
  });

  test("Node's own, wherever the person works", async () => {
    expect(await complete("setTimeou|")).toEqual(["setTimeout"]);
    expect(await complete("setTimeout(() => {}, 1).unr|")).toEqual(["unref"]);
    expect(await complete("process.ver|")).toEqual(["version", "versions"]);
    expect(await complete("documen|")).toEqual([]);
  });

  test("a promise stays one from execution to execution", async () => {
    language.executed("const waiting = fetch('x')");
    expect(await complete("waiting.th|")).toEqual(["then"]);
  });

  test("of simile, with its docstrings", async () => {
    language.executed("import { openSeries } from 'simile'");
    expect(await complete("(await openSeries('a')).len|")).toEqual(["length"]);
    expect(language.inspect("openSeries", 3)).toMatch(/function openSeries\([\s\S]*checkpoints/);
  });
});

describe("names that are not imported", () => {
  const offered = (marked: string) => {
    const offset = marked.indexOf("|");
    return language.complete(marked.replace("|", ""), offset);
  };
  language.offerLibrary();

  test("come with their import where a statement begins", () => {
    expect(offered("1;\nsimilarityMa|")).toMatchObject({
      start: 3,
      end: 15,
      matches: [{ text: 'import { similarityMatrix } from "simile";\nsimilarityMatrix' }],
    });
  });

  test("elsewhere the whole code is replaced, when nothing else fits", () => {
    expect(offered("const m = await similarityMa|")).toMatchObject({
      start: 0,
      matches: [
        { text: 'import { similarityMatrix } from "simile";\nconst m = await similarityMatrix' },
      ],
    });
    const inner = offered("function f() {\n  similarityMatr|");
    expect(inner.matches.map(({ text }) => text)).toEqual([
      'import { similarityMatrix } from "simile";\nfunction f() {\n  similarityMatrix',
    ]);
    expect(offered("const similarityMap = 1; [similarityMa|")).toMatchObject({
      matches: [{ text: "similarityMap" }],
    });
  });

  test("are not offered twice, nor as members", async () => {
    expect(await complete("import {similarityMatrix} from 'simile';\nsimilarityMatr|")).toEqual([
      "similarityMatrix",
    ]);
    expect(await complete("point.similarityMa|")).toEqual([]);
  });
});

describe("the way to a live value", () => {
  const live = (marked: string) =>
    language.complete(marked.replace("|", ""), marked.indexOf("|")).live;
  language.executed("const loaded = JSON.parse('{}'); const known = { any: loaded, one: 1 }");

  test("is told where types say nothing", () => {
    expect(live("loaded.|")).toEqual(["loaded"]);
    expect(live("1 + loaded.rows[0]['two words'].st|")).toEqual([
      "loaded",
      "rows",
      "0",
      "two words",
    ]);
    expect(live("known.any?.a.|")).toEqual(["known", "any", "a"]);
    expect(live("nowhere.|")).toEqual(["nowhere"]);
    expect(live("nowhe|")).toEqual([]);
  });

  test("and nowhere else", () => {
    expect(live("known.|")).toBeUndefined();
    expect(live("known.one.toFix|")).toBeUndefined();
    expect(live("f().a.|")).toBeUndefined();
    expect(live("loaded[i].|")).toBeUndefined();
    expect(live("poi|")).toBeUndefined();
  });

  test("is not asked in a comment, whether or not it ends", () => {
    expect(live("/*other.|")).toBeUndefined();
    expect(live("// loaded.|")).toBeUndefined();
  });
});

describe("inspection", () => {
  test("shows a declaration and its docstring", async () => {
    const told = language.inspect("norm", 2);
    expect(told).toContain("const norm: (p: {");
    expect(told).toContain("The norm.");
    expect(language.inspect("twice(3)", 5)).toBe("twice(n: number): number");
    expect(language.inspect("input", 5)).toContain("Asks the person and waits for the answer.");
  });

  test("knows nothing of what is nothing", async () => {
    expect(language.inspect("1 + 1", 2)).toBeUndefined();
  });
});
