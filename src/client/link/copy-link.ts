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

/** Copies the link to the page as it is; says so, and of which inputs it knows nothing. */
export function copyLinkButton(inputs: LinkedInputs): HTMLButtonElement {
  const text = "Copy link";
  const made = button(text, () => void copy(), {
    class: "small quiet copy-link",
    title: "Copy a link to this workbook with its inputs as they are now",
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const copy = async () => {
    let said = "Link copied";
    try {
      await navigator.clipboard.writeText(linkOf(inputs));
      const { left } = inputs;
      if (left.length > 0) said = `Link copied, without ${left.join(", ")}`;
    } catch {
      said = "Not copied: the address bar has the link";
    }
    made.textContent = said;
    clearTimeout(timer);
    timer = setTimeout(() => {
      made.textContent = text;
    }, saidFor);
  };
  made.setAttribute("aria-live", "polite");
  return made;
}
