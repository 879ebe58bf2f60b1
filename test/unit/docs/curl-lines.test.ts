/** The curl lines of README.md and docs: each calls an operation that exists, and the key of `npm start` may run it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scopes } from '../../../shared/access/api-keys.ts';
import { allOperations } from '../../../shared/api/all.ts';
import { methodsOf, type Operation } from '../../../shared/api/operation.ts';
import { localScopes } from '../../local/local-scopes.ts';
import { paramsOf } from '../../support/route-params.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const readme = readFileSync(join(project, 'README.md'), 'utf8');
const pages = [
  { page: 'README.md', text: readme },
  ...readdirSync(join(project, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((page) => ({ page, text: readFileSync(join(project, 'docs', page), 'utf8') })),
];

const scopesOf = ({ audience }: Operation) => (typeof audience === 'string' ? [] : [audience.scope]);

/** Every call of curl to the API in a block of code, on one line. */
function callsIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash)?\n(.*?)^```/gms)].map(([, code = '']) => code);
  // The output of the deployment is the address of the API.
  const api = /\bAPI=(https:[^;\s]+)/.exec(blocks.join(''))?.[1] ?? 'https://audit.example/api';
  return blocks
    .flatMap((code) => code.replaceAll(/\\\n\s*/g, ' ').split('\n'))
    .filter((line) => /^\s*(?:\w+=\$\()?curl /.test(line))
    .map((line) => line.replaceAll('$API', api).trim())
    .filter((line) => line.includes('/api/'));
}

function operationOf(call: string): Operation | undefined {
  const path = /\/api\/([^\s"?]+)/.exec(call)?.[1] ?? '';
  const method = call.includes(' -d ') ? 'POST' : call.includes(' -T ') ? 'PUT' : 'GET';
  return allOperations().find(
    (one) => methodsOf(one).includes(method) && paramsOf(one.route, path) !== undefined,
  );
}

const calls = pages.flatMap(({ page, text }) => callsIn(text).map((call) => ({ page, call })));

describe('a curl line', () => {
  it('is on these pages, among others', () => {
    const found = new Set(calls.map(({ page }) => page));
    expect([...found]).toEqual(
      expect.arrayContaining([
        'README.md',
        'analytics.md',
        'deploy.md',
        'exports.md',
        'imports.md',
        'query.md',
      ]),
    );
  });

  it.each(calls)('of $page calls an operation that the key of a local run may call: $call', ({ call }) => {
    const operation = operationOf(call);
    expect(operation).toBeDefined();
    if (operation !== undefined) expect(localScopes).toEqual(expect.arrayContaining(scopesOf(operation)));
  });
});

/** What downloads records: an error must not become part of the file, and -f keeps it out. */
const writesRecords = /-C - -o |> \w+\.csv$/;

describe('a curl line that fails on a refusal', () => {
  const lines = pages.flatMap(({ page, text }) =>
    text
      .split('\n')
      .flatMap((line) => (/\bcurl\b.* (?:-[a-zA-Z]*f|--fail\b)/.test(line) ? [{ page, line }] : [])),
  );

  it.each(lines)('of $page shows what the API says about it: $line', ({ line }) => {
    expect(writesRecords.test(line) || line.includes('--fail-with-body')).toBe(true);
  });

  it('is only left to -f where records are downloaded', () => {
    expect(lines.filter(({ line }) => writesRecords.test(line)).map(({ page }) => page)).toEqual([
      'exports.md',
      'exports.md',
    ]);
  });
});

describe('the key of a local run', () => {
  it('may do everything but purge and lift legal holds, as README.md says', () => {
    expect(readme).toContain('That key may do everything but purge and lift legal holds.');
    expect(scopes.filter((scope) => !localScopes.includes(scope))).toEqual(['tenants.purge']);
    const missing = allOperations().filter((one) =>
      scopesOf(one).some((scope) => !localScopes.includes(scope)),
    );
    expect(missing.map(({ id }) => id)).toEqual(['LiftLegalHold']);
  });
});
