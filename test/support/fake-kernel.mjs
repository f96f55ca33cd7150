// Stands in for the kernel: answers requests by the name of the cell, keeps what it was told, and can be
// told to end badly. Speaks the pipe contract by hand, so that the contract is tested too.
import { Socket } from "node:net";

const pipe = new Socket({ fd: 3 });
const control = new Socket({ fd: 4 });
let known = [];
let running;

function send(message, buffers = []) {
  const lengths = buffers.map((buffer) => buffer.length);
  const head = Buffer.from(JSON.stringify({ message, buffers: lengths }));
  const start = Math.ceil((4 + head.length) / 8) * 8;
  const frame = Buffer.alloc(start + lengths.reduce((sum, length) => sum + length, 0));
  frame.writeUInt32LE(head.length, 0);
  head.copy(frame, 4);
  let at = start;
  for (const buffer of buffers) at += buffer.copy(frame, at);
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(frame.length, 0);
  pipe.write(Buffer.concat([prefix, frame]));
}

function answer({ client, seq, inputs, cells }, received) {
  for (const { id } of cells) {
    const result = (values, buffers) =>
      send({ type: "result", client, seq, cell: id, result: `r${seq}`, ms: 1, values }, buffers);
    switch (id) {
      case "echo":
        result(inputs, received);
        break;
      case "pid":
        result({ pid: process.pid });
        break;
      case "known":
        result({ cells: known.map((cell) => cell.id), codes: known.map((cell) => cell.code) });
        break;
      case "environment":
        result({
          names: Object.keys(process.env),
          directory: process.cwd(),
          flags: process.execArgv,
        });
        break;
      case "big":
        result({ x: { $: "Float64Array", b: 0 } }, [Buffer.alloc(8 * (inputs.n ?? 100_000), seq)]);
        break;
      case "loop":
        running = id;
        send({ type: "run", cell: id, state: "running" });
        send({ type: "log", cell: id, level: "log", text: "looping" });
        break;
      case "blink":
        send({ type: "run", cell: id, state: "running" });
        send({ type: "run", cell: id, state: "done" });
        break;
      case "deaf":
        control.pause();
        send({ type: "run", cell: id, state: "running" });
        break;
      case "grow":
        send({ type: "memory", bytes: 123456789 });
        break;
      case "print":
        console.log("a line of stdout");
        console.error("a line of stderr");
        break;
      case "exit":
        send({ type: "run", cell: id, state: "running" });
        setTimeout(() => process.exit(3), 20);
        break;
      case "memory":
        console.error("almost full");
        console.error("<--- Last few GCs --->\n[1:0x1] 15 ms: Mark-Compact");
        console.error("FATAL ERROR: Reached heap limit - JavaScript heap out of memory");
        setTimeout(() => process.abort(), 20);
        break;
      case "garbage":
        pipe.write(Buffer.from([255, 255, 255, 255, 1, 2, 3]));
        break;
      case "forge":
        send({ type: "workbook", title: "forged" });
        send({ type: "result", client: 1, seq: "x" });
        send({ type: "kernel", state: "died" });
        send(null);
        result({ done: true });
        break;
    }
  }
}

function receive({ message, buffers }, body) {
  let at = 0;
  const received = buffers.map((length) => {
    const start = at;
    at = Math.ceil((at + length) / 8) * 8;
    return body.subarray(start, start + length);
  });
  if (message.type === "cells") known = message.cells;
  if (message.type === "request") answer(message, received);
}

let held = Buffer.alloc(0);
pipe.on("data", (chunk) => {
  held = Buffer.concat([held, chunk]);
  while (held.length >= 4 && held.length >= 4 + held.readUInt32LE(0)) {
    const frame = held.subarray(4, 4 + held.readUInt32LE(0));
    held = held.subarray(4 + frame.length);
    const end = 4 + frame.readUInt32LE(0);
    receive(JSON.parse(frame.subarray(4, end).toString()), frame.subarray(Math.ceil(end / 8) * 8));
  }
});
pipe.on("close", () => process.exit(0));
control.on("data", (chunk) => {
  if (!chunk.toString().includes('"stop"') || running === undefined) return;
  send({ type: "run", cell: running, state: "stopped" });
  running = undefined;
});
send({ type: "ready", pid: process.pid, node: process.version });
