import { button } from "../element.ts";
import type { LinkedInputs } from "./linked-inputs.ts";

/** How long it says what it did, in ms. */
const saidFor = 2500;

/** The address of this page with the state of its inputs, without what let the browser in. */
export function linkOf(inputs: LinkedInputs): string {
  inputs.writeNow();
  const link = new URL(location.href);
  link.searchParams.delete("token");
  return link.href;
}

/**
 * Copies the link to the page as it is.
 *
 * @returns that it is copied, and of which inputs it knows nothing; or that it is not
 */
export async function copyLink(inputs: LinkedInputs): Promise<string> {
  try {
    await navigator.clipboard.writeText(linkOf(inputs));
  } catch {
    return "Not copied: the address bar has the link";
  }
  const { left } = inputs;
  return left.length > 0 ? `Link copied, without ${left.join(", ")}` : "Link copied";
}

/** Copies the link when it is pressed, and says what became of it for a moment. */
export function copyLinkButton(inputs: LinkedInputs): HTMLButtonElement {
  const text = "Copy link";
  const made = button(text, () => void copy(), {
    class: "small quiet copy-link",
    title: "Copy a link to this workbook with its inputs as they are now",
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const copy = async () => {
    made.textContent = await copyLink(inputs);
    clearTimeout(timer);
    timer = setTimeout(() => {
      made.textContent = text;
    }, saidFor);
  };
  made.setAttribute("aria-live", "polite");
  return made;
}
