import {
  type CellDefinition,
  encode,
  type PageNotice,
  type RevisionName,
} from "../../src/protocol/index.ts";
import type { OpenWorkbook } from "../documents/open-workbook.ts";

/** What of an open workbook is defined. */
export function workbookNotice(
  { file, document, name }: OpenWorkbook,
  trusted: boolean,
  cause: "open" | "disk" | "edit" | "trust",
  changed: readonly CellDefinition[],
  removed: readonly string[],
): PageNotice {
  const { title, order, diagnostics } = document;
  const { path } = file;
  const { revision } = name;
  const about = { title, path, trusted, cause, revision, order, changed, removed, diagnostics };
  return { type: "workbook", ...about };
}

/**
 * The whole document.
 *
 * @param known the revision of which the page has the document
 */
export function documentNotice(
  workbook: OpenWorkbook,
  known: RevisionName | undefined,
): PageNotice {
  const { content, name, recovered } = workbook;
  const missed = known && workbook.since(known);
  return {
    type: "document",
    content,
    ...name,
    ...(missed && { missed }),
    ...(recovered > 0 && { recovered }),
  };
}

/** What is wrong with the file on disk. */
export function fileNotice({ problem, isGone }: OpenWorkbook): PageNotice {
  return {
    type: "file",
    ...(problem === undefined ? {} : { problem }),
    ...(isGone && { gone: true }),
  };
}

/** A notice that what the page asked is not done, and why. */
export function refusal(message: string): Uint8Array {
  return encode({ type: "refused", message } satisfies PageNotice);
}

/** A notice that the workbook has another path. */
export function movedTo(path: string): Uint8Array {
  return encode({ type: "moved", path } satisfies PageNotice);
}
