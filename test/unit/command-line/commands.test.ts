/** Every command, its help, and the page that lists them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runAuditkeep } from '../../support/auditkeep.ts';

const page = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8');

/** The commands that a help lists, without `help` itself. */
function commandsIn(help: string): readonly string[] {
  const [, ...sections] = help.split(/^(?:Commands|Tenants|Operations|Deployment|Development):\n/m);
  const lines = sections.flatMap((section) => (section.split('\n\n')[0] ?? '').split('\n'));
  return lines
    .flatMap((line) => /^ {2}([a-z][a-z-]*)/.exec(line)?.[1] ?? [])
    .filter((name) => name !== 'help');
}

async function allCommands(): Promise<readonly string[]> {
  const areas = commandsIn((await runAuditkeep(['--help'])).output);
  const groups = areas.map(async (area) => {
    const commands = commandsIn((await runAuditkeep([area, '--help'])).output);
    return commands.length === 0 ? [area] : commands.map((command) => `${area} ${command}`);
  });
  return (await Promise.all(groups)).flat();
}

const commands = await allCommands();

describe('every command', () => {
  it.each(commands)('%s explains its usage, without any setting', async (command) => {
    const { exitCode, output, errors } = await runAuditkeep([...command.split(' '), '--help']);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(output).toMatch(new RegExp(`^Usage: auditkeep ${command}\\b`));
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it.each(commands)('%s refuses an unknown option', async (command) => {
    const { exitCode, output, errors } = await runAuditkeep([...command.split(' '), '--nonsense']);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(/^[^\n]+ \(see --help\)\n$/);
  });

  it.each(['', 'tenant', 'poison'])('of "%s" is described by what it does, as a sentence', async (group) => {
    const { output } = await runAuditkeep([group, '--help'].filter(Boolean));
    const named = commandsIn(output);
    expect(named.length).toBeGreaterThan(2);
    for (const name of named)
      expect(output).toMatch(new RegExp(`^ {2}${name}( [\\[<].*?[\\]>])* {2,}[A-Z][a-z]+s\\b`, 'm'));
  });

  it('is listed in docs/commands.md, and no other', () => {
    const listed = [...page.matchAll(/^\| `(.+?)` \|/gm)].map(([, name = '']) => name);
    expect(listed).toEqual(commands);
  });
});

describe('the command line', () => {
  it.each([[[]], [['nonsense']], [['--nonsense']], [['constructor']]])('refuses %j', async (args) => {
    const { exitCode, output, errors } = await runAuditkeep(args);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).not.toBe('');
  });

  it('has the exit codes of docs/commands.md in its help', async () => {
    const { output } = await runAuditkeep(['--help']);
    for (const [, code = ''] of page.matchAll(/^\| (\d+) \|/gm))
      expect(output).toMatch(new RegExp(`\\b${code} \\w`));
  });

  it('takes --json before and after the command', async () => {
    const after = await runAuditkeep(['cost', '--json']);
    expect(await runAuditkeep(['--json', 'cost'])).toEqual(after);
    expect(JSON.parse(after.output)).toHaveProperty('inputs');
  });
});
