import type { Port, Spawn } from "./spawn.ts";
import type { Answer, Failure, Start, Task, Write } from "./task.ts";
import { workerSource } from "./task.ts";

/** A computation that is handed to workers piece by piece. */
export interface Work {
  /** Answered in full or given up. */
  readonly settled: boolean;
  /**
   * The next piece, undefined when none is left to hand out.
   *
   * @param last - whether no work comes after this one that could keep the other workers busy
   */
  next(id: number, worker: number, workers: number, last: boolean): Task | undefined;
  answered(task: Task, answer: Answer): void;
  /** A piece that was handed out is no longer being computed, answered or not. */
  over(): void;
  /** Gives up; later calls change nothing. */
  fail(reason: unknown): void;
}

interface Handed {
  readonly work: Work;
  readonly task: Task;
}

interface Member {
  port: Port | undefined;
  /** Posted and not yet answered, in order. */
  readonly handed: Handed[];
}

/** Tasks posted to a worker ahead of its answers, so that it never waits for this thread. */
const ahead = 2;
/** Milliseconds an unwanted task may run on before its worker is ended. */
const patience = 250;

/** A fixed number of workers, started when first needed, that compute works first come, first served. */
export class Pool {
  readonly #spawn: Spawn;
  readonly #start: Start;
  readonly #members: readonly Member[];
  /** What a new worker is to be sent after the start. */
  readonly #writes: () => readonly Write[];
  readonly #queue: Work[] = [];
  #tasks = 0;
  #disposed = false;

  constructor(spawn: Spawn, threads: number, start: Start, writes: () => readonly Write[]) {
    this.#spawn = spawn;
    this.#start = start;
    this.#writes = writes;
    this.#members = Array.from({ length: threads }, () => ({ port: undefined, handed: [] }));
  }

  /** Computes a work after those that came before it. */
  add(work: Work): void {
    if (this.#disposed) {
      work.fail(disposed());
      return;
    }
    this.#queue.push(work);
    this.#handOut();
  }

  /** Gives a work up for `reason`; a worker that is not soon done with a piece of it is ended. */
  drop(work: Work, reason: unknown): void {
    const place = this.#queue.indexOf(work);
    if (place >= 0) this.#queue.splice(place, 1);
    work.fail(reason);
    for (const [index, member] of this.#members.entries()) this.#watch(index, member);
    this.#handOut();
  }

  /** Sends something to be kept to every worker there is. */
  send(write: Write): void {
    for (const { port } of this.#members) port?.post(write);
  }

  /** Ends the workers; all that is not answered fails. */
  dispose(): void {
    this.#disposed = true;
    for (const work of this.#queue.splice(0)) work.fail(disposed());
    for (const member of this.#members) {
      for (const { work } of member.handed) work.fail(disposed());
      void member.port?.terminate();
      member.port = undefined;
    }
  }

  #handOut(): void {
    // One each in turn, so that a short row is spread over all workers.
    for (let depth = 1; depth <= ahead; depth++) {
      for (const [index, member] of this.#members.entries()) {
        if (member.handed.length >= depth) continue;
        const handed = this.#next(index);
        if (!handed) return;
        member.handed.push(handed);
        this.#post(index, member, handed.task);
      }
    }
  }

  #next(index: number): Handed | undefined {
    for (;;) {
      const work = this.#queue[0];
      if (!work) return undefined;
      const task = work.next(this.#tasks, index, this.#members.length, this.#queue.length === 1);
      if (task) {
        this.#tasks++;
        return { work, task };
      }
      this.#queue.shift();
    }
  }

  #post(index: number, member: Member, task: Task): void {
    try {
      member.port ??= this.#open(index, member);
      member.port.hold(true);
      member.port.post(task);
    } catch (error) {
      // From its own turn of the loop: the caller is still handing out.
      queueMicrotask(() => this.#failed(index, member, error));
    }
  }

  #open(index: number, member: Member): Port {
    const port: Port = this.#spawn(workerSource, {
      message: (data) => {
        if (member.port === port) this.#received(index, member, data as Answer | Failure);
      },
      failed: (error) => {
        if (member.port === port) this.#failed(index, member, error);
      },
    });
    port.post(this.#start);
    for (const write of this.#writes()) port.post(write);
    return port;
  }

  #received(index: number, member: Member, message: Answer | Failure): void {
    const [first] = member.handed;
    if (first === undefined || message.id !== first.task.id) {
      const told = "error" in message ? message.error : "an answer to nothing";
      this.#failed(index, member, new Error(told));
      return;
    }
    member.handed.shift();
    if ("error" in message) this.#fail(first.work, new Error(message.error));
    else first.work.answered(first.task, message);
    first.work.over();
    this.#watch(index, member);
    this.#handOut();
    if (member.handed.length === 0) member.port?.hold(false);
  }

  /** Ends the worker if what it is at is not wanted any more and lasts. */
  #watch(index: number, member: Member): void {
    const [first] = member.handed;
    if (!first?.work.settled) return;
    setTimeout(() => {
      if (member.handed[0] === first) this.#end(index, member);
    }, patience);
  }

  /** The worker is of no more use: what it was at fails, what it had yet to do goes to its successor. */
  #failed(index: number, member: Member, error: unknown): void {
    const [first] = member.handed;
    if (first) this.#fail(first.work, error);
    this.#end(index, member);
  }

  #fail(work: Work, cause: unknown): void {
    const message = cause instanceof Error ? cause.message : String(cause);
    work.fail(new Error(`Cannot compute in a worker of engine "wasm": ${message}`, { cause }));
  }

  /** Ends a worker; the pieces posted to it after the first go to its successor, if still wanted. */
  #end(index: number, member: Member): void {
    const { port } = member;
    const [first, ...others] = member.handed.splice(0);
    member.port = undefined;
    // Its room is not free before the worker has stopped.
    void Promise.resolve(port?.terminate()).then(() => first?.work.over());
    if (this.#disposed) return;
    for (const handed of others) {
      if (handed.work.settled) handed.work.over();
      else {
        member.handed.push(handed);
        this.#post(index, member, handed.task);
      }
    }
    this.#handOut();
  }
}

function disposed(): Error {
  return new Error('Cannot compute in engine "wasm": it is disposed');
}
