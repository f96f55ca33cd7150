import { createHmac, timingSafeEqual } from "node:crypto";

/** Who said what, when. */
export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

export type Content = Readonly<Record<string, unknown>>;

/** A message of Jupyter's protocol. */
export interface Message {
  /** Where an answer goes; a topic on iopub. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parent: Header | Readonly<Record<string, never>>;
  readonly metadata: Content;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

/** A message that is refused; nothing of it is used. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Ends the identities, or the topic, of a message. */
export const delimiter: Buffer = Buffer.from("<IDS|MSG>");
const parts = 4;
/** Bytes of a header; it goes back with every answer. */
const largestHeader = 65_536;
/** Signatures remembered, so that a message that was overheard is not taken twice. */
const mostRemembered = 65_536;

/** Messages to frames and back, signed with the key of the connection. */
export class Wire {
  readonly #key: string;
  readonly #hash: string;
  readonly #seen = new Set<string>();

  constructor(key: string, hash: string) {
    this.#key = key;
    this.#hash = hash;
  }

  pack({ identities, header, parent, metadata, content, buffers }: Message): Uint8Array[] {
    const body = [header, parent, metadata, content].map((part) =>
      Buffer.from(JSON.stringify(part)),
    );
    return [...identities, delimiter, Buffer.from(this.#sign(body)), ...body, ...buffers];
  }

  /** @throws {WireError} when it is no message, or its signature is wrong or was seen before */
  unpack(frames: readonly Uint8Array[]): Message {
    const start = frames.findIndex((frame) => delimiter.equals(frame));
    if (start < 0) throw new WireError("Cannot read a message: it has no delimiter");
    const [signature, ...rest] = frames.slice(start + 1);
    const body = rest.slice(0, parts);
    if (!signature || body.length < parts) {
      throw new WireError(
        `Cannot read a message: expected ${parts} parts after the signature, found ${body.length}`,
      );
    }
    this.#verify(Buffer.from(signature), body);
    const [header, parent, metadata, content] = body.map(objectOf) as [
      Content,
      Content,
      Content,
      Content,
    ];
    if (body[0]!.length > largestHeader) {
      throw new WireError(
        `Cannot read a message: expected a header of at most ${largestHeader} bytes`,
      );
    }
    checkDepth(header);
    for (const key of ["msg_id", "msg_type", "session"]) {
      if (typeof header[key] !== "string") {
        throw new WireError(`Cannot read a message: expected its ${key} to be a text`);
      }
    }
    return {
      identities: frames.slice(0, start),
      header: header as unknown as Header,
      parent: parent as unknown as Message["parent"],
      metadata,
      content,
      buffers: rest.slice(parts),
    };
  }

  #sign(body: readonly Uint8Array[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#hash, this.#key);
    for (const part of body) hmac.update(part);
    return hmac.digest("hex");
  }

  #verify(signature: Buffer, body: readonly Uint8Array[]): void {
    if (this.#key === "") return;
    const expected = Buffer.from(this.#sign(body));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new WireError("Cannot read a message: its signature is wrong");
    }
    const text = expected.toString();
    if (this.#seen.has(text)) throw new WireError("Cannot read a message: it came before");
    this.#seen.add(text);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= mostRemembered) break;
      this.#seen.delete(oldest);
    }
  }
}

/** A header that cannot be written again, cannot be answered. */
function checkDepth(header: Content): void {
  try {
    JSON.stringify(header);
  } catch (cause) {
    throw new WireError("Cannot read a message: its header is nested too deep", { cause });
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function objectOf(part: Uint8Array): Content {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(part));
  } catch (cause) {
    throw new WireError("Cannot read a message: a part is no JSON", { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Content;
  throw new WireError("Cannot read a message: a part is no object");
}
