/** A real PostgreSQL server that crashes while records are stored, and refuses one of them. */
import { vi } from 'vitest';
import * as z from 'zod';
import { postgresql } from '../../../../shared/destinations/kinds/postgresql.ts';
import { findPostgresql, titleWith } from '../../../support/postgresql/binaries.ts';
import { createDatabase, type Database } from '../../../support/postgresql/database.ts';
import { startPostgresql, type PostgresqlServer } from '../../../support/postgresql/server.ts';
import {
  patience,
  type Arrival,
  type Held,
  type Place,
  type Receiver,
  type ReceiverOfKind,
} from './receiver.ts';

const bin = findPostgresql();
const secret = 'destination-postgresql';

export const postgresqlReceiver: ReceiverOfKind = {
  kind: postgresql.name,
  title: titleWith(bin, 'a database'),
  isThere: bin !== undefined,
  keepsDuplicates: postgresql.keepsDuplicates,
  start: async (around) => receiverOf(await startPostgresql(bin ?? ''), around),
};

const rowsSchema = z.array(
  z.object({ tenantId: z.string(), id: z.string(), sequence: z.coerce.number(), line: z.number() }),
);

function receiverOf(server: PostgresqlServer, { keepSecret }: Place): Receiver {
  const database = createDatabase(server);
  keepSecret(secret, database.password);
  const hold = async (): Promise<Held> => ({
    end: await database.hold('lock table auditkeep.records in share mode'),
    reached: () =>
      vi.waitFor(() => {
        if (database.rows(waiting).length === 0) throw new Error('No host stores records.');
      }, patience),
  });
  return {
    settings: { ...database.settings, authentication: { kind: 'password', secret } },
    arrivals: () => (hasTables(database) ? arrivalsIn(database) : []),
    count: () =>
      hasTables(database) ? Number(database.rows('select count(*) from auditkeep.records')[0]?.['count']) : 0,
    hold,
    fail: async () => {
      const { reached, end } = await hold();
      return async () => {
        // Also if none came: whatever waits for the lock would wait forever.
        try {
          await reached();
          await server.crash();
        } finally {
          await end();
        }
        await server.start();
      };
    },
    refuse: (recordId) => {
      database.run(`alter table auditkeep.records add constraint refusing check (id <> '${recordId}')`);
    },
    stop: () => server.remove(),
  };
}

const waiting = `select from pg_stat_activity where usename = current_database() and wait_event_type = 'Lock'`;

function hasTables(database: Database): boolean {
  return database.rows(`select where to_regclass('auditkeep.records') is not null`).length > 0;
}

function arrivalsIn(database: Database): readonly Arrival[] {
  const columns = `tenant_id as "tenantId", id, sequence, line`;
  return rowsSchema.parse(database.rows(`select ${columns} from auditkeep.records order by sequence, line`));
}
