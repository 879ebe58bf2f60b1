/**
 * Rules that others published, which are next to the project and do not belong to it; without them, this test says so
 * and does nothing.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseSigma } from '../../../../shared/detection/sigma/parse-sigma.ts';

const folder = fileURLToPath(new URL('../../../../../shared/data/sigma-m365', import.meta.url));
const isPresent = existsSync(folder);
if (!isPresent) console.warn(`SKIPPED: ${folder} does not exist, so no published Sigma rules are read.`);

describe.skipIf(!isPresent)('published rules of m365', () => {
  it.each(isPresent ? readdirSync(folder) : [])('%s is read, with its author and id', (name) => {
    const [rule] = parseSigma(readFileSync(`${folder}/${name}`, 'utf8'));
    expect(rule?.author).toBeTruthy();
    expect(rule?.id).toMatch(/^[0-9a-f-]{36}$/);
  });
});
