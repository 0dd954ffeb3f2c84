import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { GALLERY, pictureOf } from '../../../scripts/gallery.js';

describe('the gallery', () => {
  it('shows every example crew, with the picture that it has today', () => {
    const crews = readdirSync('crews').map((file) => file.replace('.yaml', ''));
    assert.deepEqual([...GALLERY].sort(), crews.sort());
    const page = readFileSync('docs/gallery.md', 'utf8');
    for (const name of GALLERY) {
      assert.ok(page.includes(`gallery/${name}.svg`), name);
      assert.equal(readFileSync(`docs/gallery/${name}.svg`, 'utf8'), pictureOf(name), `npm run gallery: ${name}`);
    }
  });
});
