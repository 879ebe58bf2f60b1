import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keysIn } from './rules/secrets.ts';

const folder = join(import.meta.dirname, '../../infra');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.bicep(param)?$/.test(file),
);
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

describe('the Bicep files', () => {
  it.each(files)('%s neither contains a key nor reads one', (file) => {
    expect(keysIn(file, read(file))).toEqual([]);
  });

  it.each(files)('%s uses no registry', (file) => {
    expect(read(file)).not.toMatch(/'(br|ts)[:/]/);
  });

  it('wire modules in main.bicep, which creates nothing itself', () => {
    expect(read('main.bicep')).not.toMatch(/^resource /m);
  });

  it('are linted with rules that are errors, or off with a reason', () => {
    const lines = read('bicepconfig.json').split('\n');
    const levels = lines.map((line) => /"level": "(\w+)"/.exec(line)?.[1]);
    expect([...new Set(levels)].filter((level) => level !== undefined).sort()).toEqual(['error', 'off']);
    const withoutReason = lines.filter((_, i) => levels[i] === 'off' && !/^\s*\/\//.test(lines[i - 1] ?? ''));
    expect(withoutReason).toEqual([]);
    expect(read('bicepconfig.json')).toMatch(
      /"use-recent-api-versions": \{ "level": "error", "maxAgeInDays": \d+ \}/,
    );
  });

  it('are all used', () => {
    const named = files.flatMap((file) => [
      ...read(file).matchAll(/'(?:\.\.\/)?(?:modules\/)?([\w-]+\.bicep)'/g),
    ]);
    const used = new Set(named.map(([, file]) => file));
    const modules = files.filter((file) => file.endsWith('.bicep')).map((file) => file.split(/[/\\]/).at(-1));
    expect(modules.filter((file) => !used.has(file))).toEqual([]);
  });
});
