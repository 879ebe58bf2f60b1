/** From a command line to an exit code. */
import type { TokenCredential } from '@azure/identity';
import type { Agent } from 'node:https';
import { cloudEndpoints } from '../../shared/activity/clouds.ts';
import { parseCommandLine, type Wanted } from './arguments.ts';
import { signIn, type CredentialOptions } from './credential.ts';
import { createGraphClient } from './graph-client.ts';
import { register, type Registration } from './register.ts';
import { Failure, usage, UsageError } from './usage.ts';

/** What surrounds the command. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly createCredential: (options: CredentialOptions) => TokenCredential;
  readonly pause: (ms: number) => Promise<void>;
  /** For certificates that the system does not know. */
  readonly httpsAgent: Agent | undefined;
  /** To standard output. */
  readonly write: (text: string) => void;
  /** To standard error. */
  readonly writeError: (text: string) => void;
}

/** Resolves with the exit code: 0 good, 1 failed, 2 not used as it must be. */
export async function runCommand(args: readonly string[], world: World): Promise<0 | 1 | 2> {
  try {
    const line = parseCommandLine(args);
    if (line.help) world.write(`${usage}\n`);
    else await registerAndPrint(line.wanted, line.json, world);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof Failure)) throw error;
    const hint = error instanceof UsageError ? ' (npm run register-app -- --help tells more)' : '';
    world.writeError(`${error.message}${hint}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function registerAndPrint(wanted: Wanted, json: boolean, world: World): Promise<void> {
  const { cloud, tenantId } = wanted;
  const graphUrl = urlIn(world, 'AUDITKEEP_GRAPH_URL') ?? cloudEndpoints[cloud].graphUrl;
  const options = { cloud, tenantId, authorityUrl: urlIn(world, 'AUDITKEEP_AUTHORITY_URL') };
  const { token, tenantId: publisherId } = await signIn(world.createCredential(options), options);
  const graph = createGraphClient({ ...world, graphUrl, token });
  const registration = await register({
    ...{ graph, wanted, publisherId, pause: world.pause },
    say: (change) => {
      world.writeError(`${wanted.whatIf ? 'would' : 'now'}: ${change}\n`);
    },
  });
  world.write(json ? `${JSON.stringify(registration, undefined, 2)}\n` : describe(registration, wanted));
}

/** Without a slash at its end. @throws UsageError */
function urlIn({ env }: World, name: string): string | undefined {
  const value = env[name]?.trim() ?? '';
  if (value === '') return undefined;
  if (!URL.canParse(value) || new URL(value).protocol !== 'https:') {
    throw new UsageError(`${name} must be an address that begins with https://`);
  }
  return value.replace(/\/+$/, '');
}

function describe({ clientId, publisherId, changes, notes }: Registration, { whatIf }: Wanted): string {
  const count = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;
  const done = whatIf ? `${count} would be made; nothing was changed.` : `${count} made.`;
  return [
    changes.length === 0 ? 'Everything is as it should be; nothing was changed.' : done,
    ...notes,
    ...(clientId === undefined ? [] : [settingsText(clientId, publisherId)]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function settingsText(clientId: string, publisherId: string): string {
  return `
For the parameter file in infra/parameters, or for the environment it reads:
AUDITKEEP_CLIENT_ID=${clientId}
AUDITKEEP_PUBLISHER_ID=${publisherId}`;
}
