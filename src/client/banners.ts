import { button, element } from "./element.ts";

/** A button of a message. */
export interface BannerAction {
  readonly text: string;
  press(): void;
}

/** A message above the workbook, until what it is about is over. */
export interface Banner {
  readonly tone: "notice" | "warning";
  readonly text: string | HTMLElement;
  readonly action?: BannerAction | undefined;
  /** What else can be done. */
  readonly more?: readonly BannerAction[];
}

/** The messages above the workbook, one per subject. */
export class Banners {
  readonly element: HTMLElement = element("div", { class: "banners" });
  readonly #shown = new Map<string, HTMLElement>();

  /** Shows what there is to say on a subject, or nothing more. */
  set(subject: string, banner: Banner | undefined): void {
    const before = this.#shown.get(subject);
    if (!banner) {
      before?.remove();
      this.#shown.delete(subject);
      return;
    }
    const { tone, text, action, more = [] } = banner;
    const made = element(
      "div",
      {
        class: "banner",
        "data-tone": tone,
        "data-subject": subject,
        role: tone === "warning" ? "alert" : "status",
      },
      element("p", {}, text),
      action && button(action.text, () => action.press(), { class: "primary" }),
      ...more.map(({ text, press }) => button(text, press, { class: "small" })),
    );
    if (before) before.replaceWith(made);
    else this.element.append(made);
    this.#shown.set(subject, made);
  }

  /** Shows a warning until its subject has a newer one, or nothing more, or the person has read it. */
  warn(subject: string, text: string | undefined): void {
    const action = { text: "Dismiss", press: () => this.set(subject, undefined) };
    this.set(subject, text === undefined ? undefined : { tone: "warning", text, action });
  }
}
