/** What no workflow may do, and that the automatic checks are the ones that are run by hand. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const project = new URL('../../../', import.meta.url);
const folder = new URL('.github/workflows/', project);

const permissionsSchema = z.record(z.string(), z.enum(['read', 'write']));

const workflowSchema = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: permissionsSchema,
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.boolean() }),
  jobs: z.record(
    z.string(),
    z.union([
      z.object({
        permissions: permissionsSchema,
        'timeout-minutes': z.number(),
        environment: z.string().optional(),
        needs: z.string().optional(),
        steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
      }),
      // Another workflow of this repository, which is held to the same rules itself.
      z.object({ permissions: permissionsSchema, uses: z.string().startsWith('./.github/workflows/') }),
    ]),
  ),
});

const files = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith('.yml'));

const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const workflowOf = (name: string) => workflowSchema.parse(parse(read(name)));
const jobsOf = (name: string) => Object.values(workflowOf(name).jobs);
const stepsOf = (name: string) => jobsOf(name).flatMap((job) => ('steps' in job ? job.steps : []));
const commandsOf = (name: string) => stepsOf(name).flatMap(({ run }) => (run === undefined ? [] : [run]));

/** All permissions that a workflow may have; think before adding one. */
const grants = new Set(['contents: read', 'id-token: write']);

describe.each(files)('%s', (name) => {
  it('uses nothing but actions pinned to a commit, with the readable version in a comment', () => {
    const used = read(name).match(/uses: (?!\.\/).*/g) ?? [];
    expect(used).toHaveLength(stepsOf(name).filter(({ uses }) => uses !== undefined).length);
    for (const line of used) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('grants nothing by default and each job only what it needs', () => {
    expect(workflowOf(name).permissions).toEqual({});
    for (const { permissions } of jobsOf(name)) {
      for (const [scope, level] of Object.entries(permissions))
        expect(grants).toContain(`${scope}: ${level}`);
    }
  });

  it('signs in to Azure exactly where it has a token to do so', () => {
    for (const job of jobsOf(name)) {
      const { permissions } = job;
      const signsIn = 'steps' in job && job.steps.some(({ uses }) => uses?.startsWith('azure/login@'));
      expect(permissions['id-token'] === 'write').toBe(signsIn);
    }
  });

  it('is never started by a pull request with the rights of this repository', () => {
    expect(Object.keys(workflowOf(name).on)).not.toContain('pull_request_target');
    expect(Object.keys(workflowOf(name).on)).not.toContain('workflow_run');
  });

  it('knows no secret: ids are variables, and sign-in is by federation', () => {
    expect(read(name)).not.toMatch(/\bsecrets\b/);
  });

  it('puts no value from outside into the text of a command', () => {
    for (const command of commandsOf(name)) expect(command).not.toContain('${{');
  });

  it('does not leave a token in the checkout', () => {
    const checkouts = read(name).match(/uses: actions\/checkout@/g) ?? [];
    expect(read(name).match(/persist-credentials: false/g) ?? []).toHaveLength(checkouts.length);
  });
});

describe('the workflows together', () => {
  it('use each action in one version', () => {
    const used = new Set(files.flatMap((name) => stepsOf(name).flatMap(({ uses }) => uses ?? [])));
    const actions = [...used].map((uses) => uses.split('@')[0]);
    expect(new Set(actions).size).toBe(actions.length);
  });

  it('call only commands that package.json has', () => {
    const manifest = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(new URL('package.json', project), 'utf8')));
    const called = files.flatMap((name) =>
      commandsOf(name).flatMap((command) => [...command.matchAll(/npm run (?:--silent )?([\w:-]+)/g)]),
    );
    expect(called.length).toBeGreaterThan(0);
    for (const [, script = ''] of called) expect(Object.keys(manifest.scripts)).toContain(script);
  });
});

describe('check.yml', () => {
  it('runs what is run by hand, on every Node that is promised', () => {
    expect(commandsOf('check.yml')).toContain('.ci/run');
    expect(read('check.yml')).toContain("node: ['20', '22', '24']");
    const byHand = readFileSync(new URL('.ci/run', project), 'utf8');
    for (const command of ['npm ci', 'npm run --silent check', 'npm run --silent infra:check', 'npm test']) {
      expect(byHand).toContain(command);
    }
  });
});

describe('infra.yml', () => {
  it('asks and never does, and not for forks', () => {
    const commands = commandsOf('infra.yml').join('\n');
    expect(commands).toContain('az deployment group what-if');
    expect(commands).not.toMatch(/az (deployment group create|stack|functionapp|resource|role)/);
    expect(read('infra.yml')).toContain('head.repo.full_name == github.repository');
  });
});

describe('deploy.yml', () => {
  it('is not started by a pull request, waits for approval and lets a deployment end', () => {
    const { on, jobs, concurrency } = workflowOf('deploy.yml');
    expect(Object.keys(on).sort()).toEqual(['push', 'workflow_dispatch']);
    expect(jobs['deploy']).toMatchObject({ environment: 'production' });
    expect(jobs['check']).toMatchObject({ uses: './.github/workflows/check.yml' });
    expect(jobs['package']).toMatchObject({ needs: 'check' });
    expect(concurrency['cancel-in-progress']).toBe(false);
  });

  it('deploys the package that was made without rights, and asks the app how it is', () => {
    const commands = commandsOf('deploy.yml');
    const order = ['npm run --silent package', 'az deployment group create', 'config-zip', '/health'];
    const places = order.map((text) => commands.findIndex((command) => command.includes(text)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});
