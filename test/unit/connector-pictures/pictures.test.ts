/** The pictures in the docs show the connector as it is; `npx vitest run test/unit/connector-pictures -u` writes them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardOf } from '../../support/connector-pictures/card.ts';
import { drawCard } from '../../support/connector-pictures/draw.ts';
import { connectorPictures } from '../../support/connector-pictures/connector-pictures.ts';
import { projectFolder } from '../../local/child.ts';

const docs = join(projectFolder, 'docs');

describe('the pictures of the connector', () => {
  it('are current', async () => {
    const pictures = connectorPictures();
    for (const [name, content] of pictures)
      await expect(content).toMatchFileSnapshot(join(docs, 'pictures', name));
    expect(readdirSync(join(docs, 'pictures')).sort()).toEqual([...pictures.keys()].sort());
  });

  it('are all shown, each with alternative text', () => {
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
