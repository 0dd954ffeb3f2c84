import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BatchReader, type Request } from '../../../src/dev/pg-batches.js';

/** A message of the protocol: a letter, its length, what is in it. */
function message(letter: string, body: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter, 'latin1');
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** The first message of a connection, which has no letter. */
function first(code: number, body = ''): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(code, 4);
  return Buffer.concat([head, Buffer.from(body)]);
}

const STARTUP = first(196_608, 'user\0postgres\0\0');
const SSL = first(80_877_103);
const STATEMENT = [message('P', Buffer.from('\0SELECT $1\0')), message('B'), message('D'), message('E'), message('S')];

function read(...chunks: Buffer[]): Request[] {
  const reader = new BatchReader();
  return chunks.flatMap((chunk) => reader.push(chunk));
}

/** What runs in one go, one entry a batch. */
function batches(requests: Request[]): Buffer[] {
  return requests.flatMap((request) => (request.kind === 'batch' ? [Buffer.from(request.bytes)] : []));
}

describe('requests of a Postgres client', () => {
  it('run a statement in one go, up to its Sync', () => {
    const requests = read(SSL, STARTUP, ...STATEMENT, message('Q', Buffer.from('BEGIN\0')), message('X'));
    assert.deepEqual(
      requests.map(({ kind }) => kind),
      ['encryption', 'batch', 'batch', 'batch', 'end'],
    );
    assert.deepEqual(batches(requests), [STARTUP, Buffer.concat(STATEMENT), message('Q', Buffer.from('BEGIN\0'))]);
  });

  it('are the same in whatever pieces they arrive', () => {
    const large = message('B', Buffer.alloc(300_000, 'S'));
    const all = Buffer.concat([STARTUP, message('P'), large, message('S'), ...STATEMENT, message('X')]);
    const whole = read(all);
    assert.equal(whole.length, 4);
    fc.assert(
      fc.property(fc.array(fc.nat(all.length), { maxLength: 30 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), all.length];
        const chunks = at.slice(1).map((end, n) => all.subarray(at[n], end));
        assert.deepEqual(read(...chunks), whole);
      }),
    );
  });

  it('say that a batch goes on after a Flush', () => {
    const opened = read(STARTUP, message('P'), message('H'), message('S')).slice(1);
    assert.deepEqual(
      opened.map((request) => request.kind === 'batch' && request.open),
      [true, false],
    );
  });

  it('end with a request to cancel something: it comes on a connection of its own', () => {
    assert.deepEqual(read(first(80_877_102, '12345678')), [{ kind: 'end' }]);
  });

  it('are refused where they are none', () => {
    assert.throws(() => read(Buffer.from('GET / HTTP/1.1\r\n\r\n')), /first message/);
    assert.throws(() => read(STARTUP, Buffer.from('Q\xff\xff\xff\xff', 'latin1')), /message of/);
  });
});
