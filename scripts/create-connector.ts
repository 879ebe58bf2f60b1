/** Writes the connector's files and the pictures of it, all made from the operations: `tsx scripts/create-connector.ts`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectorFiles } from '../shared/description/connector-files.ts';
import { connectorPictures } from './connector-pictures/connector-pictures.ts';

async function writeAll(folder: string, files: ReadonlyMap<string, string | Buffer>): Promise<void> {
  const path = join(import.meta.dirname, '..', folder);
  await mkdir(path, { recursive: true });
  for (const [name, content] of files) await writeFile(join(path, name), content);
  console.log(`${folder}/: ${[...files.keys()].join(', ')}`);
}

await writeAll('connector', connectorFiles());
await writeAll('docs/pictures', connectorPictures());
