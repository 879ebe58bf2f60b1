/** The whole app as its main file registers it, in a host of its own, over the storage emulator and an issuer. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startAzurite } from '../../local/azurite.ts';
import { projectFolder } from '../../local/child.ts';
import { loadFunctionApp, type HttpFunction } from '../../local/host/function-app.ts';
import { startHost } from '../../local/host-process.ts';
import { servicesAt } from '../../local/stand-in-settings.ts';
import { clientId, publisherId, startIssuer } from './issuer.ts';

export const signingKey = Buffer.alloc(32, 7);

export type WholeApp = Awaited<ReturnType<typeof startWholeApp>>;

/** Everything is on free ports of this machine; {@link WholeApp.stop} ends all of it. */
export async function startWholeApp() {
  const [project, azurite, issuer] = [await buildApp(), await startAzurite(), await startIssuer()];
  const env = {
    AzureWebJobsStorage: azurite.connectionString,
    AUDITKEEP_CLIENT_ID: clientId,
    AUDITKEEP_CREDENTIAL: 'secret',
    AUDITKEEP_CLIENT_SECRET: 'never used',
    AUDITKEEP_PUBLISHER_ID: publisherId,
    AUDITKEEP_SIGNING_KEY: signingKey.toString('base64'),
    ...servicesAt(issuer.url),
    // Hundreds of refusals come from one address here.
    AUDITKEEP_CALLS_PER_MINUTE: '1000000',
    AUDITKEEP_FAILED_CALLS_PER_MINUTE: '1000000',
  };
  const host = await startHost({ project, env });
  return {
    issuer,
    connectionString: azurite.connectionString,
    baseUrl: `${host.baseUrl}/api`,
    functions: await registeredFunctions(project, env),
    stop: async (): Promise<void> => {
      await host.stop();
      await Promise.all([azurite.stop(), issuer.stop(), rm(project, { recursive: true })]);
    },
  };
}

/** As the main file registers them, so that none can be forgotten. */
async function registeredFunctions(
  project: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly HttpFunction[]> {
  Object.assign(process.env, env);
  return (await loadFunctionApp(join(project, 'main.cjs'), () => undefined)).httpFunctions;
}

async function buildApp(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'whole-app-'));
  await build({
    entryPoints: [join(projectFolder, 'functions/main.ts')],
    outfile: join(project, 'main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    external: ['@azure/functions-core'],
  });
  await cp(join(projectFolder, 'host.json'), join(project, 'host.json'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ main: 'main.cjs' }));
  return project;
}
