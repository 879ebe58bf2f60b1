/** The app of these tests, built and run in local hosts that can be killed. */
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import getPort from 'get-port';
import { startAzurite } from '../../local/azurite.ts';
import { startHost, type HostProcess } from '../../local/host-process.ts';

const sources = fileURLToPath(new URL('flow-app/', import.meta.url));

export interface FlowHost {
  readonly connectionString: string;
  /** The same after every restart. */
  readonly baseUrl: string;
  /** Ends the host in the middle of whatever it does, and starts another one in its place. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @param ca of receivers on this machine, PEM */
export async function startFlowHost(ca: string): Promise<FlowHost> {
  const project = await buildProject();
  const azurite = await startAzurite();
  const { connectionString } = azurite;
  const port = await getPort({ host: '127.0.0.1' });
  const env = {
    AzureWebJobsStorage: connectionString,
    FLOW_SIGNING_KEY: randomBytes(32).toString('base64'),
    FLOW_CA: ca,
    // What a killed host was at work on must come again soon.
    LOCAL_HOST_LEASE_SECONDS: '3',
  };
  const start = () => startHost({ project, port, env });
  let host: HostProcess = await start();
  return {
    ...{ connectionString, baseUrl: host.baseUrl },
    restart: async () => {
      host.kill();
      await host.stop();
      host = await start();
    },
    stop: async () => {
      await host.stop();
      await azurite.stop();
      await rm(project, { recursive: true });
    },
  };
}

async function buildProject(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'flow-app-'));
  await build({
    entryPoints: [join(sources, 'main.ts')],
    outfile: join(project, 'dist/main.cjs'),
    ...{ bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' },
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    external: ['@azure/functions-core'],
  });
  await cp(join(sources, 'host.json'), join(project, 'host.json'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ main: 'dist/main.cjs' }));
  return project;
}
