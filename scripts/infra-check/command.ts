/** `auditkeep infra-check`: checks infra/ with the Bicep compiler, and what it would deploy to Azure. */
import { resolve } from 'node:path';
import type { Context, Define, Outcome } from '../command-line/context.ts';
import {
  build,
  checkFormat,
  format,
  lint,
  validateSnapshots,
  writeSnapshots,
  type Check,
  type CheckInput,
} from './checks.ts';
import { findCompiler } from './compiler.ts';
import type { Problem } from './diagnostics.ts';
import { compilerVersion } from './restore-compiler.ts';

const skipped = `SKIPPED: nothing in infra/ was checked, because this machine has no Bicep compiler.
Install the .NET SDK, with which it is restored automatically; or install \`bicep\` or the Azure CLI (\`az bicep install\`);
or set its path: BICEP=/path/to/bicep npm run infra:check`;

const rewrite = 'npm run infra:check -- --write';

export const define: Define = (command, context) => {
  command
    .description(
      'Checks the Bicep files: format, lint, build, and whether they still deploy what was committed.',
    )
    .argument('[folder]', 'the folder with main.bicep', 'infra')
    .option('--write', 'format the files and write the snapshots, in place of checking them')
    .action(async (folder, { write = false }) => {
      context.report(await checkInfra(context, resolve(folder), write));
    });
};

interface Step {
  readonly name: string;
  readonly check: Check;
  readonly remedy: string;
}

function stepsFor(write: boolean): readonly Step[] {
  return [
    { name: 'format', check: write ? format : checkFormat, remedy: `Run \`${rewrite}\`.` },
    {
      name: 'lint',
      check: lint,
      remedy: 'Change the file, or change the rule in infra/bicepconfig.json and say why.',
    },
    { name: 'build', check: build, remedy: 'Change the file.' },
    {
      name: 'snapshots',
      check: write ? writeSnapshots : validateSnapshots,
      remedy:
        'This is what the change does to Azure (committed => now). If it is intended: ' +
        `\`${rewrite}\`, and commit the snapshots with the change.`,
    },
  ];
}

async function checkInfra({ progress }: Context, folder: string, write: boolean): Promise<Outcome> {
  const compiler = await findCompiler();
  if (compiler === undefined) return { exitCode: 0, answer: { skipped: true }, text: skipped };
  const results = await runSteps(stepsFor(write), { compiler: compiler.run, folder }, progress);
  const isClean = results.every(({ problems }) => problems.length === 0);
  const { version, source } = compiler;
  const warning = `The snapshots were written by Bicep ${compilerVersion}; another version may give other results.`;
  return {
    exitCode: isClean ? 0 : 1,
    answer: { version, source, steps: results.map(({ name, problems }) => ({ name, problems })) },
    text: [
      `Bicep ${version}, ${source}`,
      ...results.flatMap(describe),
      ...(isClean || version === compilerVersion ? [] : [warning]),
    ].join('\n'),
  };
}

interface StepResult extends Step {
  readonly problems: readonly Problem[];
}

/** Ends with the first step that has a problem, after the format: later steps would repeat it. */
async function runSteps(
  steps: readonly Step[],
  input: CheckInput,
  progress: Context['progress'],
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    progress(`Checking ${step.name}`);
    const problems = await step.check(input);
    results.push({ ...step, problems });
    if (problems.length > 0 && step.name !== 'format') break;
  }
  return results;
}

function describe({ name, remedy, problems }: StepResult): readonly string[] {
  if (problems.length === 0) return [`ok   ${name}`];
  const lines = problems.map(({ where, what }) => `  ${where}: ${what.replaceAll('\n', '\n    ')}`);
  return [`FAIL ${name}`, ...lines, `  What to do: ${remedy}`];
}
