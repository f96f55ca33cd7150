import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionStatus,
  pickedCompletion,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { type Extension, Prec } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import { replaceInCells } from "../../../editing/index.ts";
import {
  type Description,
  isOffered,
  type Completion as Offered,
} from "../../../protocol/index.ts";
import { element } from "../../element.ts";
import type { CodeCellParts } from "./code-cell.ts";
import { docsView } from "./docs-view.ts";
import { Newest } from "./language-service.ts";

/** What the editor of a code cell offers while a name is typed, or when it is asked. */
export function completion(cell: CodeCellParts): Extension {
  const described = new Newest();
  const asked = new Newest();
  return [
    autocompletion({
      override: [(context) => offered(cell, context, asked, described)],
      icons: false,
      addToOptions: [{ render: ({ type }) => kindView(type), position: 20 }],
      optionClass: ({ type }) => (type?.endsWith(" deprecated") ? "is-deprecated" : ""),
      maxRenderedOptions: 80,
    }),
    Prec.highest(keymap.of([{ key: "Tab", run: acceptCompletion }])),
  ];
}

/** Whether a list of completions has the keys that go through it. */
export function isCompleting(view: EditorView): boolean {
  return completionStatus(view.state) === "active";
}

async function offered(
  cell: CodeCellParts,
  context: CompletionContext,
  asked: Newest,
  described: Newest,
): Promise<CompletionResult | null> {
  if (!context.explicit && !isWorthAsking(context)) return null;
  const signal = asked.next();
  context.addEventListener("abort", () => asked.stop(), { onDocChange: true });
  const { id, service } = cell;
  const answer = await service.ask({ type: "complete", cell: id, offset: context.pos }, signal);
  if (!answer || context.aborted || answer.items.length === 0) return null;
  const digits = String(answer.items.length).length;
  return {
    from: answer.from,
    options: answer.items.map((item, place) => ({
      label: item.label,
      // Of what fits as well, the order is the service's.
      sortText: String(place).padStart(digits, "0"),
      // A name that begins so and is there already comes before one that is so and would be imported.
      boost: item.module ? -99 : 10,
      type: item.deprecated ? `${item.kind} deprecated` : item.kind,
      ...detailOf(item),
      apply: item.module
        ? (view: EditorView, done: Completion, from: number, to: number) =>
            void insertWithImport(cell, item, view, done, from, to)
        : (item.insert ?? item.label),
      info: async () => infoView(await describe(cell, item, context.pos, described.next())),
    })),
    // What fits by scattered letters only keeps no list open that nothing fits any more.
    validFor: (text) =>
      /^[\w$]*$/.test(text) && answer.items.some(({ label }) => isOffered(label, text)),
  };
}

/** Whether what was typed may be a name; not in a comment, nor in a number. */
function isWorthAsking(context: CompletionContext): boolean {
  const node = syntaxTree(context.state).resolveInner(context.pos, -1);
  if (/Comment$/.test(node.name)) return false;
  const word = context.matchBefore(/[\w$.]+$/)?.text;
  const isText = /^(String|TemplateString)$/.test(node.name);
  if (isText) return /^(Import|Export)Declaration$/.test(node.parent?.name ?? "");
  return word !== undefined && !/^\d[\d.]*\w*$/.test(word) && !/^\.\.?$/.test(word);
}

function detailOf({ module, cell }: Offered): { detail?: string } {
  if (module) return { detail: `from ${module}` };
  return cell ? { detail: `in ${cell}` } : {};
}

const kindSigns: Readonly<Record<string, string>> = {
  function: "ƒ",
  method: "ƒ",
  class: "C",
  interface: "I",
  type: "T",
  enum: "E",
  module: "M",
  keyword: "k",
  property: "p",
  const: "c",
};

function kindView(type = ""): Node {
  const kind = type.replace(/ deprecated$/, "");
  const sign = kindSigns[kind] ?? kindSigns[kind.split(" ").at(-1)!] ?? "v";
  return element("span", { class: "completion-kind", title: kind, "aria-hidden": "true" }, sign);
}

async function describe(
  cell: CodeCellParts,
  { label, module }: Offered,
  offset: number,
  signal?: AbortSignal,
): Promise<Description | undefined> {
  const question = { type: "describe", cell: cell.id, offset, label } as const;
  const answer = await cell.service.ask(module ? { ...question, module } : question, signal);
  return answer ?? undefined;
}

function infoView(description: Description | undefined): Node | null {
  if (!description) return null;
  const { code, docs } = description;
  return code || docs ? docsView(code, docs) : null;
}

/** The name, and what imports it, in whichever cells that is: one edit, taken back at once. */
async function insertWithImport(
  cell: CodeCellParts,
  item: Offered,
  view: EditorView,
  done: Completion,
  from: number,
  to: number,
): Promise<void> {
  const text = item.insert ?? item.label;
  const { doc } = view.state;
  const description = await describe(cell, item, to);
  // Typed on meanwhile: the name is there to be imported later, and nothing is put in the wrong place.
  if (view.state.doc !== doc) return;
  const edits = description?.edits ?? [];
  const others = edits.filter((edit) => edit.cell !== cell.id);
  const own = edits.filter((edit) => edit.cell === cell.id);
  const { id, document } = cell;
  if (others.length > 0) {
    const { anchor, head } = view.state.selection.main;
    const operations = replaceInCells(document.content, [...edits, { cell: id, from, to, text }]);
    const place = { cell: id, anchor, head };
    document.edit(`import ${item.label}`, operations, { place });
    const shift = own.reduce(
      (sum, edit) => (edit.to <= from ? sum + edit.text.length - edit.to + edit.from : sum),
      0,
    );
    view.dispatch({ selection: { anchor: from + shift + text.length } });
    return;
  }
  const changes = view.state.changes([
    ...own.map((edit) => ({ from: edit.from, to: edit.to, insert: edit.text })),
    { from, to, insert: text },
  ]);
  view.dispatch({
    changes,
    selection: { anchor: changes.mapPos(to, 1) },
    annotations: pickedCompletion.of(done),
    userEvent: "input.complete",
    scrollIntoView: true,
  });
}
