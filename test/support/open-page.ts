import { beforeEach, onTestFinished } from "vitest";
import { WorkbookPage } from "../../src/client/page/index.ts";
import type { CellDefinition, KernelRequest, PageNotice } from "../../src/protocol/index.ts";
import { LooseSocket } from "./loose-socket.ts";
import { expression, kernelCell } from "./workbook-graph.ts";

beforeEach(() => {
  sessionStorage.clear();
  Object.assign(globalThis, { counted: 0 });
});

const prose: CellDefinition = {
  id: "intro",
  version: "1",
  kind: "prose",
  source: "# Hello",
  html: "<h1>Hello</h1>",
  line: 1,
  run: "live",
};
const counted = expression("counted", "++globalThis.counted + 0 * m", ["m"]);
/** Prose, a kernel cell, and a browser cell that counts how often it ran. */
export const cells: readonly CellDefinition[] = [prose, kernelCell("work", [], ["m"]), counted];

/** A page on a socket whose other end is the test. */
export function opened(path = "a.md") {
  const sockets: LooseSocket[] = [];
  const page = new WorkbookPage(path, () => {
    sockets.push(new LooseSocket());
    return sockets.at(-1)!;
  });
  document.body.replaceChildren(page.element);
  onTestFinished(() => page.close());
  const says = (...notices: PageNotice[]) => {
    for (const notice of notices) sockets.at(-1)!.says(notice);
  };
  const requests = () =>
    sockets.flatMap(({ sent }) => sent as KernelRequest[]).filter(({ type }) => type === "request");
  const find = (selector: string) => page.element.querySelector<HTMLElement>(selector);
  return { page, sockets, says, requests, find };
}

/** What the server says of a workbook. */
export function workbook(
  changed: readonly CellDefinition[],
  rest: Partial<Extract<PageNotice, { type: "workbook" }>> = {},
): PageNotice {
  return {
    type: "workbook",
    title: "A workbook",
    path: "a.md",
    trusted: true,
    cause: "open",
    order: changed.map(({ id }) => id),
    changed,
    removed: [],
    ...rest,
  };
}

/** What the kernel says of `work`. */
export const result = (seq: number, m: number): PageNotice => ({
  type: "result",
  client: "c",
  seq,
  cell: "work",
  result: `r${seq}`,
  ms: 5,
  values: { m },
});
