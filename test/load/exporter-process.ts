/** Starts the process that exports for tests, from one bundled file as the Functions host does. */
import { build } from 'esbuild';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder } from '../local/child.ts';
import { exporterReportSchema, type ExporterJob, type ExporterReport } from './exporter-messages.ts';

export interface Exporter {
  /** @throws Error when the process ends before the export has */
  readonly report: Promise<ExporterReport>;
  /** Kills it at once. */
  kill(): Promise<void>;
}

/** Compiling at run time would take memory. @returns the path of the bundle */
export async function bundleExporter(): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'exporter-')), 'exporter.cjs');
  await build({
    ...{ entryPoints: [fileURLToPath(new URL('exporter.ts', import.meta.url))], outfile, bundle: true },
    ...{ platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' },
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  });
  return outfile;
}

export async function startExporter(bundle: string, job: ExporterJob): Promise<Exporter> {
  const child = fork(bundle, [], { cwd: projectFolder, execArgv: [] });
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended.then(failEarly)]);
  child.send(job);
  const answered = once(child, 'message').then(([message]) => exporterReportSchema.parse(message));
  const report = Promise.race([answered, ended.then(failEarly)]);
  // The killer does not wait for its report.
  report.catch(() => undefined);
  return {
    report,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function failEarly(): never {
  throw new Error('The exporting process ended.');
}
