import type { PageNotice } from "../../protocol/index.ts";
import type { Banner } from "../banners.ts";
import { element } from "../element.ts";
import { cellLink } from "../failure-box.ts";

const unknown = "no reason is known";

/** What is wrong with the kernel, with the button that helps; undefined when nothing is. */
export function kernelBanner(
  { state, stuck, reason, culprit }: Extract<PageNotice, { type: "kernel" }>,
  press: () => void,
  visit: (cell: string) => void,
): Banner | undefined {
  if (state !== "died" && reason === undefined) return undefined;
  const link = culprit && cellLink(culprit, culprit, () => visit(culprit));
  if (stuck && link) {
    const text = element("span", {}, "Stopping ", link, ` has not helped: ${reason}.`);
    return { tone: "warning", text, action: { text: "End kernel", press } };
  }
  const after = " Its values are gone, and nothing runs again until you restart it.";
  // Some reasons are the whole sentence: what it was killed by, or crashed in.
  const told = reason?.startsWith("The kernel ")
    ? [`${reason}.`, ...(link ? [" It ran ", link, "."] : [])]
    : ["The kernel stopped", ...(link ? [" while it ran ", link] : []), `: ${reason ?? unknown}.`];
  const text = element("span", {}, ...told, after);
  return { tone: "warning", text, action: { text: "Restart", press } };
}

/** The server is not there. */
export function offlineBanner(press: () => void): Banner {
  return {
    tone: "warning",
    text: "Simile does not answer. If you stopped it, start it again and open the address it prints. What you see and write here is kept meanwhile",
    action: { text: "Try now", press },
  };
}

/** Nobody has said yet that the workbook may run here. */
export function trustBanner(press: () => void): Banner {
  const text =
    "This workbook has not been run on this machine. Its code can do whatever a program of yours can: read it below, then run it if you trust it.";
  return { tone: "notice", text, action: { text: "Run", press } };
}

/** What is wrong with the text of the file, by line; undefined when nothing is. */
export function diagnosticsText(
  diagnostics: NonNullable<Extract<PageNotice, { type: "workbook" }>["diagnostics"]>,
): string | undefined {
  if (diagnostics.length === 0) return undefined;
  return diagnostics.map(({ line, message }) => `Line ${line} of the file: ${message}`).join("; ");
}
