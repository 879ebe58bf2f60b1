/** The local table service and Azurite: the same requests, the same answers, and every difference by name. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage, type TestStorage } from '../support/run/storage.ts';
import { cases, createTable } from './table-service/cases.ts';
import { exchange } from './table-service/exchange.ts';

const opened = new Map<string, TestStorage>();

beforeAll(async () => {
  opened.set('local', await openStorage());
  opened.set('azurite', await openStorage('azurite'));
});
afterAll(() => Promise.all([...opened.values()].map(({ close }) => close())));

const numbered = cases.map((one, at) => ({ ...one, table: `case${at}x` }));

async function answerOf(where: string, { table, requests }: (typeof numbered)[number]) {
  const connectionString = opened.get(where)?.connectionString ?? '';
  return await exchange({ connectionString, table }, [createTable, ...requests]);
}

describe('the local table service', () => {
  it.each(numbered)('$name', async (one) => {
    expect(await answerOf('local', one)).toEqual(one.answer);
  });
});

describe('Azurite', () => {
  it.each(numbered.filter(({ azurite }) => azurite === undefined))('agrees: $name', async (one) => {
    expect(await answerOf('azurite', one)).toEqual(one.answer);
  });

  it.each(numbered.filter(({ azurite }) => azurite !== undefined))(
    'differs: $name ($azurite.why)',
    async (one) => {
      expect(await answerOf('azurite', one)).toEqual(one.azurite?.answer);
    },
  );
});
