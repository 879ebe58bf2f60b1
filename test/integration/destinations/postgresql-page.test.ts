/** What docs/destinations/postgresql.md shows is what the product does, and its statements answer what they claim. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresqlDdl } from '../../../shared/destinations/kinds/postgresql/schema.ts';
import { postgresqlSettings } from '../../../shared/destinations/kinds/postgresql.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { normalize } from '../../../shared/records/normalize.ts';
import { roleHolderDays, soundTrail } from '../analytics/invented-trail.ts';
import { guidOf } from '../pipeline/invented-records.ts';
import { outgoingText } from '../../support/destinations/outgoing-records.ts';
import { findPostgresql, titleWith } from '../../support/postgresql/binaries.ts';
import { createDatabase, send, type Database } from '../../support/postgresql/database.ts';
import { readDatabasePage } from '../../support/destinations/database-page.ts';
import { startPostgresql, type PostgresqlServer } from '../../support/postgresql/server.ts';

const { text: page, statements: blocks } = await readDatabasePage('postgresql');

describe('docs/destinations/postgresql.md', () => {
  it('shows the statements that create the tables', () => {
    expect(blocks.get('ddl')).toBe(postgresqlDdl('auditkeep'));
  });

  it('has every setting', () => {
    const table = page.slice(page.indexOf('## Settings'), page.indexOf('## What is stored'));
    for (const name of Object.keys(postgresqlSettings.shape)) expect(table).toContain(`\`${name}\``);
  });
});

const bin = findPostgresql();
const [contoso, fabrikam] = ['contoso', 'fabrikam'].map(guidOf);

const recordsOf = (name: string, tenantId: string | undefined): readonly OutgoingRecord[] =>
  soundTrail(name, 60).flatMap(({ landedAt, contents }) =>
    contents.flatMap(({ body }) =>
      (JSON.parse(body.toString()) as readonly unknown[]).map((record) =>
        outgoingText(JSON.stringify(record), {
          tenantId: tenantId ?? '',
          ingestedDateTime: new Date(landedAt),
        }),
      ),
    ),
  );

describe.skipIf(bin === undefined)(
  titleWith(bin, 'the statements of docs/destinations/postgresql.md'),
  () => {
    let server: PostgresqlServer;
    let database: Database;
    const records = recordsOf('contoso', contoso);
    beforeAll(async () => {
      server = await startPostgresql(bin ?? '');
      database = createDatabase(server);
      const sender = database.sender();
      for (const sent of [records, recordsOf('fabrikam', fabrikam)])
        expect(await send(sender, sent)).toMatchObject({ outcome: 'accepted' });
      await sender.close();
    });
    afterAll(() => server.remove());

    const holders = roleHolderDays.flatMap((day) => day.holders);
    const settings = {
      ...{
        tenant: contoso ?? '',
        from: '2026-02-01',
        to: '2026-03-01',
        holders: JSON.stringify({ value: holders }),
      },
    };
    const idsOf = (name: string, person: string) => {
      const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
      const set = Object.entries({ ...settings, person }).map(
        ([key, text]) => `\\set ${key} ${quoted(text)}\n`,
      );
      const lines = database
        .run(`${set.join('')}${blocks.get(name) ?? ''}`)
        .trimEnd()
        .split('\n');
      return lines.map((line) => line.split('|')[0]).toSorted();
    };
    /** By a plain loop. */
    const expected = (wanted: (record: OutgoingRecord) => boolean) => {
      const inFebruary = ({ createdDateTime: created }: OutgoingRecord) =>
        created >= new Date(settings.from) && created < new Date(settings.to);
      const found = records.filter((record) => inFebruary(record) && wanted(record));
      return [...new Set(found.map(({ id }) => id))].toSorted();
    };
    const userOf = ({ summary }: OutgoingRecord) => normalize.text(summary.userId ?? '');

    it('find everything that the global administrators did', () => {
      const names = holders.flatMap((one) => [`ServicePrincipal_${one.id}`, one.userPrincipalName ?? '']);
      const folded = new Set(names.map(normalize.text));
      const ids = expected((record) => folded.has(userOf(record)));
      expect(ids.length).toBeGreaterThan(20);
      expect(idsOf('global-administrators', '')).toEqual(ids);
    });

    it.each(['ADA@contoso.example', ' ZOË@contoso.example'.normalize('NFD')])(
      'find what %s did in SharePoint',
      (person) => {
        const services = new Set(['SharePoint', 'OneDrive']);
        const ids = expected(
          (record) => userOf(record) === normalize.text(person) && services.has(record.summary.service ?? ''),
        );
        expect(ids.length).toBeGreaterThan(2);
        expect(idsOf('one-person-in-sharepoint', person)).toEqual(ids);
      },
    );

    it('move records of a month out of the default partition', async () => {
      const late = createDatabase(server, {
        rights: (role) => `${postgresqlDdl('auditkeep')}
        grant usage on schema auditkeep to ${role}; grant select, insert on all tables in schema auditkeep to ${role}`,
      });
      const sender = late.sender();
      await send(sender, records);
      const counts = 'select tableoid::regclass::text as name from auditkeep.records';
      expect(new Set(late.rows(counts).map(({ name }) => name))).toEqual(
        new Set(['auditkeep.records_default']),
      );
      late.run(blocks.get('late-partition') ?? '');
      await send(sender, records);
      await sender.close();
      const february = late.rows(
        "select from auditkeep.records_2026_02 where created < '2026-02-01' or created >= '2026-03-01'",
      );
      expect(february).toEqual([]);
      expect(late.rows('select from auditkeep.records_2026_02').length).toBe(expected(() => true).length);
    });

    it('has views that show the records of their types, each in one of them at most', () => {
      const views = [
        'exchange_admin',
        'mailbox_access',
        'file_activity',
        'sharing',
        'sign_ins',
        'directory_changes',
        'dlp',
        'teams',
      ];
      for (const view of views) expect(page).toContain(`\`${view}\``);
      const counts = views.map((view) => database.rows(`select * from auditkeep.${view}`).length);
      expect(counts[views.indexOf('file_activity')]).toBe(database.ids().length);
    });
  },
);
