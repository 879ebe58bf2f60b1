/** Writes the connector's files, which are made from the operations: `tsx scripts/create-connector.ts`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectorFiles } from '../shared/description/connector-files.ts';

const folder = join(import.meta.dirname, '..', 'connector');
await mkdir(folder, { recursive: true });
for (const [name, content] of connectorFiles()) await writeFile(join(folder, name), content);
console.log(`connector/: ${[...connectorFiles().keys()].join(', ')}`);
