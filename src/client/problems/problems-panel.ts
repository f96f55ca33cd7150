import { button, element } from "../element.ts";
import type { Panel } from "../panels/index.ts";
import type { Problem } from "./problem.ts";
import type { Problems } from "./problems.ts";

/** All that is wrong in the cells: pressing one goes there. */
export function problemsPanel(problems: Problems): Panel {
  return {
    name: "problems",
    title: "Problems",
    count: (tell, until) => problems.follow(() => tell(problems.all.length), until),
    open: (closed) => {
      const list = element("ol", { class: "problem-list" });
      const note = element("p", { class: "panel-note", role: "status" });
      let shown = "";
      const refresh = () => {
        const { all, isLooking } = problems;
        const text = JSON.stringify([all, isLooking]);
        if (text === shown) return;
        shown = text;
        const focused = [...list.querySelectorAll("button")].findIndex((one) =>
          one.matches(":focus"),
        );
        list.replaceChildren(...all.map((one) => row(one, () => problems.visit(one))));
        if (focused >= 0) list.querySelectorAll("button")[focused]?.focus();
        note.textContent = noteText(all, isLooking);
      };
      refresh();
      problems.follow(refresh, closed);
      problems.look(closed);
      return element("div", {}, list, note);
    },
  };
}

function row({ cell, line, severity, by, message }: Problem, visit: () => void): HTMLElement {
  const [first = ""] = message.split("\n");
  const made = button("", visit, {
    class: "problem-line",
    "data-severity": severity,
    title: message,
  });
  made.append(
    element("span", { class: "problem-text" }, first),
    element(
      "span",
      { class: "problem-place" },
      `${cell}, line ${line} · ${severity}${by === "run" ? " when it ran" : ""}`,
    ),
  );
  return element("li", {}, made);
}

function noteText(all: readonly Problem[], isLooking: boolean): string {
  if (isLooking) return all.length === 0 ? "Looking for problems …" : "Looking for more …";
  return all.length === 0 ? "No problem is found." : "";
}
