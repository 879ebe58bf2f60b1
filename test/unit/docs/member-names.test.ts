/** docs/query.md says where a member has other names; messages suggest the name of the place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { didYouMean } from '../../../shared/http/did-you-mean.ts';
import { filterParameters } from '../../../shared/query/filters.ts';
import { groupKeys } from '../../../shared/query/group-key.ts';
import { recordMembers } from '../../../shared/records/member-kinds.ts';
import { memberSpellings } from '../../../shared/records/member-spellings.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'query.md'), 'utf8');
const [, table = ''] = page.split('| member | filters | `groupBy` |\n| --- | --- | --- |\n');
const rows = table
  .split('\n\n')[0]
  ?.split('\n')
  .map((row) =>
    row
      .split('|')
      .slice(1, 4)
      .map((cell) => cell.replaceAll('`', '').trim()),
  );

it('lists exactly the members whose filters or groups are called otherwise', () => {
  const differing = memberSpellings.filter(
    ({ member, filters, groupKey = member }) =>
      filters.some((name) => name !== member) || groupKey !== member,
  );
  const wanted = differing.map(({ member, filters, groupKey = '' }) => [
    member,
    filters.join(', '),
    groupKey,
  ]);
  expect(rows?.toSorted()).toEqual(wanted.toSorted());
});

it.each(memberSpellings)(
  'every name of $member suggests that of the place',
  ({ member, filters, groupKey }) => {
    const names = [member, ...filters, ...(groupKey === undefined ? [] : [groupKey])];
    for (const name of names) {
      expect(recordMembers).toContain(didYouMean(name, recordMembers));
      if (filters.length > 0)
        expect(filters).toContain(didYouMean(name, Object.keys(filterParameters.shape)));
      if (groupKey !== undefined) expect(didYouMean(name, groupKeys)).toBe(groupKey);
    }
  },
);
