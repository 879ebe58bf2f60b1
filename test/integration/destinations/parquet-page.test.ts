/** What docs/destinations/parquet.md shows is what the product does, and its statements answer what they claim. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParquetOpener } from '../../../shared/adapters/destinations/parquet.ts';
import { bindKind } from '../../../shared/destinations/kind.ts';
import { parquet, parquetSettings } from '../../../shared/destinations/kinds/parquet.ts';
import { parquetColumns } from '../../../shared/destinations/kinds/parquet/columns.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { normalize } from '../../../shared/records/normalize.ts';
import { createLake, type Lake } from '../../support/destinations/lake.ts';
import { outgoingText } from '../../support/destinations/outgoing-records.ts';
import { senderContext } from '../../support/destinations/sender-context.ts';
import { startStorageFront, type StorageFront } from '../../support/destinations/storage-front.ts';
import { openStorage, type TestStorage } from '../../support/run/storage.ts';
import { roleHolderDays, soundTrail } from '../analytics/invented-trail.ts';
import { answer, openDatabase, prepare, readStatements } from '../analytics/statements.ts';
import { guidOf } from '../pipeline/invented-records.ts';

const path = 'docs/destinations/parquet.md';
const page = await readFile(path, 'utf8');
const statements = await readStatements(path);

describe(path, () => {
  it('has every setting', () => {
    const table = page.slice(page.indexOf('| setting |'), page.indexOf('## Files'));
    for (const name of Object.keys(parquetSettings.shape)) expect(table).toContain(`\`${name}\``);
  });

  it('has every column, in order', () => {
    const table = page.slice(
      page.indexOf('| column |'),
      page.indexOf('Columns that a record has nothing for'),
    );
    const named = table.split('\n').flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)]);
    const names = named.map(([, name]) => name);
    expect(names.toSorted()).toEqual(parquetColumns.map(({ name }) => name).toSorted());
  });
});

const [contoso = '', fabrikam = ''] = ['contoso', 'fabrikam'].map(guidOf);

/** As they land, some of them repeatedly. */
const deliveriesOf = (name: string, tenantId: string): readonly (readonly OutgoingRecord[])[] =>
  soundTrail(name, 60).map(({ landedAt, contents }) =>
    contents.flatMap(({ body }) =>
      (JSON.parse(body.toString()) as readonly unknown[]).map((record) =>
        outgoingText(JSON.stringify(record), { tenantId, ingestedDateTime: new Date(landedAt) }),
      ),
    ),
  );

describe(`the statements of ${path}`, () => {
  const database = openDatabase();
  const deliveries = deliveriesOf('contoso', contoso);
  let storage: TestStorage;
  let lake: Lake;
  let front: StorageFront;
  let folder: string;
  beforeAll(async () => {
    storage = await openStorage();
    lake = await createLake(storage.connectionString);
    front = await startStorageFront(lake.upstream, () => 'passed');
    const kind = bindKind(parquet, createParquetOpener()).configured({
      ...{ url: `${front.origin}${lake.path}`, certificateAuthority: front.ca },
      authentication: { kind: 'sas', secret: 'destination-lake' },
    });
    const signature = await lake.signature();
    const sender = kind.open(senderContext({ secret: () => Promise.resolve(signature) }));
    for (const [at, sent] of [...deliveries, ...deliveriesOf('fabrikam', fabrikam)].entries()) {
      const batch = { id: `batch-${at}`, records: sent.map(kind.encode) };
      expect(await sender.send(batch, AbortSignal.timeout(30_000))).toMatchObject({ outcome: 'accepted' });
    }
    await sender.close();
    folder = await lake.download();
    const holders = roleHolderDays.flatMap((day) => day.holders);
    await writeFile(join(folder, 'holders.json'), JSON.stringify({ value: holders }));
  });
  afterAll(async () => {
    await front.stop();
    await lake.close();
    await storage.close();
  });

  const february = { from: '2026-02-01', to: '2026-03-01' };
  const ask = async (name: string, person: string, of = folder) => {
    const holders = join(folder, 'holders.json');
    await prepare(await database, statements, { lake: of, holders, tenant: contoso, person, ...february });
    return (await answer(await database, statements, name)).map(({ id }) => String(id));
  };
  /** By a plain loop. */
  const expected = (wanted: (record: OutgoingRecord) => boolean) => {
    const inFebruary = ({ createdDateTime: created }: OutgoingRecord) =>
      created >= new Date(february.from) && created < new Date(february.to);
    const found = deliveries.flat().filter((record) => inFebruary(record) && wanted(record));
    return [...new Set(found.map(({ id }) => id))].toSorted();
  };
  const userOf = ({ summary }: OutgoingRecord) => normalize.text(summary.userId ?? '');
  const holderNames = () => {
    const holders = roleHolderDays.flatMap((day) => day.holders);
    const names = holders.flatMap((one) => [`ServicePrincipal_${one.id}`, one.userPrincipalName ?? '']);
    return new Set(names.map(normalize.text));
  };

  it('find everything that the global administrators did', async () => {
    const names = holderNames();
    const ids = expected((record) => names.has(userOf(record)));
    expect(ids.length).toBeGreaterThan(20);
    expect((await ask('global-administrators', '')).toSorted()).toEqual(ids);
  });

  it.each(['ADA@contoso.example', ' ZOË@contoso.example'.normalize('NFD')])(
    'find what %s did in SharePoint',
    async (person) => {
      const services = new Set(['SharePoint', 'OneDrive']);
      const ids = expected(
        (record) => userOf(record) === normalize.text(person) && services.has(record.summary.service ?? ''),
      );
      expect(ids.length).toBeGreaterThan(2);
      expect((await ask('one-person-in-sharepoint', person)).toSorted()).toEqual(ids);
    },
  );

  it('see the types that the page names', async () => {
    await prepare(await database, statements, { lake: folder, tenant: contoso, ...february });
    const described = (await (await database).runAndReadAll('DESCRIBE records')).getRowObjectsJson();
    const types = new Map(described.map((row) => [row['column_name'], row['column_type']]));
    const names: Readonly<Record<string, string>> = {
      ...{ text: 'VARCHAR', time: 'TIMESTAMP WITH TIME ZONE', int: 'INTEGER', long: 'BIGINT' },
      boolean: 'BOOLEAN',
    };
    const columns = parquetColumns.map(({ name, type }) => [name, names[type]]);
    expect([...types]).toEqual([...columns, ['date', 'DATE'], ['tenant', 'VARCHAR']]);
  });

  it('see each record in the folder of its day, with the text as delivered', async () => {
    const rows = await lake.ask(
      `SELECT count(*) FILTER (date <> created::DATE OR tenant::VARCHAR <> tenant_id OR NOT json_valid(record)) AS wrong,
        count(*) AS stored FROM records WHERE tenant_id = '${contoso}'`,
    );
    expect(rows).toEqual([{ wrong: '0', stored: String(deliveries.flat().length) }]);
  });

  it('merge the files of a month into one for each tenant and day, which answer the same', async () => {
    const compacted = join(folder, 'compacted');
    await mkdir(compacted);
    const text = statements.questions.get('compact') ?? '';
    const here = text.replace('2026-01-', '2026-02-').replace("'compacted'", `'${compacted}'`);
    await prepare(await database, statements, { lake: folder, tenant: contoso, ...february });
    await (await database).run(here);
    const files = `SELECT tenant, date, count(DISTINCT filename) AS files, count(*) - count(DISTINCT id) AS duplicates
      FROM read_parquet('${compacted}/tenant=*/date=*/*.parquet', hive_partitioning = true, filename = true) GROUP BY ALL`;
    const merged = (await (await database).runAndReadAll(files)).getRowObjectsJson();
    expect(merged.length).toBeGreaterThan(4);
    for (const row of merged) expect(row).toMatchObject({ files: '1', duplicates: '0' });
    expect(await ask('global-administrators', '', compacted)).toEqual(await ask('global-administrators', ''));
    await rm(compacted, { recursive: true });
  });
});
