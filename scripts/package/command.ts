/** `auditkeep package`: creates the folder and archive to deploy, and measures them. */
import { relative, resolve } from 'node:path';
import { projectFolder, type Define, type Outcome } from '../command-line/context.ts';
import { assemble, type Assembled } from './assemble.ts';
import { measureLoads, type Loads } from './measure.ts';
import { findFaults, kilobytes, targets } from './targets.ts';

export const define: Define = (command, context) => {
  command
    .description(
      'Builds the app, and creates the folder to deploy and its archive next to it, <folder>.zip. Exit code 1 if it ' +
        'cannot be deployed or is too large; how long it takes to load is only reported, because a busy machine is slow.',
    )
    .option('--out <folder>', 'the folder', 'dist/package')
    .option('--report-only', 'succeed even if it is larger than its target')
    .action(async ({ out, reportOnly = false }) => {
      context.progress('Building the package');
      const assembled = await assemble(projectFolder, resolve(projectFolder, out));
      context.progress('Measuring how long it takes to load');
      context.report(outcomeOf(assembled, await measureLoads(assembled.bundle, projectFolder), reportOnly));
    });
};

function outcomeOf(assembled: Assembled, loads: Loads, reportOnly: boolean): Outcome {
  const { broken, overTarget, notices } = findFaults({ ...assembled, ...loads });
  const faults = [...broken, ...overTarget];
  return {
    exitCode: broken.length > 0 || (overTarget.length > 0 && !reportOnly) ? 1 : 0,
    answer: { ...assembled, ...loads, faults, notices },
    text: [...describe(assembled, loads), ...faults, ...notices].join('\n'),
  };
}

function describe(assembled: Assembled, { medianMs, medianCpuMs, functions }: Loads): readonly string[] {
  const here = (path: string) => relative(process.cwd(), path);
  const triggers = [...new Set(functions.map(({ trigger }) => trigger))].sort();
  return [
    `Archive    ${here(assembled.zip)}, ${kilobytes(assembled.zipBytes)}`,
    `Bundle     ${kilobytes(assembled.bundleBytes)} at a cold start (at most ${kilobytes(targets.bundleBytes)})`,
    `           ${kilobytes(assembled.totalBytes)} with what is loaded later (at most ${kilobytes(targets.totalBytes)})`,
    `Load time  ${medianMs.toFixed(0)} ms (at most ${targets.loadMs} ms), the median of five processes`,
    `           ${medianCpuMs.toFixed(0)} ms of processor time`,
    `Source maps ${here(assembled.sourceMaps)}: explain a stack when they are copied over the package`,
    ...triggers.map((trigger) => {
      const names = functions.filter((each) => each.trigger === trigger).map(({ name }) => name);
      return `${trigger} (${names.length}): ${names.sort().join(', ')}`;
    }),
  ];
}
