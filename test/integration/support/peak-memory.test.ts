import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { peakMb } from '../../support/peak-memory.ts';

const module = fileURLToPath(import.meta.resolve('../../support/peak-memory.ts'));
const script = `import { peakMb } from ${JSON.stringify(module)}; console.log(peakMb());`;

describe('the peak of memory', () => {
  it('of a small process is small, however large the one is that started it', () => {
    const held = Buffer.alloc(300 * 2 ** 20, 1);
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
    expect(Number(printed)).toBeLessThan(200);
    expect(peakMb()).toBeGreaterThan(held.byteLength / 2 ** 20);
  });
});
