import { openForm } from "../form-dialog.ts";
import { pathOfTitle, shelve, workbookPath } from "./shelf.ts";

/** Asks for title and file of a new workbook and makes it; `made` is told its path. */
export function askForNew(made: (path: string) => void): HTMLDialogElement {
  return openForm(
    "New workbook",
    [
      { name: "title", label: "Title", value: "" },
      {
        name: "path",
        label: "File",
        value: "",
        follow: ({ title = "" }) => pathOfTitle(title),
      },
    ],
    "Create",
    async ({ title = "", path = "" }) => {
      if (path === "") throw new Error("A workbook needs a title, or the name of a file");
      const asked = { path: workbookPath(path), ...(title !== "" && { title }) };
      made((await shelve("new", asked)).path);
    },
  );
}

/** Asks for another name of a workbook's file and gives it that; `renamed` is told its path. */
export function askForName(path: string, renamed: (path: string) => void): HTMLDialogElement {
  return openForm(
    `Rename ${path}`,
    [{ name: "path", label: "File", value: path }],
    "Rename",
    async ({ path: written = "" }) => {
      const to = workbookPath(written, path.slice(path.lastIndexOf(".")));
      if (to !== path) renamed((await shelve("rename", { path, to })).path);
    },
  );
}

/** What a workbook is called, in itself and as a file. */
export interface WorkbookName {
  readonly title: string;
  readonly path: string;
  /** Gives it another title; its first heading again with an empty one. */
  retitle(title: string): void;
}

/** Asks for title and file of an open workbook; its pages are told where the file went. */
export function askForTitle({ title, path, retitle }: WorkbookName): HTMLDialogElement {
  return openForm(
    "Title and file",
    [
      { name: "title", label: "Title", value: title },
      { name: "path", label: "File", value: path },
    ],
    "Change",
    async ({ title: written = "", path: to = "" }) => {
      const place = workbookPath(to, path.slice(path.lastIndexOf(".")));
      if (place !== path) await shelve("rename", { path, to: place });
      if (written !== title) retitle(written);
    },
  );
}
