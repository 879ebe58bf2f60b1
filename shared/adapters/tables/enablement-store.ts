/**
 * Table `Enablements`: a row each, and a row `running` that only one of them can hold. Runs alone write an enablement's
 * row, each on the condition that it is as that run left it; who asks to cancel writes to `running`.
 */
import { odata, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import {
  isFinished,
  SupersededError,
  type Enablement,
  type EnablementMessage,
  type EnablementRun,
  type EnablementStore,
} from '../../enablement/enablement.ts';
import { toEnablement, toEntity } from './enablement-row.ts';
import { isConflict, isMissing, type StoredEntity, type Tables } from './tables.ts';

const table = 'Enablements';
/** Sorts after every operation's key, which begins with a digit. */
const lockKey = 'running';
/** Somebody else is faster so often only where something is wrong. */
const maxAttempts = 10;

export function createEnablementStore(tables: Tables): EnablementStore {
  return {
    async start(enablement) {
      const { tenantId, enablementId } = enablement;
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        if (await create(tables, enablement)) return undefined;
        const running = (await lockOf(tables, tenantId))?.enablementId;
        // None: the one that was running finished in between.
        if (running !== undefined) return running === enablementId ? undefined : running;
      }
      throw new Error('An enablement could not be started, though none is running.');
    },
    async get(tenantId, enablementId) {
      const { row } = await rowsOf(tables, tenantId, enablementId);
      return row === undefined ? undefined : toEnablement(row);
    },
    async list(tenantId, top) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey lt ${lockKey}`;
      const found: Enablement[] = [];
      let token: string | undefined;
      do {
        const page = await tables.page(table, { filter, pageSize: top - found.length, token });
        found.push(...page.entities.map(toEnablement));
        token = page.token;
      } while (token !== undefined && found.length < top);
      return found;
    },
    takeOver: (message) => takeOver(tables, message),
    async requestCancel(tenantId, enablementId) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const lock = await lockOf(tables, tenantId);
        if (lock?.enablementId !== enablementId || (await mark(tables, tenantId, lock.etag))) return;
      }
      throw new Error('A request to cancel could not be stored.');
    },
  };
}

/** False when another one is running. */
async function create(tables: Tables, enablement: Enablement): Promise<boolean> {
  const { tenantId, enablementId } = enablement;
  const lock = { ...lockIn(tenantId), enablementId, run: 0, after: 0, deliveries: 0 };
  return await wins(() =>
    tables.transact(table, [
      ['create', lock],
      ['create', toEntity(enablement)],
    ]),
  );
}

/** False when the lock is not what it was. */
function mark(tables: Tables, tenantId: string, etag: string): Promise<boolean> {
  const lock = { ...lockIn(tenantId), cancelRequested: true };
  return wins(async () => {
    await tables.write(table, (client) => client.updateEntity(lock, 'Merge', { etag }));
  });
}

/** False when somebody else was faster. */
async function wins(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (!isConflict(error) && !isMissing(error)) throw error;
    return false;
  }
}

const lockSchema = z.object({
  enablementId: z.string(),
  /** Number of the newest run. */
  run: z.number(),
  /** The message that began it, by the run that sent it, and how often in a row it did. */
  after: z.number(),
  deliveries: z.number(),
  cancelRequested: z.boolean().default(false),
  etag: z.string(),
});
type Lock = z.infer<typeof lockSchema>;

const lockIn = (tenantId: string) => ({ partitionKey: tenantId, rowKey: lockKey });

async function lockOf(tables: Tables, tenantId: string): Promise<Lock | undefined> {
  const held = await tables.get(table, tenantId, lockKey);
  return held === undefined ? undefined : lockSchema.parse(held);
}

interface Rows {
  readonly row: StoredEntity | undefined;
  /** Undefined when the enablement has finished. */
  readonly lock: Lock | undefined;
}

/** Both in one request, which sees them as they were at one moment. */
async function rowsOf(tables: Tables, tenantId: string, enablementId: string): Promise<Rows> {
  const filter = odata`PartitionKey eq ${tenantId} and enablementId eq ${enablementId}`;
  const entities = await tables.all(table, { filter });
  const lock = entities.find(({ rowKey }) => rowKey === lockKey);
  return {
    row: entities.find(({ rowKey }) => rowKey !== lockKey),
    lock: lock === undefined ? undefined : lockSchema.parse(lock),
  };
}

async function takeOver(
  tables: Tables,
  { tenantId, enablementId, after = 0 }: EnablementMessage,
): Promise<EnablementRun | undefined> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { row, lock } = await rowsOf(tables, tenantId, enablementId);
    if (row === undefined || lock === undefined) return undefined;
    const [number, deliveries] = [lock.run + 1, lock.after === after ? lock.deliveries + 1 : 1];
    let etag: string | undefined;
    // Whoever has read the row before can write it no more from here on.
    const won = await wins(async () => {
      etag = await stamp(tables, row, { run: number, after, deliveries });
    });
    const { cancelRequested } = lock;
    if (won) return createRun(tables, toEnablement(row), { number, deliveries, cancelRequested, etag });
  }
  throw new Error('An enablement could not be taken over: another run was faster each time.');
}

/** Writes a run's number to the row, and all of it to the lock; gives the row's new etag where storage tells it. */
async function stamp(
  tables: Tables,
  { partitionKey, rowKey, etag }: StoredEntity,
  begun: Pick<Lock, 'run' | 'after' | 'deliveries'>,
): Promise<string | undefined> {
  const actions: TransactionAction[] = [
    ['update', { partitionKey, rowKey, run: begun.run }, 'Merge', { etag }],
    ['update', { ...lockIn(partitionKey), ...begun }, 'Merge'],
  ];
  const { subResponses } = await tables.write(table, (client) => client.submitTransaction(actions));
  return subResponses[0]?.etag;
}

interface Taken extends Pick<EnablementRun, 'number' | 'deliveries' | 'cancelRequested'> {
  readonly etag: string | undefined;
}

function createRun(tables: Tables, enablement: Enablement, { etag: taken, ...begun }: Taken): EnablementRun {
  const { tenantId, enablementId } = enablement;
  /** Of the row as this run left it; undefined: not known. */
  let etag = taken;
  const ensureNewest = (lock: Lock | undefined): Lock => {
    if (lock?.enablementId !== enablementId || lock.run !== begun.number) throw new SupersededError();
    return lock;
  };
  const readEtag = async (): Promise<string> => {
    const { row, lock } = await rowsOf(tables, tenantId, enablementId);
    ensureNewest(lock);
    if (row === undefined) throw new SupersededError();
    return row.etag;
  };
  return {
    ...begun,
    enablement,
    async save(changed) {
      let saved = false;
      while (!saved) {
        const before = etag ?? (await readEtag());
        // One that is lost may be this run's own, of which the answer was lost: it reads how it stands.
        saved = await wins(async () => {
          etag = undefined;
          etag = await write(tables, changed, before);
        });
      }
    },
    isCancelRequested: async () => ensureNewest(await lockOf(tables, tenantId)).cancelRequested,
  };
}

/** Gives the new etag; none of one that has finished. */
async function write(tables: Tables, enablement: Enablement, etag: string): Promise<string | undefined> {
  const entity = toEntity(enablement);
  if (!isFinished(enablement))
    return (await tables.write(table, (client) => client.updateEntity(entity, 'Merge', { etag }))).etag;
  const release: TransactionAction = ['delete', lockIn(enablement.tenantId)];
  await tables.transact(table, [['update', entity, 'Merge', { etag }], release]);
  return undefined;
}
