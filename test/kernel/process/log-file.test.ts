import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { LogFile } from "../../../kernel/process/log-file.ts";

const small = { file: 10, folder: 100, age: 60_000 };
let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "logs-")), "state", "logs");
});

test("what is written is in a file of its own that only its owner reads, also after it was let go", () => {
  const [log, other] = [new LogFile(folder, "In[1]"), new LogFile(folder, "../In[1]")];
  log.write("one\n");
  log.close();
  log.write("two é\n");
  log.close();
  expect(readFileSync(log.path, "utf8")).toBe("one\ntwo é\n");
  expect(log.path).toMatch(/-In-1-\.log$/);
  expect(readdirSync(folder)).toHaveLength(2);
  expect(statSync(log.path).mode & 0o777).toBe(0o600);
  expect(other.path.startsWith(folder)).toBe(true);
});

test("a log that is full says so and takes no more", () => {
  const log = new LogFile(folder, "a", small);
  log.write("12345678");
  log.write("90abc");
  log.write("d");
  expect(readFileSync(log.path, "utf8")).toBe("1234567890");
  expect(log.failure).toBe("it has reached 10 bytes");
});

test.for([
  ["a folder that cannot be made", ""],
  ["a disk that is full", "/dev/full"],
])("%s is a failure that is told, and nothing is thrown", ([, path]) => {
  const file = join(mkdtempSync(join(tmpdir(), "logs-")), "file");
  writeFileSync(file, "");
  const log = new LogFile(path === "" ? join(file, "logs") : folder, "a");
  if (path !== "") Object.defineProperty(log, "path", { value: path });
  log.close();
  log.write("x");
  log.write("y");
  log.close();
  expect(log.failure).toMatch(/^(ENOTDIR|ENOSPC|EEXIST)/);
});

test("old logs go, and the oldest when all are too large together; other files stay", () => {
  mkdirSync(folder, { recursive: true });
  const made = (name: string, bytes: number, seconds: number) => {
    writeFileSync(join(folder, name), "x".repeat(bytes));
    const time = Date.now() / 1000 - seconds;
    utimesSync(join(folder, name), time, time);
  };
  made("ancient.log", 1, 120);
  made("older.log", 60, 30);
  made("newer.log", 60, 20);
  made("ancient.txt", 500, 120);
  new LogFile(folder, "a", small).close();
  expect(readdirSync(folder).filter((name) => !name.includes("-a."))).toEqual([
    "ancient.txt",
    "newer.log",
  ]);
});
