/** `npm run infra:check [-- --write] [-- FOLDER]`: has the Bicep compiler check infra/, and what it would make in Azure. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  build,
  checkFormat,
  format,
  lint,
  validateSnapshots,
  writeSnapshots,
  type Check,
  type CheckInput,
} from './infra-check/checks.ts';
import { findCompiler } from './infra-check/compiler.ts';
import { compilerVersion } from './infra-check/restore-compiler.ts';

interface Step {
  readonly name: string;
  readonly check: Check;
  readonly remedy: string;
}

const skipped = `SKIPPED: nothing in infra/ was checked, because there is no Bicep compiler on this machine.
Install the .NET SDK, from which it is restored by itself; or install \`bicep\` or the Azure CLI (\`az bicep install\`);
or name one: BICEP=/path/to/bicep npm run infra:check`;

const rewrite = 'npm run infra:check -- --write';

function stepsFor(write: boolean): readonly Step[] {
  return [
    {
      name: 'format',
      check: write ? format : checkFormat,
      remedy: `Run \`${rewrite}\`.`,
    },
    {
      name: 'lint',
      check: lint,
      remedy: 'Change the file, or decide about the rule in infra/bicepconfig.json, with the reason.',
    },
    { name: 'build', check: build, remedy: 'Change the file.' },
    {
      name: 'snapshots',
      check: write ? writeSnapshots : validateSnapshots,
      remedy:
        'This is what the change does to Azure (committed => now). If it is what you want: ' +
        `\`${rewrite}\`, and commit the snapshots with it.`,
    },
  ];
}

/** True when all is well. A step that fails to compile ends the run: all after it would say the same again. */
async function runSteps(steps: readonly Step[], input: CheckInput): Promise<boolean> {
  let clean = true;
  for (const { name, check, remedy } of steps) {
    const problems = await check(input);
    console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
    if (problems.length === 0) continue;
    clean = false;
    for (const { where, what } of problems) console.log(`  ${where}: ${what.replaceAll('\n', '\n    ')}`);
    console.log(`  What to do: ${remedy}`);
    if (name !== 'format') break;
  }
  return clean;
}

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    options: { write: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const compiler = await findCompiler();
  if (compiler === undefined) {
    console.warn(skipped);
    return true;
  }
  console.log(`Bicep ${compiler.version}, ${compiler.source}`);
  const folder = resolve(positionals[0] ?? 'infra');
  const clean = await runSteps(stepsFor(values.write), { compiler: compiler.run, folder });
  if (!clean && compiler.version !== compilerVersion) {
    console.log(
      `The snapshots were made by Bicep ${compilerVersion}; another version may see things otherwise.`,
    );
  }
  return clean;
}

process.exitCode = (await main().catch(tell)) ? 0 : 1;

function tell(error: unknown): boolean {
  console.error(error instanceof Error ? error.message : error);
  return false;
}
