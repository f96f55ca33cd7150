// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { TopBar } from "../../src/client/top-bar.ts";

function opened() {
  const nothing = () => {};
  const bar = new TopBar({ stop: nothing, restart: nothing, rename: nothing, toggleView: nothing });
  const said = () =>
    Array.from(
      bar.element.querySelectorAll<HTMLElement>(".bar-state > :not([hidden])"),
      ({ textContent }) => textContent,
    );
  return { bar, said };
}

test("of the kernel nothing is said as long as the server is not there", () => {
  const { bar, said } = opened();
  expect(said()).toEqual(["connecting", "Edit"]);
  bar.connection("open");
  expect(said()).toEqual(["kernel not started", "Edit"]);
  bar.kernel({ type: "kernel", state: "busy", bytes: 82e6, cap: 2e9 });
  expect(said()).toEqual(["kernel busy · 82 MB of 2.0 GB", "Stop", "Restart", "Edit"]);
  bar.connection("lost");
  expect(said()).toEqual(["offline", "Edit"]);
  bar.connection("open");
  expect(said()).toEqual(["kernel busy · 82 MB of 2.0 GB", "Stop", "Restart", "Edit"]);
});
