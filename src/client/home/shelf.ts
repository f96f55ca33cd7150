import type { TrashList, UnsavedList, WorkbookList } from "../../protocol/index.ts";

/** What is done with workbooks as files: each answers with the path, or the name in the trash, it led to. */
interface ShelfActions {
  new: { readonly asked: { path: string; title?: string }; readonly path: string };
  duplicate: { readonly asked: { path: string; to?: string }; readonly path: string };
  rename: { readonly asked: { path: string; to: string }; readonly path: string };
  delete: { readonly asked: { path: string }; readonly trashed: string };
  restore: { readonly asked: { trashed: string }; readonly path: string };
  recover: { readonly asked: { journal: string }; readonly path: string };
  discard: { readonly asked: { journal: string }; readonly trashed: string };
}

/**
 * Has the server do something with a workbook's file.
 *
 * @throws {Error} when it cannot be, with the sentence for the person
 */
export async function shelve<Name extends keyof ShelfActions>(
  name: Name,
  asked: ShelfActions[Name]["asked"],
): Promise<Omit<ShelfActions[Name], "asked">> {
  const response = await ask(`/api/workbooks/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked),
  });
  return (await response.json()) as Omit<ShelfActions[Name], "asked">;
}

/** @throws {Error} with the sentence for the person */
export async function workbookList(): Promise<WorkbookList> {
  return (await (await ask("/api/workbooks")).json()) as WorkbookList;
}

/** @throws {Error} with the sentence for the person */
export async function trashList(): Promise<TrashList["trash"]> {
  return ((await (await ask("/api/trash")).json()) as TrashList).trash;
}

/** @throws {Error} with the sentence for the person */
export async function unsavedList(): Promise<UnsavedList["unsaved"]> {
  return ((await (await ask("/api/unsaved")).json()) as UnsavedList).unsaved;
}

async function ask(address: string, options?: RequestInit): Promise<Response> {
  const response = await fetch(address, options);
  if (response.ok) return response;
  const said = (await response.json().catch(() => undefined)) as { error?: unknown } | undefined;
  const error = said?.error;
  throw new Error(typeof error === "string" ? error : `the server answered ${response.status}`);
}

/** Address of a workbook's page. */
export function addressOf(path: string): string {
  return `/w/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The path a person means: one without an ending is that of a Markdown file. */
export function workbookPath(written: string, ending = ".md"): string {
  const path = written.trim().replace(/^(\.?\/)+/, "");
  return path === "" || /\.(md|html)$/i.test(path) ? path : path + ending;
}

/** A path made of a title: "The final run" is `the-final-run.md`. */
export function pathOfTitle(title: string): string {
  const name = title
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return name === "" ? "" : `${name}.md`;
}
