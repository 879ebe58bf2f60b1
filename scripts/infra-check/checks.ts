/** The checks of `auditkeep infra-check`; each lists the problems that it finds. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import * as prettier from 'prettier';
import * as z from 'zod';
import type { Compiler } from './compiler.ts';
import { linesOf, readDiagnostics, type Problem } from './diagnostics.ts';

export interface CheckInput {
  readonly compiler: Compiler;
  /** Absolute path of the folder with main.bicep. */
  readonly folder: string;
}

export type Check = (input: CheckInput) => Promise<readonly Problem[]>;

/** Replace the values of a deployment: any values do, if they are always the same. */
const sampleEnvironment = {
  AUDITKEEP_CLIENT_ID: '00000000-0000-4000-8000-000000000001',
  AUDITKEEP_ALERT_EMAIL: 'operations@partner.example',
  AUDITKEEP_BUDGET_START: '2026-12-01',
  AUDITKEEP_PRINCIPAL_ID: '00000000-0000-4000-8000-000000000002',
};
const sampleTarget = [
  ...['--tenant-id', '00000000-0000-4000-8000-0000000000aa'],
  ...['--subscription-id', '00000000-0000-4000-8000-0000000000bb'],
  ...['--resource-group', 'auditkeep', '--location', 'westeurope'],
];

/** Formats a copy and compares, so that the check changes nothing. */
export const checkFormat: Check = async ({ compiler, folder }) => {
  const copy = await mkdtemp(join(tmpdir(), 'bicep-format-'));
  try {
    await cp(folder, copy, { recursive: true });
    const failures = await format({ compiler, folder: copy });
    const files = await bicepFiles(folder);
    const changed = await Promise.all(files.map((file) => differs(join(folder, file), join(copy, file))));
    const unformatted = files.filter((_, i) => changed[i] === true);
    return [
      ...failures,
      ...unformatted.map((where) => ({ where, what: 'is not formatted as `bicep format` would.' })),
    ];
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
};

/** Formats every file where it is. */
export const format: Check = (input) =>
  compile(input, ['format', '--pattern', '**/*.bicep*', '--newline-kind', 'LF']);

/** Every file, including those that no other file uses. */
export const lint: Check = (input) => compile(input, ['lint', '--pattern', '**/*.bicep']);

/** To a template, which is discarded. */
export const build: Check = (input) => compile(input, ['build', 'main.bicep', '--stdout']);

/** Whether each parameter file still deploys the resources of the committed snapshot. */
export const validateSnapshots: Check = (input) => eachSnapshot(input, 'validate');

/** Writes the snapshot of what each parameter file deploys. */
export const writeSnapshots: Check = async (input) => {
  const problems = await eachSnapshot(input, 'overwrite');
  for (const file of await readdir(input.folder, { recursive: true })) {
    if (file.endsWith('.snapshot.json')) await tidy(join(input.folder, file));
  }
  return problems;
};

/** Sorts the outputs, which the compiler writes in another order each time. */
async function tidy(file: string): Promise<void> {
  const snapshot = z.looseObject({ outputs: z.record(z.string(), z.unknown()).default({}) });
  const { outputs, ...rest } = snapshot.parse(JSON.parse(await readFile(file, 'utf8')));
  const sorted = Object.fromEntries(Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify({ ...rest, outputs: sorted });
  await writeFile(
    file,
    await prettier.format(text, { ...(await prettier.resolveConfig(file)), filepath: file }),
  );
}

/** Two at a time: each takes a processor and half a gigabyte. */
async function eachSnapshot(input: CheckInput, mode: 'validate' | 'overwrite'): Promise<readonly Problem[]> {
  const files = (await bicepFiles(input.folder)).filter((file) => file.endsWith('.bicepparam'));
  const snapshot = (file: string) => compile(input, ['snapshot', file, '--mode', mode, ...sampleTarget]);
  return (await pMap(files, snapshot, { concurrency: 2 })).flat();
}

/** The diagnostics; where the compiler failed without one, all its output. */
async function compile(
  { compiler, folder }: CheckInput,
  args: readonly string[],
): Promise<readonly Problem[]> {
  const { ok, output } = await compiler(args, { cwd: folder, env: sampleEnvironment });
  const diagnostics = readDiagnostics(output, folder);
  if (ok || diagnostics.length > 0) return diagnostics;
  const [command = '', where = ''] = args;
  return [{ where: command === 'snapshot' ? where : command, what: linesOf(output).join('\n') }];
}

async function bicepFiles(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => /\.bicep(param)?$/.test(file)).sort();
}

async function differs(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([readFile(one, 'utf8'), readFile(other, 'utf8')]);
  return first !== second;
}
