/** Filters by name find all that is known of a person. */
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { knownNames, nameFilters, withKnownNames } from '../../../shared/query/known-names.ts';
import { textFilters } from '../../../shared/query/member-filters.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';

const ada = ['id-ada', 'ada_fabrikam.example#EXT#@contoso.example', 'ada@fabrikam.example', '10033fff'];
const bo = ['id-bo', 'bo@contoso.example'];

function knowing(...sets: readonly (readonly string[])[]) {
  const directory = createFakeNameDirectory();
  directory.know(sets);
  return directory;
}

it.each(['ADA@fabrikam.example', 'id-ada', 'urn:spo:guest#ada@fabrikam.example', ada[1] ?? ''])(
  'a person is found by every name, such as %s',
  async (actor) => {
    const { actor: names } = await withKnownNames(knowing(ada, bo), ['t'], { actor: [actor] });
    const lower = names.map((name) => name.toLowerCase());
    for (const name of [...ada, 'urn:spo:guest#ada@fabrikam.example'])
      expect(lower).toContain(name.toLowerCase());
    expect(lower).not.toContain('id-bo');
    expect(new Set(lower).size).toBe(lower.length);
  },
);

it('someone unknown is found by what the name says', async () => {
  const names = await knownNames(knowing(bo), ['t'], { actor: ['cy_x.example#EXT#@contoso.example'] });
  expect(names?.actor).toContain('cy@x.example');
});

it('several people are found together, in several tenants', async () => {
  const asked: string[] = [];
  const directory = {
    namesIn: async (tenantId: string) => {
      asked.push(tenantId);
      return await Promise.resolve(tenantId === 'one' ? [ada] : [bo]);
    },
    mailboxesIn: () => Promise.reject(new Error('Not expected.')),
  };
  const names = await knownNames(directory, ['one', 'two'], { actor: ['id-ada', 'id-bo'] });
  expect(names?.actor).toEqual(expect.arrayContaining([...ada, ...bo]));
  expect(asked).toEqual(['one', 'two']);
});

it('are read of a few tenants at once, however many there are', async () => {
  let [reading, most] = [0, 0];
  const directory = {
    namesIn: async () => {
      most = Math.max(most, ++reading);
      await setImmediate();
      reading--;
      return [ada];
    },
    mailboxesIn: () => Promise.reject(new Error('Not expected.')),
  };
  const tenantIds = Array.from({ length: 100 }, (_, at) => `t${at}`);
  await knownNames(directory, tenantIds, { actor: ['id-ada'] });
  expect(most).toBeLessThanOrEqual(16);
});

it('other filters stay as they are, and nothing is read for them', async () => {
  const namesIn = () => Promise.reject(new Error('Not expected.'));
  const directory = { namesIn, mailboxesIn: namesIn };
  const filters = { users: ['ada@fabrikam.example'] };
  expect(await withKnownNames(directory, ['t'], filters)).toEqual(filters);
});

it('every filter by name is widened', () => {
  expect(textFilters.filter(({ byName }) => byName).map(({ name }) => name)).toEqual([...nameFilters]);
});

const director = [
  'guid-director',
  'director@contoso.example',
  'Director',
  '/o=ExchangeLabs/cn=Recipients/cn=d1',
];

it.each(['DIRECTOR@contoso.example', 'smtp:director@contoso.example', 'guid-director', 'director'])(
  'a mailbox is found by every name, such as %s, in itself and as a target',
  async (name) => {
    const directory = createFakeNameDirectory();
    directory.knowMailboxes([director, ['guid-other', 'other@contoso.example']]);
    for (const filter of ['mailbox', 'target'] as const) {
      const names = (await knownNames(directory, ['t'], { [filter]: [name] }))?.[filter] ?? [];
      const lower = names.map((one) => one.toLowerCase());
      expect(lower).toEqual(expect.arrayContaining(director.map((one) => one.toLowerCase())));
      expect(lower).not.toContain('guid-other');
    }
  },
);

it('a target is found by the names of the person and of their mailbox', async () => {
  const directory = knowing(bo);
  directory.knowMailboxes([['guid-box', 'BO@contoso.example', 'Bo Example']]);
  const names = await knownNames(directory, ['t'], { target: ['Bo Example'] });
  expect(names?.target).toEqual(expect.arrayContaining(['id-bo', 'guid-box']));
});

it('in several tenants, a mailbox is found only by names that mean the same in all of them', async () => {
  const directory = createFakeNameDirectory();
  directory.knowMailboxes([director]);
  const names = await knownNames(directory, ['one', 'two'], { mailbox: ['director@contoso.example'] });
  expect(names?.mailbox).toEqual(['director@contoso.example', '/o=ExchangeLabs/cn=Recipients/cn=d1']);
});
