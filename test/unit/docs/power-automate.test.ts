/** The reference of docs/power-automate.md has every action and trigger of the connector, with the scope that it needs. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allOperations } from '../../../shared/api/all.ts';

const text = readFileSync(new URL('../../../docs/power-automate.md', import.meta.url), 'utf8');
const [, reference = ''] = text.split('## 5. Reference');

/** `name: scope`, of the rows of the table. */
const listed = reference.split('\n').flatMap((line) => {
  const [, names = '', scope = ''] = /^\| ([A-Z].*) \| `([a-z.]+)`/.exec(line) ?? [];
  return names === '' ? [] : names.split(' · ').map((name) => `${name}: ${scope}`);
});

const offered = allOperations().flatMap(({ summary, connector, audience }) => {
  if (connector === undefined || connector.visibility === 'internal') return [];
  return [`${connector.summary ?? summary}: ${typeof audience === 'object' ? audience.scope : audience}`];
});

it('has every action and trigger of the connector once, and no others', () => {
  expect(listed.toSorted()).toEqual(offered.toSorted());
});
