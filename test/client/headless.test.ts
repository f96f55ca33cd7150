import { expect, test } from "vitest";
import { settle } from "../../src/client/headless.ts";
import { installDocument } from "../../src/client/headless-document.ts";
import type { CellDefinition, KernelRequest } from "../../src/protocol/index.ts";
import { expression, kernelCell, program } from "../support/workbook-graph.ts";

/** Settles cells with a kernel that answers `answers[cell]`, a function of the inputs. */
async function settled(
  definitions: readonly CellDefinition[],
  answers: Readonly<Record<string, (inputs: KernelRequest["inputs"]) => object>>,
) {
  const requests: KernelRequest[] = [];
  const result = await settle({
    definitions,
    request: (request, receive) => {
      requests.push(request);
      const { client, seq } = request;
      for (const { id } of request.cells) {
        const answer = answers[id]!(request.inputs);
        receive({ type: "result", client, seq, cell: id, result: `${id}${seq}`, ms: 5, ...answer });
      }
    },
  });
  return { ...result, requests };
}

test("kernel cells get the values of inputs nobody has touched; other cells do not run", async () => {
  const { inputs, results, requests } = await settled(
    [
      program(
        "controls",
        `const n = view(Inputs.range([0, 10], {step: 1, value: 3}));
         const slice = view(Inputs.select([null, "a"]));
         const on = view(Inputs.toggle({value: true}));`,
        ["Inputs", "view"],
        ["n", "slice", "on"],
      ),
      kernelCell("work", ["n", "slice", "on"], ["m"]),
      expression("never", "nothing.here", ["m"]),
      program("other", "const x = view(Inputs.range([0, 1]))", ["Inputs", "view"], ["x"]),
    ],
    { work: ({ n }) => ({ values: { m: (n as number) * 2 }, preview: "6" }) },
  );
  expect(requests.map((request) => request.inputs)).toEqual([{ n: 3, slice: null, on: true }]);
  expect(inputs).toEqual({ n: 3, slice: null, on: true });
  expect(results).toEqual({ work: { ms: 5, values: { m: 6 }, preview: "6" } });
});

test("an input whose choices come from the kernel is made from them", async () => {
  const { inputs, results } = await settled(
    [
      kernelCell("names", [], ["names"]),
      program(
        "pick",
        "const picked = view(Inputs.select(names))",
        ["Inputs", "view", "names"],
        ["picked"],
      ),
      program("derive", "const twice = picked + picked", ["picked"], ["twice"]),
      kernelCell("use", ["twice"], ["used"]),
    ],
    {
      names: () => ({ values: { names: ["x", "y"] } }),
      use: ({ twice }) => ({ values: { used: `${twice}!` } }),
    },
  );
  expect(inputs).toEqual({ picked: "x" });
  expect(results["use"]?.values).toEqual({ used: "xx!" });
});

test("a cell that fails, and one that waits for a failed one, have their errors", async () => {
  const error = { name: "TypeError", message: "no" };
  const { results } = await settled(
    [
      kernelCell("bad", [], ["a"]),
      program("between", "const b = a", ["a"], ["b"]),
      kernelCell("below", ["b"], ["c"]),
    ],
    { bad: () => ({ error }) },
  );
  expect(results["bad"]?.error).toEqual(error);
  expect(results["below"]?.error).toEqual({ name: "Blocked", message: "no", blockedBy: "b" });
});

test("a workbook without kernel cells has nothing to settle", async () => {
  expect(await settle({ definitions: [expression("a", "1")], request: () => {} })).toEqual({
    inputs: {},
    results: {},
  });
});

test("it can be given up, and leaves no document behind", async () => {
  const stop = new AbortController();
  const settling = settle({
    definitions: [kernelCell("slow", [], ["a"])],
    request: () => stop.abort(new Error("enough")),
    signal: stop.signal,
  });
  expect(typeof document).toBe("object");
  await expect(settling).rejects.toThrow("enough");
  expect(typeof document).toBe("undefined");
});

test.for([
  ["Inputs.range()", 0.5],
  ["Inputs.range([0, 10])", 5],
  ["Inputs.range([0, 10], {step: 4})", 4],
  ["Inputs.range([0, 10], {step: 4, value: 6})", 8],
  ["Inputs.range([0, 10], {step: 4, value: 10})", 8],
  ["Inputs.range([0, 1], {step: 0.05, value: 0.15})", 0.15],
  ["Inputs.range([0, 1], {step: 0.01, value: 0.123})", 0.12],
  ["Inputs.range([0.5, 2], {step: 0.25, value: 9})", 2],
  ["Inputs.range([-1, 1], {step: 0.1, value: -0.3})", -0.3],
  ["Inputs.range([1e-6, 1e-3], {value: 2e-6, transform: Math.log})", 2e-6],
  ["Inputs.number([0, 10], {value: 4, step: 0.5})", 4],
  ["Inputs.select(['a', 'b'], {value: 'b'})", "b"],
  ["Inputs.select(new Map([['A', {x: 1}], ['B', {x: 2}]]), {value: undefined})", { x: 1 }],
  ["Inputs.select(['a', 'b', 'c'], {multiple: true, value: ['a', 'c']})", ["a", "c"]],
  ["Inputs.toggle({value: false})", false],
  ["Inputs.toggle({values: ['on', 'off'], value: 'off'})", "off"],
  ["Inputs.checkbox(['a', 'b', 'c'], {value: ['a', 'c']})", ["a", "c"]],
  ["Inputs.radio(['a', 'b'], {value: 'b'})", "b"],
  ["Inputs.radio(new Map([['A', 1], ['B', 2]]), {value: 2})", 2],
  ["Inputs.text({value: 'hi'})", "hi"],
  ["Inputs.textarea({value: 'hi'})", "hi"],
  ["Inputs.date({value: '2024-01-02'})", new Date("2024-01-02")],
  ["Inputs.color({value: '#ff0000'})", "#ff0000"],
  ["Inputs.button('go')", 0],
  ["Inputs.search([{a: 1}, {a: 2}])", [{ a: 1 }, { a: 2 }]],
  ["Inputs.table([{a: 1}, {a: 2}])", [{ a: 1 }, { a: 2 }]],
  [
    "Inputs.form({a: Inputs.range([0, 1], {value: 0.5}), b: Inputs.toggle({value: true})})",
    { a: 0.5, b: true },
  ],
] as const)("%s has its value without a browser", async ([source, value]) => {
  const { inputs } = await settled(
    [
      program("control", `const v = view(${source})`, ["Inputs", "view"], ["v"]),
      kernelCell("k", ["v"], []),
    ],
    { k: () => ({ values: {} }) },
  );
  // A table's value is an array with properties of its own.
  const found = inputs["v"];
  expect(Array.isArray(found) ? [...found] : found).toEqual(value);
});

test("a document that is removed gives back what it replaced", async () => {
  const before = globalThis.Event;
  const remove = installDocument();
  expect(globalThis.Event).not.toBe(before);
  await remove();
  expect(globalThis.Event).toBe(before);
  expect("NodeList" in globalThis).toBe(false);
});
