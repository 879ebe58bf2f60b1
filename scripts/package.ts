/** `npm run package [-- --out DIR] [--report-only]`: makes the folder and archive to deploy, and says what they weigh. */
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Assembled, assemble } from './package/assemble.ts';
import { type Loads, measureLoads } from './package/measure.ts';
import { findFaults, kilobytes, targets } from './package/targets.ts';

const project = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: resolve(project, 'dist/package') },
      'report-only': { type: 'boolean', default: false },
    },
  });
  const made = await assemble(project, resolve(values.out));
  const loads = await measureLoads(made.bundle, project);
  report(made, loads);
  const { broken, overTarget } = findFaults({ ...made, ...loads });
  for (const fault of [...broken, ...overTarget]) console.error(fault);
  if (broken.length > 0 || (overTarget.length > 0 && !values['report-only'])) process.exitCode = 1;
}

function report(made: Assembled, { medianMs, medianCpuMs, functions }: Loads): void {
  const here = (path: string) => relative(process.cwd(), path);
  console.log(`Archive    ${here(made.zip)}, ${kilobytes(made.zipBytes)}`);
  console.log(`Bundle     ${kilobytes(made.bundleBytes)} (at most ${kilobytes(targets.bundleBytes)})`);
  console.log(
    `Load time  ${medianMs.toFixed(0)} ms (at most ${targets.loadMs} ms), the median of five processes`,
  );
  console.log(`           ${medianCpuMs.toFixed(0)} ms of processor time`);
  console.log(`Source map ${here(made.sourceMap)}: as main.cjs.map beside main.cjs it explains a stack`);
  for (const trigger of [...new Set(functions.map((each) => each.trigger))].sort()) {
    const names = functions.filter((each) => each.trigger === trigger).map(({ name }) => name);
    console.log(`${trigger} (${names.length}): ${names.sort().join(', ')}`);
  }
}

await main();
