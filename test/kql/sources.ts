/** The text of what ships, to compare documents and queries with. */
import { readdirSync, readFileSync } from 'node:fs';

/** Each file of a folder and the folders in it. */
export function readSources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
}

/** All of them in one. */
export function readSource(folder: string): string {
  return readSources(folder).join('\n');
}
