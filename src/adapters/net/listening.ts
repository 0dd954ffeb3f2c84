import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';

/** A server that listens. */
export interface Listening {
  port: number;
  /** Cuts what is open. */
  close(): Promise<void>;
}

/** Has an HTTP server listen; port 0: any. Rejects where the port cannot be opened. */
export async function listening(
  server: Server & { closeAllConnections(): void },
  port: number,
  host: string,
): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A port of 127.0.0.1 that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createTcpServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
