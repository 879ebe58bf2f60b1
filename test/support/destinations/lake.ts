/** A container of the storage emulator that a destination fills with files, and DuckDB, which reads them. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { BlobServiceClient, ContainerSASPermissions } from '@azure/storage-blob';

export interface Lake {
  /** Of the emulator, `http://127.0.0.1:{port}`. */
  readonly upstream: string;
  /** Of the container: `/{account}/{container}`. */
  readonly path: string;
  /** A shared access signature. @param permissions @default what a destination needs */
  readonly signature: (permissions?: string) => Promise<string>;
  readonly names: () => Promise<readonly string[]>;
  /** Downloads all Parquet files, and answers a question about them, as `records`. */
  readonly ask: (sql: string) => Promise<readonly Row[]>;
  /** Downloads all files. @returns the folder, which `close` removes */
  readonly download: () => Promise<string>;
  readonly close: () => Promise<void>;
}

type Row = Readonly<Record<string, unknown>>;

export async function createLake(connectionString: string): Promise<Lake> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const container = service.getContainerClient(`lake-${randomUUID().slice(0, 8)}`);
  await container.create();
  const { origin, pathname } = new URL(container.url);
  const folder = await mkdtemp(join(tmpdir(), 'auditkeep-lake-'));
  const names = async () => {
    const found: string[] = [];
    for await (const { name } of container.listBlobsFlat()) found.push(name);
    return found;
  };
  const download = async () => {
    for (const name of await names()) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), await container.getBlobClient(name).downloadToBuffer());
    }
    return folder;
  };
  return {
    ...{ upstream: origin, path: pathname, names, download },
    signature: async (permissions = 'cw') => {
      const expiresOn = new Date(Date.now() + 3_600_000);
      const url = await container.generateSasUrl({
        permissions: ContainerSASPermissions.parse(permissions),
        expiresOn,
      });
      return new URL(url).search.slice(1);
    },
    ask: async (sql) => {
      const from = await download();
      return (await names()).some((name) => name.endsWith('.parquet'))
        ? await answer(await openRecords(from), sql)
        : [];
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** A database in memory with the files of a folder as the view `records`. */
async function openRecords(folder: string): Promise<DuckDBConnection> {
  const database = await (await DuckDBInstance.create(':memory:')).connect();
  await database.run(`SET TimeZone = 'UTC'; CREATE VIEW records AS
    SELECT * FROM read_parquet('${folder}/tenant=*/date=*/*.parquet', hive_partitioning = true)`);
  return database;
}

async function answer(database: DuckDBConnection, sql: string): Promise<readonly Row[]> {
  try {
    return (await database.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    database.closeSync();
  }
}
