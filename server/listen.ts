import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "./app.ts";

/** The port tried first when the person names none, so that a bookmark stays good. */
const usualPort = 7464;

/** Only this machine is served. */
const address = "127.0.0.1";

class PortError extends Error {
  override readonly name = "PortError";
}

/**
 * An HTTP server around the app, with limits: a connection that sends nothing, or a byte now and then,
 * is closed after seconds, so that idle ones do not use up the file descriptors.
 */
export function createHttpServer(app: App): Server {
  const server = createServer(
    {
      // The gate answers a request without Host itself, like one with a foreign Host.
      requireHostHeader: false,
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      keepAliveTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 16 * 1024,
    },
    app.express,
  );
  server.maxConnections = 2048;
  server.on("upgrade", app.upgrade);
  return server;
}

/**
 * Listens on loopback.
 *
 * @param port to listen on; undefined for the usual one, or any free one when that is taken
 * @returns the port listened on
 * @throws {PortError} when a named port is taken or may not be used
 */
export async function listen(server: Server, port: number | undefined): Promise<number> {
  try {
    await listenOn(server, port ?? usualPort);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (port === undefined && (code === "EADDRINUSE" || code === "EACCES")) {
      await listenOn(server, 0);
    } else if (code === "EADDRINUSE") {
      throw new PortError(
        `Cannot serve on port ${port}: another program uses it; name a free one with --port`,
      );
    } else if (code === "EACCES") {
      throw new PortError(`Cannot serve on port ${port}: this user may not use it`);
    } else throw new PortError(`Cannot serve on port ${port}: ${message}`);
  }
  return (server.address() as AddressInfo).port;
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
