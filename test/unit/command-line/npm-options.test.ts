/** Options that npm takes for itself because `--` is missing: nothing runs, and the error says what to write. */
import { describe, expect, it } from 'vitest';
import { parseOptions as parseBenchOptions } from '../../bench/options.ts';
import { parseOptions } from '../../local/options.ts';
import { runAuditkeep } from '../../support/auditkeep.ts';

/** What npm 11 sets for `npm run EVENT …`, in addition to its own settings. */
const ranBy = (event: string, settings: Readonly<Record<string, string>>) => ({
  npm_lifecycle_event: event,
  npm_lifecycle_script:
    event === 'auditkeep' ? 'tsx scripts/auditkeep.ts' : `tsx scripts/auditkeep.ts ${event}`,
  npm_config_yes: '',
  npm_config_user_agent: 'npm/11.19.1',
  ...settings,
});

describe('the command line', () => {
  it.each([
    ['tenant', 'tenant enable fabrikam.example', { npm_config_dry_run: 'true' }, '--dry-run'],
    ['tenant', 'tenant list', { npm_config_json: 'true' }, '--json'],
    ['tenant', 'tenant remove fabrikam.example --purge', { npm_config_yes: 'true' }, '--yes'],
    ['auditkeep', 'tenant enable fabrikam.example', { npm_config_dry_run: 'true' }, '--dry-run'],
    ['register-app', 'register-app', { npm_config_long: 'true', npm_config_parseable: 'true' }, '--dlp'],
  ])('run by npm as %s with %s refuses what npm took: %j', async (event, typed, settings, option) => {
    const { exitCode, output, errors } = await runAuditkeep(typed.split(' '), {
      env: ranBy(event, settings),
    });
    const rest = [event === 'auditkeep' ? typed : typed.replace(event, '').trim(), option].filter(Boolean);
    expect({ exitCode, output, errors }).toEqual({
      exitCode: 2,
      output: '',
      errors: `npm took ${option} for itself: write npm run ${event} -- ${rest.join(' ')}\n`,
    });
  });

  it('names all options that npm took, and not their values, which npm may have moved', async () => {
    const env = ranBy('key', { npm_config_name: 'true', npm_config_never_expires: 'true' });
    const { exitCode, errors } = await runAuditkeep(['key', 'my laptop'], { env });
    expect(exitCode).toBe(2);
    expect(errors).toBe(
      'npm took --name, --never-expires for itself: write npm run key -- … --name … --never-expires\n',
    );
  });

  it.each([
    ['--from', { npm_config_from: '2026-03-01' }],
    ['--to', { npm_config_token_description: '2026-03-01' }],
  ])('refuses %s that npm took with its value', async (option, settings) => {
    const { errors } = await runAuditkeep(['reindex', 'a.example'], { env: ranBy('reindex', settings) });
    expect(errors).toBe(`npm took ${option} for itself: write npm run reindex -- … ${option} …\n`);
  });

  it('quotes for the shell what needs it', async () => {
    const env = ranBy('tenant', { npm_config_dry_run: 'true' });
    const { errors } = await runAuditkeep(['tenant', 'enable', "Ada's shop"], { env });
    expect(errors).toContain(String.raw`-- enable 'Ada'\''s shop' --dry-run`);
  });

  it.each([
    [
      'an option that is also among the arguments',
      ['cost', '--json'],
      ranBy('cost', { npm_config_json: 'true' }),
    ],
    ['an option of another command', ['cost', '--json'], ranBy('cost', { npm_config_dry_run: 'true' })],
    ['an option that is switched off', ['cost'], ranBy('cost', { npm_config_json: '' })],
    ['settings of npm where npm does not run it', ['cost'], { npm_config_json: 'true' }],
  ])('accepts %s', async (_, args, env) => {
    expect((await runAuditkeep(args, { env })).exitCode).toBe(0);
  });
});

describe('npm start', () => {
  const env = { npm_lifecycle_event: 'start', npm_lifecycle_script: 'node --import tsx test/local/start.ts' };

  it.each([
    [['export.csv'], { npm_config_records: 'true' }, '… --records …'],
    [[], { npm_config_exit: 'true', npm_config_json: 'true' }, '--exit --json'],
  ])('refuses what npm took: %j %j', (args, settings, rest) => {
    expect(() => parseOptions(args, { ...env, ...settings })).toThrow(
      `for itself: write npm start -- ${rest}`,
    );
  });
});

it('npm run bench refuses what npm took', () => {
  const env = { npm_lifecycle_event: 'bench', npm_config_json: 'true' };
  expect(() => parseBenchOptions([], env)).toThrow(
    'npm took --json for itself: write npm run bench -- --json',
  );
});
