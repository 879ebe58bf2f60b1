import { queues } from '../../functions/queues.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { containerNames, type ContainerName } from '../../shared/adapters/blobs/container-names.ts';
import { workQueues, type WorkQueue } from '../../shared/poison/queue-names.ts';
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
  it('match the packages with which its code accesses Azure, and the vault of its settings', () => {
    const imported = [...`${shared}\n${functions}`.matchAll(/from '(@azure\/[\w-]+)'/g)].map(
      ([, name = '']) => name,
    );
    const opening = new Set(imported.filter((name) => !openNothing.includes(name)));
    const used = neededRoles.flatMap(({ usedThrough }) => usedThrough ?? []);
    expect(used.toSorted()).toEqual([...opening].sort());
    const byThePlatform = neededRoles.filter(({ usedThrough }) => usedThrough === undefined);
    expect(byThePlatform.map(({ name }) => name)).toEqual([
      ...['Storage Blob Data Owner', 'Storage Blob Data Reader', 'Key Vault Secrets User'],
    ]);
  });
});

// That nothing else is used, the compiler sees to: the adapters take no other name.
describe('the lists of names', () => {
  it('contain each queue that triggers a function, and no other', () => {
    expect(queues.map(({ queueName }) => queueName).toSorted()).toEqual([...workQueues].sort());
  });

  it.each(fixedTables)('contain the table %s, which an adapter uses', (table) => {
    expect(adapters).toContain(`'${table}'`);
  });

  it.each(containerNames)('contain the container %s, which an adapter uses', (container) => {
    expect(adapters).toMatch(new RegExp(`containerOf\\([^)]*(\\([^)]*\\))?, '${container}'\\)`));
  });

  it('contain no other name', () => {
    expectTypeOf<'Ledgers'>().not.toExtend<TableName>();
    expectTypeOf<'raws'>().not.toExtend<ContainerName>();
    expectTypeOf<'raw-blob'>().not.toExtend<WorkQueue>();
  });

  it('are used for every storage client', () => {
    const untyped = /\.(getContainerClient|getQueueClient)\(['"`]/;
    expect(adapters).not.toMatch(untyped);
  });
});
