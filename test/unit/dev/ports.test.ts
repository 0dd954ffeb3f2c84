import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { choosePort, isPortFree, PortsInUse, type PortWish } from '../../../src/dev/ports.js';

const WISH: PortWish = { purpose: 'the gateway', port: 8000, variable: 'PORT', isSet: false };

describe('choosing ports', () => {
  it('takes the wished port and says nothing', async () => {
    assert.deepEqual(await choosePort(WISH, new Set(), () => Promise.resolve(true)), { port: 8000 });
  });

  it('takes the next free one and says which was in use, for what, and whose setting it is', async () => {
    const free = (port: number) => Promise.resolve(port >= 8002);
    const byDefault = await choosePort(WISH, new Set(), free);
    assert.equal(byDefault.port, 8002);
    assert.match(
      byDefault.note ?? '',
      /8000 for the gateway \(the default; PORT sets another\) is in use: taking 8002/,
    );
    const set = await choosePort({ ...WISH, isSet: true }, new Set(), free);
    assert.match(set.note ?? '', /set by PORT/);
  });

  it('gives no port twice', async () => {
    const taken = new Set<number>();
    const ports = [];
    for (let i = 0; i < 3; i += 1) ports.push((await choosePort(WISH, taken, () => Promise.resolve(true))).port);
    assert.deepEqual(ports, [8000, 8001, 8002]);
  });

  it('gives up where nothing near is free, also at the end of the range', async () => {
    for (const port of [8000, 65_530]) {
      await assert.rejects(
        choosePort({ ...WISH, port }, new Set(), () => Promise.resolve(false)),
        PortsInUse,
      );
    }
  });

  for (const host of ['127.0.0.1', '0.0.0.0']) {
    it(`sees a listener on ${host}`, async () => {
      const server = await listen(host);
      const { port } = server.address() as AddressInfo;
      assert.equal(await isPortFree(port), false);
      await new Promise((resolve) => server.close(resolve));
      assert.equal(await isPortFree(port), true);
    });
  }
});

function listen(host: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, host, () => resolve(server));
  });
}
