import assert from 'node:assert/strict';
import { addressProblem } from '../../../src/adapters/net/addresses.js';
import { parseAllowedHost } from '../../../src/adapters/tools/http/allow-list.js';
import { ConfigError, loadConfig } from '../../../src/config.js';

describe('addresses that http_request may call', () => {
  const open = ['1.1.1.1', '93.184.215.14', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'];
  const closed = [
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.8.8.8',
    '169.254.1.1',
    '172.16.0.1',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:0:7f00:1',
    '64:ff9b::a00:1',
    '64:ff9b:1::808:808',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:808:808::',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '',
    'nonsense',
    '1.2.3',
  ];
  const opened = [
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '::1',
    'fd12::1',
    '::ffff:127.0.0.1',
  ];

  it('are public ones', () => {
    for (const address of open) assert.equal(addressProblem(address, false), undefined, address);
    for (const address of closed) assert.equal(typeof addressProblem(address, false), 'string', address);
  });

  it('are private and loopback ones too where the operator says so, and no others', () => {
    for (const address of [...open, ...opened]) assert.equal(addressProblem(address, true), undefined, address);
    const others = closed.filter((address) => addressProblem(address, true) !== undefined);
    for (const address of [
      '0.0.0.0',
      '169.254.1.1',
      '224.0.0.1',
      '::',
      'fe80::1',
      '64:ff9b:1::808:808',
      '2002:808:808::',
    ]) {
      assert.ok(others.includes(address), address);
    }
  });
});

describe('HTTP_TOOL_ALLOW', () => {
  it('takes hosts, wildcards, ports and addresses', () => {
    assert.deepEqual(
      loadConfig({
        DATABASE_URL: 'postgres://u@localhost/crews',
        HTTP_TOOL_ALLOW: 'API.example.com, *.a.org:8080,[::1]:81,*',
      }).HTTP_TOOL_ALLOW,
      [
        { host: 'api.example.com', wildcard: false },
        { host: 'a.org', wildcard: true, port: 8080 },
        { host: '::1', wildcard: false, port: 81 },
        { host: '*', wildcard: false },
      ],
    );
    assert.deepEqual(loadConfig({ DATABASE_URL: 'postgres://u@localhost/crews' }).HTTP_TOOL_ALLOW, []);
  });

  it('names what is no host', () => {
    for (const entry of ['https://a.org', 'a.org/path', 'a.org:0', 'a.org:99999', '*.', '*a.org', 'a b', '[nope]']) {
      assert.equal(parseAllowedHost(entry), undefined, entry);
    }
    assert.throws(
      () => loadConfig({ DATABASE_URL: 'postgres://u@localhost/crews', HTTP_TOOL_ALLOW: 'ok.org,https://a.org' }),
      (error: unknown) =>
        error instanceof ConfigError && /HTTP_TOOL_ALLOW=.*'https:\/\/a\.org' is no host/.test(error.message),
    );
  });
});
