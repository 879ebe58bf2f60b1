import { queues } from '../../functions/queues.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { containerNames, type ContainerName } from '../../shared/adapters/blobs/container-names.ts';
import { workQueues, type WorkQueue } from '../../shared/adapters/queues/queue-names.ts';
import { fixedTables, type TableName } from '../../shared/adapters/tables/table-names.ts';
import { neededRoles } from './rules/roles.ts';

const root = join(import.meta.dirname, '../..');

/** All that ships, but the lists themselves. */
function sourcesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('-names.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
}

const adapters = sourcesOf('shared/adapters').join('\n');
const shared = sourcesOf('shared').join('\n');
const functions = sourcesOf('functions').join('\n');

/** Nothing in Azure is opened with these: the app's own functions, and tokens for all the others. */
const openNothing = ['@azure/functions', '@azure/identity'];

describe('the roles of the app', () => {
  it('are those for the packages with which its code opens something in Azure, and for the vault of its settings', () => {
    const imported = [...`${shared}\n${functions}`.matchAll(/from '(@azure\/[\w-]+)'/g)].map(
      ([, name = '']) => name,
    );
    const opening = new Set(imported.filter((name) => !openNothing.includes(name)));
    const used = neededRoles.flatMap(({ usedThrough }) => usedThrough ?? []);
    expect(used.toSorted()).toEqual([...opening].sort());
    const byThePlatform = neededRoles.filter(({ usedThrough }) => usedThrough === undefined);
    expect(byThePlatform.map(({ name }) => name)).toEqual(['Key Vault Secrets User']);
  });
});

// That nothing else is used, the compiler sees to: the adapters take no other name.
describe('the lists of names', () => {
  it('hold each queue that a function is triggered by, and no other', () => {
    expect(queues.map(({ queueName }) => queueName).toSorted()).toEqual([...workQueues].sort());
  });

  it.each(fixedTables)('hold the table %s because an adapter uses it', (table) => {
    expect(adapters).toContain(`'${table}'`);
  });

  it.each(containerNames)('hold the container %s because an adapter uses it', (container) => {
    expect(adapters).toMatch(new RegExp(`containerOf\\([^)]*(\\([^)]*\\))?, '${container}'\\)`));
  });

  it('know no other name', () => {
    expectTypeOf<'Ledgers'>().not.toExtend<TableName>();
    expectTypeOf<'raws'>().not.toExtend<ContainerName>();
    expectTypeOf<'raw-blob'>().not.toExtend<WorkQueue>();
  });

  it('are the only way to a client of storage', () => {
    const untyped = /\.(getContainerClient|getQueueClient)\(['"`]/;
    expect(adapters).not.toMatch(untyped);
  });
});
