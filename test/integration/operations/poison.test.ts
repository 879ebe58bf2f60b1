/** `npm run poison` on queues of the storage emulator. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resendMessages } from '../../../scripts/poison/resend-messages.ts';
import { createPoisonMessageStore } from '../../../shared/adapters/tables/poison-message-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { poisonIdOf } from '../../../shared/poison/poison-message.ts';
import { openPoisonQueue } from '../../../shared/adapters/queues/poison-queue.ts';
import type { PoisonQueue, TakenMessage } from '../../../shared/poison/poison-queue.ts';
import { poisonQueueOf, workQueues } from '../../../shared/poison/queue-names.ts';
import { useStorage } from '../../contract/storage.ts';
import { projectFolder } from '../../local/child.ts';
import { runAuditkeep, type Ran } from '../../support/auditkeep.ts';
import { bundleScript } from '../../support/run/bundle.ts';
import { createQueues, encoded, indexRequest, type Queues } from './operating.ts';

const storage = useStorage();
let env: { readonly AzureWebJobsStorage: string };
let queues: Queues;

beforeAll(() => {
  const settings = storage();
  if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
  env = { AzureWebJobsStorage: settings.connectionString };
  queues = createQueues(settings.connectionString);
});

const poison = (...args: readonly string[]): Promise<Ran> => runAuditkeep(['poison', ...args], { env });
const putAll = (texts: readonly string[]) =>
  Promise.all(texts.map((each) => queues.put('raw-blobs-poison', each)));
const notify = () => undefined;
const died = () => Promise.reject(new Error('the process died'));

describe('list', () => {
  it('finds nothing where no poison queue was ever created', async () => {
    expect(await poison('list')).toEqual({
      exitCode: 0,
      output: 'The poison queues are empty.\n',
      errors: '',
    });
  });
});

describe('with queues', () => {
  beforeEach(async () => {
    const names = workQueues.flatMap((queue) => [queue, poisonQueueOf(queue)]);
    await Promise.all(names.map((name) => queues.clear(name)));
  });

  it('list shows every queue, with IDs and ages, and takes nothing', async () => {
    const request = indexRequest();
    const trace = 'a3ce929d0e0e47360123456789abcdef';
    const message = { ...request, traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const id = await queues.put('raw-blobs-poison', encoded(message));
    for (const queue of workQueues.slice(1)) await queues.put(poisonQueueOf(queue), encoded({ version: 1 }));
    const ran = await poison('list');
    expect(ran.exitCode).toBe(1);
    for (const queue of workQueues) expect(ran.output).toContain(` ${queue} `);
    for (const shown of [id, `tenantId ${request.tenantId}`, `landingId ${request.landingId}`, '0 min']) {
      expect(ran.output).toContain(shown);
    }
    expect(ran.output).toContain(`operationId ${trace}`);
    expect((await poison('list')).output).toContain(id);
    expect(JSON.parse((await poison('list', '--json')).output)).toMatchObject({
      value: expect.arrayContaining([
        expect.objectContaining({
          queue: 'raw-blobs',
          id,
          dequeueCount: 0,
          ids: { tenantId: request.tenantId, landingId: request.landingId, operationId: trace },
        }),
      ]) as unknown,
    });
  });

  it('list says that there are more than it shows', async () => {
    await putAll(Array.from({ length: 35 }, () => encoded(indexRequest())));
    const { output } = await poison('list');
    expect(output.match(/landingId/g)).toHaveLength(32);
    expect(output).toContain('raw-blobs: about 3 more, not shown');
  });

  it('resend sends all messages back, unchanged, and leaves none', async () => {
    const texts = Array.from({ length: 40 }, () => encoded(indexRequest()));
    await putAll(texts);
    const other = await queues.put('operations-poison', encoded({ version: 1 }));
    const ran = await poison('resend', 'raw-blobs');
    expect(ran).toMatchObject({
      exitCode: 0,
      output: 'Resent from raw-blobs-poison to raw-blobs: 40 messages.\n',
    });
    expect((await queues.drain('raw-blobs')).toSorted()).toEqual(texts.toSorted());
    expect(await queues.count('raw-blobs-poison')).toBe(0);
    expect((await poison('list')).output).toContain(other);
    expect(await poison('resend', 'raw-blobs-poison')).toMatchObject({
      exitCode: 0,
      output: 'raw-blobs-poison is empty.\n',
    });
  });

  it('resend --id sends only that message, and the others are visible at once', async () => {
    const ids = await putAll(Array.from({ length: 35 }, (_, at) => encoded({ at })));
    const wanted = ids[33] ?? '';
    expect(await poison('resend', 'raw-blobs', '--id', wanted)).toMatchObject({ exitCode: 0 });
    expect(await queues.drain('raw-blobs')).toEqual([encoded({ at: 33 })]);
    expect(await queues.drain('raw-blobs-poison')).toHaveLength(34);
  });

  it('list says why a message failed, and resend and clear end its row', async () => {
    const store = createPoisonMessageStore(createTables(storage()));
    for (const command of [['resend'], ['clear', '--yes']]) {
      const [name = '', ...options] = command;
      const request = indexRequest();
      const id = await queues.put('raw-blobs-poison', encoded(request));
      const poisonId = poisonIdOf('raw-blobs', request);
      await store.put({
        ...{ id: poisonId, tenantId: request.tenantId, queue: 'raw-blobs', state: 'waiting', ids: {} },
        ...{ at: new Date(), code: 'RawBlobMissingError' },
      });
      expect((await poison('list')).output).toContain('RawBlobMissingError');
      expect(await poison(name, 'raw-blobs', '--id', id, ...options)).toMatchObject({ exitCode: 0 });
      expect(await store.list(request.tenantId)).toEqual([]);
    }
  });

  it('an ID that does not exist changes nothing', async () => {
    await queues.put('raw-blobs-poison', encoded({}));
    for (const command of [['resend'], ['clear', '--yes']]) {
      const [name = '', ...options] = command;
      const ran = await poison(name, 'raw-blobs', '--id', randomUUID(), ...options);
      expect(ran).toMatchObject({ exitCode: 1, output: '' });
      expect(ran.errors).toMatch(/^raw-blobs-poison has no message .* If list shows it, a reader has it/);
    }
    expect(await queues.drain('raw-blobs-poison')).toHaveLength(1);
  });

  it('clear deletes the named message, and only with --yes', async () => {
    const request = indexRequest();
    const id = await queues.put('raw-blobs-poison', encoded(request));
    await queues.put('raw-blobs-poison', encoded({ other: true }));
    const intent = await poison('clear', 'raw-blobs', '--id', id);
    expect(intent.exitCode).toBe(2);
    expect(intent.output).toContain(`tenantId ${request.tenantId}`);
    expect(intent.output).toContain('Nothing was done: add --yes to do it.');
    expect((await poison('list')).output).toContain(id);
    expect(await poison('clear', 'raw-blobs', '--id', id, '--yes')).toMatchObject({ exitCode: 0 });
    expect(await queues.drain('raw-blobs-poison')).toEqual([encoded({ other: true })]);
    expect(await queues.count('raw-blobs')).toBe(0);
  });

  it('a crash between put and delete loses no message: it is resent twice', async () => {
    const sent = encoded(indexRequest());
    await queues.put('raw-blobs-poison', sent);
    const queue = openPoisonQueue(queues.service, 'raw-blobs', 1);
    await expect(resendMessages({ ...queue, remove: died }, { id: undefined, notify })).rejects.toThrow(
      'died',
    );
    expect(await queues.count('raw-blobs-poison')).toBe(1);
    await expect.poll(async () => await queue.peek(), { timeout: 20_000 }).toHaveLength(1);
    expect(await poison('resend', 'raw-blobs')).toMatchObject({ exitCode: 0 });
    expect(await queues.drain('raw-blobs')).toEqual([sent, sent]);
    expect(await queues.count('raw-blobs-poison')).toBe(0);
  });

  it('a crash before the put leaves the message in the poison queue', async () => {
    await queues.put('raw-blobs-poison', encoded(indexRequest()));
    const queue = openPoisonQueue(queues.service, 'raw-blobs', 1);
    const crashing = { ...queue, putIntoWorkQueue: died };
    await expect(resendMessages(crashing, { id: undefined, notify })).rejects.toThrow('died');
    expect([await queues.count('raw-blobs-poison'), await queues.count('raw-blobs')]).toEqual([1, 0]);
  });

  it('shows only the IDs of a message, whatever is in it', async () => {
    const { tenantId } = indexRequest();
    const texts = [
      encoded({ tenantId, UserId: 'ada@contoso.example', AuditData: { Subject: 'merger' } }),
      encoded({
        tenantId: 'ada@contoso.example',
        landingId: '20260302T091407123-merger',
        id: ['merger'],
        kind: 'merger',
      }),
      encoded({ traceparent: 'merger', subscriptionId: { merger: 1 } }),
      encoded('merger of ada@contoso.example'),
      ...['merger', Buffer.from('{"merger": ada@contoso.example').toString('base64')],
    ];
    const [first = '', second = ''] = await putAll(texts);
    const all = [
      await poison('list'),
      await poison('list', '--json'),
      await poison('clear', 'raw-blobs', '--id', second),
      await poison('resend', 'raw-blobs', '--id', first),
      await poison('resend', 'raw-blobs', '--json'),
    ];
    const shown = JSON.stringify(all);
    expect(shown).toContain(tenantId);
    expect(shown).not.toMatch(/merger|ada@|UserId|AuditData/);
    expect(texts.filter((each) => shown.includes(each))).toEqual([]);
    expect(all.map(({ exitCode }) => exitCode)).toEqual([1, 1, 2, 0, 0]);
  });
});

describe('resend', () => {
  it('does not resend endlessly what fails again meanwhile', async () => {
    const moment = (second: number) => new Date(Date.UTC(2026, 2, 2, 3, 0, second));
    const messageAt = (insertedOn: Date): TakenMessage => ({
      messageId: randomUUID(),
      messageText: encoded({}),
      dequeueCount: 1,
      popReceipt: 'receipt',
      insertedOn,
    });
    let there = [messageAt(moment(1)), messageAt(moment(2))];
    const queue: PoisonQueue = {
      name: 'raw-blobs-poison',
      workQueue: 'raw-blobs',
      peek: () => Promise.resolve(there),
      count: () => Promise.resolve(there.length),
      take: () => Promise.resolve({ messages: there.splice(0), takenAt: moment(3) }),
      giveBack: (message) => Promise.resolve(void there.push(message)),
      putIntoWorkQueue: () => Promise.resolve(void (there = [...there, messageAt(moment(4))])),
      remove: () => Promise.resolve(),
    };
    const { answer } = await resendMessages(queue, { id: undefined, notify });
    expect(answer).toEqual({ queue: 'raw-blobs', sent: 2 });
    expect(there).toHaveLength(2);
  });
});

describe('invalid usage', () => {
  it.each([
    [['delete'], "Unknown command 'delete'"],
    [['list', 'raw-blobs'], "Too many arguments for 'list'"],
    [['list', '--all'], "Unknown option '--all'"],
    [['resend'], "Missing required argument 'queue'"],
    [['resend', 'raw'], 'Must be one of raw-blobs, poll-requests'],
    [['resend', 'raw-blobs', 'operations'], "Too many arguments for 'resend'"],
    [['resend', 'raw-blobs', '--id', ''], 'Must not be empty'],
    [['clear', 'raw-blobs', '--yes'], "Required option '--id <id>' not specified"],
  ])('%j is refused with one line', async (args, reason) => {
    const { exitCode, output, errors } = await poison(...args);
    expect([exitCode, output]).toEqual([2, '']);
    expect(errors).toContain(reason);
    expect(errors).toMatch(/^[^\n]* \(see --help\)\n$/);
  });

  it.each([
    [{}, 'The environment does not name a storage account: set AzureWebJobsStorage, or'],
    [{ AzureWebJobsStorage: 'nonsense' }, 'AzureWebJobsStorage must be a connection string'],
    [addressed('http://account.example'), 'AzureWebJobsStorage__blobServiceUri must be a URL'],
  ])('an environment without storage is refused: %j', async (without, reason) => {
    const { exitCode, errors } = await runAuditkeep(['poison', 'list'], { env: without });
    expect(exitCode).toBe(2);
    expect(errors).toContain(reason);
  });

  it.each([
    ['queues', ['poison', 'list']],
    ['tables', ['key', '--name', 'Ada', '--scopes', 'records.read']],
    ['blobs', ['reindex', '7d9c2b44-5a1e-4f0b-8c3d-2e6f1a90b715']],
  ])('a key that storage refuses for its %s is reported with advice, and not shown', async (_, args) => {
    const wrongKey = Buffer.alloc(64, 1).toString('base64');
    const locked = env.AzureWebJobsStorage.replace(/AccountKey=[^;]+/, `AccountKey=${wrongKey}`);
    const ran = await runAuditkeep(args, { env: { AzureWebJobsStorage: locked } });
    expect(ran).toMatchObject({ exitCode: 1, output: '' });
    expect(ran.errors).toMatch(/^The storage account refused \(403 Auth\w+\): it .*\n$/);
    expect(ran.errors).not.toContain(wrongKey);
  });

  it('local settings are read only where the environment names no storage', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'poison-'));
    const settingsFile = join(folder, 'local.settings.json');
    await writeFile(settingsFile, JSON.stringify({ Values: env }));
    expect(await runAuditkeep(['poison', 'list'], { settingsFile })).toMatchObject({ errors: '' });
    const elsewhere = await runAuditkeep(['poison', 'list'], {
      env: addressed('http://other.example'),
      settingsFile,
    });
    expect(elsewhere).toMatchObject({ exitCode: 2, output: '' });
    await writeFile(settingsFile, '{}');
    const malformed = await runAuditkeep(['poison', 'list'], { settingsFile });
    expect(malformed).toMatchObject({ exitCode: 2, output: '' });
    expect(malformed.errors).toContain('must be a JSON file with an object Values');
    await rm(folder, { recursive: true });
  });

  it('--help explains the usage', async () => {
    expect(await runAuditkeep(['poison', 'list', '--help'])).toMatchObject({ exitCode: 0, errors: '' });
  });
});

function addressed(uri: string) {
  return {
    AzureWebJobsStorage__blobServiceUri: uri,
    AzureWebJobsStorage__queueServiceUri: uri,
    AzureWebJobsStorage__tableServiceUri: uri,
  };
}

it('runs as a process with an exit code', async () => {
  await queues.put('raw-blobs-poison', encoded(indexRequest()));
  const script = await bundleScript(join(projectFolder, 'scripts/auditkeep.ts'));
  const child = spawn(process.execPath, [script, 'poison', 'list'], {
    cwd: projectFolder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const [exitCode, output] = await Promise.all([closed, text(child.stdout)]);
  expect(exitCode).toBe(1);
  expect(output).toContain('landingId');
});
