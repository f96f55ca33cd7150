import { WebSocket } from "ws";
import type { Socket } from "../../../src/client/session.ts";
import type { Serving } from "./serving.ts";

/** Numbers in [0, 1), the same ones for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 4) / 2 ** 28;
  };
}

/**
 * A page's socket to a server that is slow, and that breaks between two messages: after any one it was
 * sent, or before any one it sends is delivered.
 *
 * @param cuts how likely it breaks at a message
 * @param delay longest time in ms for which a message is held up; they stay in order
 */
export function frailSocket(
  { origin, cookie }: Pick<Serving, "origin" | "cookie">,
  random: () => number,
  cuts: number,
  delay: number,
): Socket {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/socket`, {
    headers: { cookie },
    origin,
  });
  socket.binaryType = "arraybuffer";
  let isCut = false;
  const cut = () => {
    isCut = true;
    socket.terminate();
  };
  /** Does one thing after the other, each a while after the one before. */
  const line = () => {
    let last = Promise.resolve();
    return (act: () => void) => {
      const pause = random() * delay;
      last = last.then(async () => {
        if (delay > 0) await new Promise((resolve) => setTimeout(resolve, pause));
        if (isCut) return;
        if (random() < cuts) cut();
        else act();
      });
    };
  };
  const [up, down] = [line(), line()];
  const frail: Socket = {
    binaryType: "arraybuffer",
    get readyState() {
      return socket.readyState;
    },
    onopen: null,
    onclose: null,
    onmessage: null,
    send: (bytes) => up(() => socket.readyState === 1 && socket.send(bytes as Uint8Array)),
    close: () => socket.close(),
  };
  socket.on("open", () => frail.onopen?.(new Event("open")));
  socket.on("error", () => {});
  socket.on("close", () => frail.onclose?.(new Event("close") as CloseEvent));
  socket.on("message", (data: ArrayBuffer) =>
    down(() => frail.onmessage?.({ data } as MessageEvent)),
  );
  return frail;
}
