// An MCP server on stdio whose tools answer with far too much: `large` with the id at the start, `large-id-last` at the end, `endless`
// without an end. `hi` is as it should be.
import { createInterface } from 'node:readline';

const TOOLS = ['large', 'large-id-last', 'endless', 'hi'];
const piece = 'x'.repeat(1_000_000);

/** One message after the other: none begins within another. */
let last = Promise.resolve();

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const answer = (result) => inTurn(() => write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`));
  if (method === 'initialize') {
    answer({
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'large', version: '1' },
    });
  } else if (method === 'tools/list') {
    answer({
      tools: TOOLS.map((name) => ({ name, inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } })),
    });
  } else if (params.name === 'hi') answer({ content: [{ type: 'text', text: 'hi' }] });
  else inTurn(() => large(id, params.name));
});

async function large(id, name) {
  const idLast = name === 'large-id-last';
  await write(`{"jsonrpc":"2.0",${idLast ? '' : `"id":${id},`}"result":{"content":[{"type":"text","text":"`);
  for (let megabytes = 0; megabytes < 100 || name === 'endless'; megabytes++) await write(piece);
  await write(`"}]}${idLast ? `,"id":${id}` : ''}}\n`);
}

function write(text) {
  return new Promise((resolve) => process.stdout.write(text, resolve));
}

function inTurn(work) {
  last = last.then(work);
}
