import type { SearchAnswer, SearchQuestion } from "./search.ts";

/** A regular expression that is not through after so many milliseconds is given up. */
const longest = 2_000;

/** Why there is no answer: it took too long, the thread is not there, or a newer question came. */
export type NoAnswer = "late" | "away" | "passed";

type Thread = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

interface Asked {
  readonly resolve: (answer: SearchAnswer | NoAnswer) => void;
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * A thread that searches beside the page: an expression that tries too many ways takes its time there, and
 * typing and drawing go on. It answers one question at a time, the newest.
 */
export class SearchThread {
  readonly #start: () => Thread;
  #thread: Thread | undefined;
  #asked: Asked | undefined;

  /** @param start starts a worker that runs `searching.ts` */
  constructor(start: () => Thread = startThread) {
    this.#start = start;
  }

  ask(question: SearchQuestion): Promise<SearchAnswer | NoAnswer> {
    this.stop();
    const thread = this.#thread ?? this.#begin();
    return new Promise((resolve) => {
      this.#asked = { resolve };
      // Its time counts from when the thread is there to take the question.
      thread.postMessage("ready?");
      thread.postMessage(question);
    });
  }

  /** What is asked is for nobody any more: there is no other way to end it than with the thread. */
  stop(): void {
    if (this.#asked) this.#end("passed");
  }

  /** Ends the thread; the next question begins another. */
  dispose(): void {
    this.#end("passed");
  }

  #begin(): Thread {
    const thread = this.#start();
    thread.onmessage = ({ data }: MessageEvent<SearchAnswer | "ready">) => {
      if (data === "ready") this.#hurry();
      else this.#answer(data);
    };
    thread.onerror = (event) => {
      event.preventDefault();
      this.#end("away");
    };
    this.#thread = thread;
    return thread;
  }

  #hurry(): void {
    if (this.#asked) this.#asked.timer = setTimeout(() => this.#end("late"), longest);
  }

  #answer(answer: SearchAnswer | NoAnswer): void {
    const asked = this.#asked;
    this.#asked = undefined;
    clearTimeout(asked?.timer);
    asked?.resolve(answer);
  }

  #end(why: NoAnswer): void {
    this.#thread?.terminate();
    this.#thread = undefined;
    this.#answer(why);
  }
}

function startThread(): Thread {
  return new Worker("/client/searching.js", { name: "searching" });
}
