/** The DuckDB statements of docs/analytics.md over raw blobs landed by the product answer what its API answers. */
import { BlobServiceClient } from '@azure/storage-blob';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { askPages, idsOf, listOf, type Query } from '../pipeline/asking.ts';
import { startPipeline, type Pipeline } from '../pipeline/pipeline.ts';
import { oddTrail, roleHolderDays, soundTrail, type LandedAt } from './invented-trail.ts';
import { answer, openDatabase, prepare, readStatements, type Asked } from './statements.ts';

const database = await openDatabase();

const statements = await readStatements('docs/analytics.md');
const february = { from: '2026-02-01', to: '2026-03-01' };
const person = 'ADA@contoso.example';

interface World {
  readonly pipeline: Pipeline;
  readonly folder: string;
  readonly contoso: string;
  readonly odd: string;
}

let world: World;

async function startWorld(): Promise<World> {
  const pipeline = await startPipeline();
  const [contoso, odd] = await Promise.all([
    tenantWith(pipeline, 'Contoso', soundTrail('contoso', 60)),
    tenantWith(pipeline, 'Odd', oddTrail()),
    tenantWith(pipeline, 'Fabrikam', soundTrail('fabrikam', 16)),
  ]);
  for (const snapshot of roleHolderDays) await pipeline.roleHolders.save(contoso, snapshot);
  const folder = await mkdtemp(join(tmpdir(), 'auditkeep-analytics-'));
  await copyRaw(pipeline.connectionString, folder);
  return { pipeline, folder, contoso, odd };
}

async function tenantWith(pipeline: Pipeline, name: string, trail: readonly LandedAt[]): Promise<string> {
  const tenantId = await pipeline.addTenant(name);
  for (const { landedAt, contents } of trail) await pipeline.deliver(tenantId, contents, new Date(landedAt));
  return tenantId;
}

/** As `az storage blob download-batch` leaves them. */
async function copyRaw(connectionString: string, folder: string): Promise<void> {
  const raw = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('raw');
  for await (const { name } of raw.listBlobsFlat()) {
    const path = join(folder, 'raw', name);
    await mkdir(dirname(path), { recursive: true });
    await raw.getBlobClient(name).downloadToFile(path);
  }
}

const holdersSchema = z.object({
  value: z.array(z.object({ id: z.string(), userPrincipalName: z.string().optional() })),
});

/** Saves the API's answer where the statements read it, and returns the names in it. */
async function saveHolders(tenantId: string): Promise<readonly string[]> {
  const { from, to } = february;
  const { body } = await world.pipeline.get(`tenants/${tenantId}/roleHolders?from=${from}&to=${to}`);
  await writeFile(join(world.folder, 'holders.json'), body);
  const { value } = holdersSchema.parse(JSON.parse(body.toString()));
  return value.map(({ id, userPrincipalName }) => userPrincipalName ?? `ServicePrincipal_${id}`);
}

function askedOf(tenant: string, other: Partial<Asked> = {}): Asked {
  const { folder } = world;
  return {
    ...{ raw: join(folder, 'raw'), holders: join(folder, 'holders.json'), tenant, person },
    ...february,
    ...other,
  };
}

async function idsFromApi(tenantId: string, query: Query): Promise<readonly string[]> {
  const pages = await askPages(world.pipeline, { tenantId, query: { ...february, top: '1000', ...query } });
  return idsOf(pages).toSorted();
}

const idsIn = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map(({ id }) => String(id)).toSorted();

describe('the DuckDB statements of docs/analytics.md', () => {
  beforeAll(async () => {
    world = await startWorld();
  });

  afterAll(async () => {
    await world.pipeline.stop();
    await rm(world.folder, { recursive: true });
  });

  const ask = (name: string) => answer(database, statements, name);

  it('find everything that the global administrators did, as the API does', async () => {
    const names = await saveHolders(world.contoso);
    await prepare(database, statements, askedOf(world.contoso));
    const ids = await idsFromApi(world.contoso, { users: listOf(names) });
    expect(names).toHaveLength(3);
    expect(ids.length).toBeGreaterThan(20);
    expect(idsIn(await ask('global-administrators'))).toEqual(ids);
  });

  it('find what one person did in SharePoint, as the API does', async () => {
    await prepare(database, statements, askedOf(world.contoso));
    const ids = await idsFromApi(world.contoso, { users: person, service: 'SharePoint,OneDrive' });
    expect(ids.length).toBeGreaterThan(3);
    expect(idsIn(await ask('one-person-in-sharepoint'))).toEqual(ids);
  });

  it('find the same for a person whose name is not ASCII, in another month', async () => {
    const march = { from: '2026-03-01', to: '2026-04-01' };
    const asked = { person: 'ZOË@contoso.example'.normalize('NFD'), ...march };
    await prepare(database, statements, askedOf(world.contoso, asked));
    const query = { users: asked.person, service: 'SharePoint,OneDrive', ...march };
    const ids = await idsFromApi(world.contoso, query);
    expect(ids.length).toBeGreaterThan(0);
    expect(idsIn(await ask('one-person-in-sharepoint'))).toEqual(ids);
  });

  it('return the text of each record like the API', async () => {
    await prepare(database, statements, askedOf(world.contoso));
    for (const { id, record } of (await ask('one-person-in-sharepoint')).slice(0, 5)) {
      const { body } = await world.pipeline.get(`tenants/${world.contoso}/records/${String(id)}/auditData`);
      expect(record).toBe(body.toString());
    }
  });

  it('read no folder of another tenant or of a day outside the range', async () => {
    const days = { from: '2026-02-03', to: '2026-02-04' };
    await prepare(database, statements, askedOf(world.contoso, days));
    const plan = await database.runAndReadAll('EXPLAIN ANALYZE SELECT count(*) FROM records');
    const files = /Total Files Read: (\d+)/.exec(JSON.stringify(plan.getRowsJson()))?.[1];
    // Of twelve: landed on 15 and 27 February and 1 March; not on 1 February or 20 March.
    expect(files).toBe('3');
  });

  it('differ from the API only where the page says so', async () => {
    await prepare(database, statements, askedOf(world.odd));
    const fromApi = await idsFromApi(world.odd, { users: person, service: 'SharePoint,OneDrive' });
    const ids = idsIn(await ask('one-person-in-sharepoint'));
    const shared = await ask('shared-ids');
    const ownIds = fromApi.filter((id) => !id.startsWith('x-'));
    expect(ids.filter((id) => !id.startsWith('text '))).toEqual(ownIds);
    // Two without a GUID; the API also keeps the second content of the shared id.
    expect(fromApi).toHaveLength(ids.length + 1);
    expect(ids.length - ownIds.length).toBe(2);
    expect(shared.map(({ texts }) => String(texts))).toEqual(['2']);
  });
});
