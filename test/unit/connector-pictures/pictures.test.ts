/** The pictures of the documents are those of the connector as it is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardOf } from '../../../scripts/connector-pictures/card.ts';
import { drawCard } from '../../../scripts/connector-pictures/draw.ts';
import { connectorPictures } from '../../../scripts/connector-pictures/connector-pictures.ts';
import { projectFolder } from '../../local/child.ts';

const docs = join(projectFolder, 'docs');

describe('the pictures of the connector', () => {
  it('are current; `npx tsx scripts/create-connector.ts` writes them anew', () => {
    const made = connectorPictures();
    expect(readdirSync(join(docs, 'pictures')).sort()).toEqual([...made.keys()].sort());
    for (const [name, content] of made)
      expect(readFileSync(join(docs, 'pictures', name), 'utf8')).toBe(content);
  });

  it('are all shown, each with words for who cannot see it', () => {
    const page = readFileSync(join(docs, 'power-automate.md'), 'utf8');
    for (const name of connectorPictures().keys())
      expect(page).toMatch(new RegExp(`!\\[[^\\]]{20,}\\]\\(pictures/${name.replaceAll('.', '\\.')}\\)`));
  });

  it('show what a maker fills in, and nothing internal', () => {
    const parameters = [
      { in: 'path', required: true, 'x-ms-summary': 'Tenant', 'x-ms-dynamic-values': {}, type: 'string' },
      { in: 'query', 'x-ms-summary': 'Version', 'x-ms-visibility': 'internal', type: 'string' },
      { in: 'body', schema: { $ref: '#/definitions/Body' } },
    ];
    const summary = 'Do <things> & more';
    const document = {
      paths: { '/x': { get: { operationId: 'DoThings', summary, description: 'Does.', parameters } } },
      definitions: { Body: { properties: { dryRun: { type: 'boolean', 'x-ms-summary': 'Dry Run' } } } },
    };
    const card = cardOf(document, 'DoThings');
    expect(card).toMatchObject({ title: summary, isTrigger: false });
    expect(card.fields).toEqual([
      { label: 'Tenant', isRequired: true, isList: true, hint: '' },
      { label: 'Dry Run', isRequired: false, isList: true, hint: '' },
    ]);
    expect(drawCard(card)).toContain('Do &lt;things&gt; &amp; more');
    expect(() => cardOf(document, 'Other')).toThrow('no operation Other');
  });
});
