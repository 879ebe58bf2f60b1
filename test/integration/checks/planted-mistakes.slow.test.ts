/** `npm run check` on a copy of the sources, with one mistake planted at a time: each check finds its kind. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../../local/child.ts';

const folder = mkdtempSync(join(tmpdir(), 'planted-'));
const copied = ['functions', 'shared', 'scripts', 'docs', 'package.json', 'eslint.config.ts'];
const longMs = 240_000;

beforeAll(() => {
  for (const name of [...copied, '.dependency-cruiser.cjs', 'host.json', 'infra', 'connector']) {
    cpSync(join(projectFolder, name), join(folder, name), { recursive: true });
  }
  cpSync(join(projectFolder, 'tsconfig.json'), join(folder, 'tsconfig.all.json'));
  // Only what the planted files import: the rest of the project is checked elsewhere.
  const include = ['functions/self/planted.ts', 'shared/planted.ts'];
  plant('tsconfig.json', JSON.stringify({ extends: './tsconfig.all.json', include }));
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  execFileSync('git', ['init', '-q'], { cwd: folder });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a tool prints about the planted file, and whether it failed. */
async function check(tool: string, args: readonly string[]): Promise<{ failed: boolean; output: string }> {
  return await new Promise((resolve) => {
    const command = join(folder, 'node_modules/.bin', tool);
    execFile(command, args, { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: `${stdout}${stderr}` });
    });
  });
}

function plant(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

/** Each handler has one mistake, in the line that answers. */
const handlers = `import * as self from '../../shared/api/self.ts';
import * as api from '../../shared/api/tenants.ts';
import { handler } from '../../shared/http/handler.ts';

const state = { tenantId: '', idle: true, contentTypes: [], pending: 0, rejected: 0, rejectedParts: 0, unindexedLandings: 0, recordsIndexing: 0, gaps: 0, backfilled: [], nextPollDateTime: '', throttled: false };
const totals = { totalsSinceDateTime: '', contentBlobs: 0, recordsLanded: 0, recordsIndexed: 0, duplicates: 0, notUnderstood: 0 };
const good = { ...state, ...totals };
const { pending: waiting, ...renamed } = good;
export const sound = handler(api.getIngestion, (_deps, { reply }) => reply(200, good));
export const renamedMember = handler(api.getIngestion, (_deps, { reply }) => reply(200, { ...renamed, waiting }));
export const addedMember = handler(api.getIngestion, (_deps, { reply }) => reply(200, { ...good, waiting }));
export const misspelledOption = handler(api.getIngestion, (_deps, { reply }) => reply(200, { ...good, completThrough: '' }));
export const wrongValue = handler(self.getHealth, (_deps, { reply }) => reply(200, { status: 'fine' }));
export const undeclaredStatus = handler(api.getIngestion, (_deps, { reply }) => reply(204));
export const undeclaredHeader = handler(self.getHealth, (_deps, { reply }) => reply(200, { status: 'ok' }, { ETag: '' }));
export const undeclaredParameter = handler(api.listRoleHolders, (_deps, { query, reply }) => reply(200, { value: [], generatedDateTime: String(query.until) }));
export const undeclaredBody = handler(api.getIngestion, (_deps, { body, reply }) => reply(200, { ...good, tenantId: body.tenantId }));
`;

describe('a planted mistake', () => {
  it(
    'in an answer does not compile, and a declared answer does',
    async () => {
      plant('functions/self/planted.ts', handlers);
      const { output } = await check('tsc', ['--noEmit']);
      const lines = [...output.matchAll(/^functions\/self\/planted\.ts\((\d+),/gm)].map(([, line]) =>
        Number(line),
      );
      const names = [...new Set(lines)].map(
        (line) => /const (\w+)/.exec(handlers.split('\n')[line - 1] ?? '')?.[1],
      );
      expect(names.sort()).toEqual(
        [
          ...['renamedMember', 'addedMember', 'misspelledOption', 'wrongValue'],
          ...['undeclaredStatus', 'undeclaredHeader', 'undeclaredParameter', 'undeclaredBody'],
        ].sort(),
      );
      rmSync(join(folder, 'functions/self/planted.ts'));
    },
    longMs,
  );

  it(
    'of a literal inside a spread is found by the linter',
    async () => {
      plant('shared/planted.ts', 'const [a, b] = [1, 2];\nexport const row = { ...{ a, b }, c: 3 };\n');
      const { failed, output } = await check('eslint', ['shared/planted.ts']);
      expect([failed, output]).toEqual([true, expect.stringContaining('a literal inside a spread')]);
    },
    longMs,
  );

  it(
    'of a socket in the domain is found by the check of directions',
    async () => {
      plant(
        'shared/planted.ts',
        "import { createServer } from 'node:http';\n\nexport const open = createServer;\n",
      );
      const config = ['--config', '.dependency-cruiser.cjs'];
      const { failed, output } = await check('depcruise', ['shared/planted.ts', ...config]);
      expect([failed, output]).toEqual([true, expect.stringContaining('domain-opens-nothing')]);
    },
    longMs,
  );

  it(
    'of a phrase to reword is found by the check of wording',
    async () => {
      const phrase = ['Some', 'body'].join('');
      plant('shared/planted.ts', `/** ${phrase} calls. */\nexport const caller = 1;\n`);
      const { failed, output } = await check('tsx', ['scripts/check-wording.ts', 'shared/planted.ts']);
      expect([failed, output]).toEqual([true, expect.stringContaining(`shared/planted.ts:1: "${phrase}"`)]);
    },
    longMs,
  );
});
