import type { ExecutionNotice } from "../src/protocol/index.ts";
import { bundleOf } from "./bundle.ts";
import type { Comms } from "./comms.ts";
import type { Injected, InjectedIntoExecution } from "./evaluate.ts";
import type { Questions } from "./questions.ts";
import type { Run } from "./run.ts";
import { Shown } from "./shown.ts";

let shown = 0;

/** The builtins of an execution; what they say is told under its id. */
export function injectedIntoExecution(
  run: Run,
  injected: Injected,
  tell: (notice: ExecutionNotice) => void,
  questions: Questions,
  comms: Comms,
): InjectedIntoExecution {
  const { id } = run.cell;
  const display = (value: unknown, options: { readonly id?: string } = {}): Shown => {
    const name = options.id ?? `display-${process.pid}-${++shown}`;
    tell({ type: "display", id, bundle: bundleOf(value), display: name });
    return new Shown(name, (next) =>
      tell({ type: "display", id, bundle: bundleOf(next), display: name, update: true }),
    );
  };
  return {
    ...injected,
    display,
    clear: ({ wait = false }: { readonly wait?: boolean } = {}) =>
      tell({ type: "clear", id, wait }),
    page: (value: unknown) => tell({ type: "page", id, bundle: bundleOf(value) }),
    input: (prompt: unknown = "", { password = false }: { readonly password?: boolean } = {}) => {
      const answer = questions.ask(run.controller.signal);
      tell({ type: "ask", id, prompt: String(prompt), password });
      return answer;
    },
    comm: comms.of(id),
  };
}
