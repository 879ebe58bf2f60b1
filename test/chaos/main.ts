/** `npm run test:chaos`: the long run, with the table of what was injected and what held. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../local/build.ts';
import { bundle } from '../local/bundle.ts';
import { projectFolder } from '../local/child.ts';
import { hostSource } from '../local/host-process.ts';
import { interruptions, onInterruption } from '../local/interruption.ts';
import { startStorage } from '../local/storage.ts';
import { parseOptions, usage, type ChaosOptions } from './options.ts';
import { describeReport, holds } from './report.ts';
import { preloadedScripts, redeliverSoon } from './resources.ts';
import { runChaos } from './run.ts';

// What this process started notices its end, and ends too.
onInterruption((signal) => process.exit(interruptions[signal]));

async function run(options: ChaosOptions): Promise<void> {
  console.log(`Seed ${options.seed}; npm run test:chaos -- --seed ${options.seed} repeats it.`);
  const folder = await mkdtemp(join(tmpdir(), 'auditkeep-chaos-'));
  const app = await buildApp(folder);
  const emulator = await startStorage({ accounts: ['chaos', 'faultless'] });
  const [connectionString = '', faultlessConnectionString = ''] = emulator.connectionStrings;
  try {
    const resources = { ...app, connectionString, faultlessConnectionString };
    const report = await runChaos(options, resources, console.log);
    console.log(describeReport(report));
    if (!holds(report)) process.exitCode = 1;
  } finally {
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Everything that hosts are made of, in one folder. */
async function buildApp(folder: string) {
  const scripts = [hostSource, ...preloadedScripts];
  const [script = '', ...preloaded] = scripts.map((_, at) => join(folder, `script-${at}.mjs`));
  await build(folder);
  await cp(join(projectFolder, 'host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ main: 'main.mjs' }));
  await redeliverSoon(folder);
  for (const [at, source] of scripts.entries()) await bundle(source, [script, ...preloaded][at] ?? '');
  return { folder, script, preloaded };
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) console.log(usage);
  else await run(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
