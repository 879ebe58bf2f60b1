/** A stand-in for SQL Server that fails in the middle of requests. */
import { vi } from 'vitest';
import { sqlServer } from '../../../../shared/destinations/kinds/sql-server.ts';
import { insertStatement } from '../../../../shared/adapters/destinations/sql-server/statements.ts';
import { SqlError } from '../../../support/sql-server/answers.ts';
import type { StoredRow } from '../../../support/sql-server/database.ts';
import { startReceiver, type SqlServerReceiver } from '../../../support/sql-server/receiver.ts';
import type { RequestFault } from '../../../support/sql-server/stand-in.ts';
import { patience, type Arrival, type Place, type Receiver, type ReceiverOfKind } from './receiver.ts';

const secret = 'destination-sql-server';

export const sqlServerReceiver: ReceiverOfKind = {
  kind: sqlServer.name,
  title: 'a stand-in for SQL Server',
  isThere: true,
  keepsDuplicates: sqlServer.keepsDuplicates,
  start: async (around) => {
    const faults: Fault[] = [];
    const receiver = await startReceiver({ faultOf: ({ text }) => afterwards(faults, text) });
    receiver.database.rules.fault = (text) => before(faults, text);
    return receiverOf(receiver, faults, around);
  },
};

/** What becomes of one insert: nothing, and the connection breaks; an error; or it is done, and gets no answer. */
type Fault = 'unavailable' | 'busy' | 'deadlock' | 'none' | RequestFault;

/** Twice in a row as well: waits are then longer. */
const inTurn: readonly Fault[] = ['unavailable', 'none', 'busy', 'deadlock', 'cut'];

const errors: Partial<Record<Fault, SqlError>> = {
  unavailable: new SqlError(40613, 20),
  busy: new SqlError(40501, 20),
  deadlock: new SqlError(1205, 13),
};

const insert = insertStatement('auditkeep');

/** The stand-in asks for what comes after a statement before what comes first. */
function afterwards(faults: Fault[], text: string): RequestFault | undefined {
  const [next] = faults;
  if (text !== insert || (next !== 'cut' && next !== 'held')) return undefined;
  faults.shift();
  return next;
}

function before(faults: Fault[], text: string): SqlError | undefined {
  const [next] = faults;
  if (text !== insert || next === undefined || next === 'cut' || next === 'held') return undefined;
  faults.shift();
  return errors[next];
}

function receiverOf(
  { settings, password, database, standIn }: SqlServerReceiver,
  faults: Fault[],
  { keepSecret }: Place,
): Receiver {
  keepSecret(secret, password);
  const reached = () =>
    vi.waitFor(() => {
      if (faults.length > 0) throw new Error(`Nothing was stored in SQL Server: ${faults.join()}`);
    }, patience);
  const expecting = (...next: readonly Fault[]) => {
    faults.push(...next);
    return Promise.resolve(reached);
  };
  return {
    settings: { ...settings, authentication: { kind: 'password', user: 'auditkeep', secret } },
    arrivals: () => [...database.tables.records.values()].map(arrivalOf),
    count: () => database.tables.records.size,
    fail: () => expecting(...inTurn),
    hold: async () => ({
      reached: await expecting('held'),
      end: () => {
        standIn.drop();
        return Promise.resolve();
      },
    }),
    refuse: (recordId) => database.rules.refused.add(recordId),
    stop: () => standIn.stop(),
  };
}

function arrivalOf({ tenantId, columns }: StoredRow): Arrival {
  const { id, sequence, line } = columns;
  return { tenantId, id: String(id), sequence: Number(sequence), line: Number(line) };
}
