import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { servePglite, type PgliteServer } from '../../../src/dev/pglite-server.js';

describe('PGlite for several clients', function () {
  // The first database of a process is made, which takes long on a busy machine.
  this.timeout(120_000);
  let db: PGlite;
  let server: PgliteServer;
  before(async () => {
    db = await PGlite.create();
    server = await servePglite(db, {
      port: 0,
      onFailure: (error) => {
        throw error;
      },
    });
  });
  after(async () => {
    await server.stop();
    await db.close();
  });

  const options = () => ({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' });
  const client = async () => {
    const made = new pg.Client(options());
    made.on('error', () => undefined);
    await made.connect();
    return made;
  };

  it('answers each with its own, though values arrive in pieces', async () => {
    const pool = new pg.Pool({ ...options(), max: 10 });
    const large = 'x'.repeat(1_000_000);
    const ask = async (asker: number, time: number) => {
      const value = `${asker}/${time} ${asker === 0 ? large : ''}`;
      const { rows } = await pool.query<{ value: string; asker: string }>(
        `SELECT $1::text AS value, '${asker}' AS asker`,
        [value],
      );
      assert.equal(rows[0]?.asker, String(asker), 'the answer to its own statement');
      assert.ok(rows[0]?.value === value, 'with its own values');
    };
    try {
      const askers = [...Array(10).keys()].map(async (asker) => {
        for (let time = 0; time < (asker === 0 ? 10 : 60); time++) await ask(asker, time);
      });
      await Promise.all(askers);
    } finally {
      await pool.end();
    }
  });

  it('lets nobody into a transaction, and goes on after an error in one', async () => {
    const [one, other] = await Promise.all([client(), client()]);
    try {
      await one.query('CREATE TABLE marks (name text)');
      await one.query('BEGIN');
      const counted = other.query<{ count: string }>('SELECT count(*) FROM marks');
      await one.query('INSERT INTO marks VALUES ($1)', ['a']);
      await assert.rejects(one.query('INSERT INTO nowhere VALUES ($1)', ['b']), /nowhere/);
      await one.query('ROLLBACK');
      assert.equal((await counted).rows[0]?.count, '0');
    } finally {
      await Promise.all([one.end(), other.end()]);
    }
  });

  it('undoes what a client did not end before it went, and lets the others go on', async () => {
    const [leaver, other] = await Promise.all([client(), client()]);
    try {
      await leaver.query('CREATE TABLE left_behind (name text)');
      await leaver.query('BEGIN');
      await leaver.query("INSERT INTO left_behind VALUES ('never committed')");
      const counted = other.query<{ count: string }>('SELECT count(*) FROM left_behind');
      (leaver as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
      assert.equal((await counted).rows[0]?.count, '0');
    } finally {
      await other.end();
    }
  });

  it('drops who does not speak the protocol, and nobody else', async () => {
    const other = await client();
    try {
      const stranger = connect(server.port, '127.0.0.1');
      stranger.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(stranger, 'close');
      assert.equal((await other.query<{ one: number }>('SELECT 1 AS one')).rows[0]?.one, 1);
    } finally {
      await other.end();
    }
  });
});
