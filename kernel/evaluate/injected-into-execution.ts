import type { ExecutionNotice } from "../../src/protocol/index.ts";
import type { Comms } from "../comms/comms.ts";
import { bundleOf } from "../output/bundle.ts";
import type { Questions } from "../questions.ts";
import type { Run } from "../schedule/run.ts";
import type { Injected, InjectedIntoExecution } from "./evaluate.ts";

/** The builtins of an execution; what they say is told under its id. */
export function injectedIntoExecution(
  run: Run,
  injected: Injected,
  tell: (notice: ExecutionNotice) => void,
  questions: Questions,
  comms: Comms,
): InjectedIntoExecution {
  const { id } = run.cell;
  return {
    ...injected,
    page: (value: unknown) => {
      const bundle = bundleOf(value);
      if (!(bundle instanceof Promise)) return tell({ type: "page", id, bundle });
      return bundle.then((made) => tell({ type: "page", id, bundle: made }));
    },
    input: (prompt: unknown = "", { password = false }: { readonly password?: boolean } = {}) => {
      const answer = questions.ask(run.controller.signal);
      tell({ type: "ask", id, prompt: String(prompt), password });
      return answer;
    },
    comm: comms.of(id),
  };
}
