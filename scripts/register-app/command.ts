/** `auditkeep register-app`: creates or completes the app registration in your tenant, through Microsoft Graph. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import * as z from 'zod';
import { cloudEndpoints, clouds } from '../../shared/activity/clouds.ts';
import type { Context, Define, Environment, Outcome } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';
import { counted } from '../command-line/terminal-text.ts';
import { guid, oneOf, parsedBy } from '../command-line/values.ts';
import { createCredential, signIn } from './credential.ts';
import { createGraphClient } from './graph-client.ts';
import type { PermissionOption } from '../../shared/tenants/permissions.ts';
import { register, type Registration } from './register.ts';
import type { Wanted } from './work.ts';

const help = `
Requires the Entra role Application Administrator or Cloud Application Administrator, and a
sign-in: az login, Azure PowerShell, azd auth login, or AZURE_TENANT_ID, AZURE_CLIENT_ID and
AZURE_CLIENT_SECRET of an application with the permission Application.ReadWrite.All.

Environment:
  AUDITKEEP_GRAPH_URL      address of Graph, in place of the cloud's own
  AUDITKEEP_AUTHORITY_URL  address of sign-in, in place of the cloud's own`;

/** Entra's limit. */
const longestName = 120;
const nameMessage = `Must have 1 to ${longestName} characters.`;
const displayName = parsedBy(z.string().min(1, nameMessage).max(longestName, nameMessage));

export const define: Define = (command, context) => {
  command
    .description(
      'Creates the app registration of Auditkeep in your own tenant, or completes the existing one, and prints the ' +
        'settings for the deployment. It may be repeated: whatever is right remains unchanged.',
    )
    .option(
      '--url <url>',
      'address of the deployment, to which administrators return after consent',
      parseCallbackUrl,
    )
    .option(
      '--identity <id>',
      "principal (object) ID of the app's user-assigned identity, which signs in as the application without a secret",
      guid,
    )
    .option('--dlp', 'also request ActivityFeed.ReadDlp, for tenants whose DLP.All is collected')
    .option(
      '--backfill',
      'also request AuditLogsQuery.Read.All, for backfills of what happened before collection',
    )
    .option('--name <name>', 'name of the registration', displayName, 'Auditkeep')
    .option('--client-id <id>', 'complete the registration with this client ID, whatever its name', guid)
    .option('--tenant <id>', 'your tenant, if you are signed in to several', guid)
    .option('--cloud <cloud>', clouds.join(', '), oneOf(clouds), 'enterprise')
    .option('--what-if', 'show what would change, and change nothing')
    .addHelpText('after', help)
    .action(async ({ url: callbackUrl, tenant: tenantId, dlp, backfill, whatIf = false, ...rest }) => {
      const options = optionsOf({ dlp, backfill });
      context.report(await registerApp(context, { ...rest, callbackUrl, tenantId, options, whatIf }));
    });
};

function optionsOf(
  given: Readonly<Record<PermissionOption, true | undefined>>,
): ReadonlySet<PermissionOption> {
  const options: readonly PermissionOption[] = ['dlp', 'backfill'];
  return new Set(options.filter((option) => given[option] === true));
}

/** With or without `/api`, as in AUDITKEEP_PUBLIC_URL or in the browser. Entra compares redirect URIs exactly. */
function parseCallbackUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'https:' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new InvalidArgumentError('Must be an address such as https://myapp.azurewebsites.net.');
  }
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path === '' ? '/api' : path}/consent/callback`;
}

async function registerApp(context: Context, wanted: Wanted): Promise<Outcome> {
  const { cloud, tenantId, whatIf } = wanted;
  const { env, notify, pause, httpsAgent } = context;
  const graphUrl = urlIn(env, 'AUDITKEEP_GRAPH_URL') ?? cloudEndpoints[cloud].graphUrl;
  const options = { cloud, tenantId, authorityUrl: urlIn(env, 'AUDITKEEP_AUTHORITY_URL') };
  const { token, tenantId: publisherId } = await signIn(
    context.credential ?? createCredential(options),
    options,
  );
  const graph = createGraphClient({ graphUrl, token, pause, httpsAgent });
  const onChange = (change: string): void => {
    notify(`${whatIf ? 'would' : 'now'}: ${change}`);
  };
  const registration = await register({ graph, wanted, publisherId, pause, onChange });
  return { exitCode: 0, answer: registration, text: describe(registration, whatIf) };
}

/** Without a trailing slash. @throws UsageError */
function urlIn(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim() ?? '';
  if (value === '') return undefined;
  if (!URL.canParse(value) || new URL(value).protocol !== 'https:') {
    throw new UsageError(`${name} must be a URL that begins with https://`);
  }
  return value.replace(/\/+$/, '');
}

function describe({ clientId, publisherId, changes, notes }: Registration, whatIf: boolean): string {
  const count = counted(changes.length, 'change');
  const done = whatIf ? `${count} would be made; nothing was changed.` : `${count} made.`;
  const settings = `
For the parameter file in infra/parameters, or for the environment that it reads:
AUDITKEEP_CLIENT_ID=${clientId ?? ''}
AUDITKEEP_PUBLISHER_ID=${publisherId}`;
  return [
    changes.length === 0 ? 'Everything is up to date; nothing was changed.' : done,
    ...notes,
    ...(clientId === undefined ? [] : [settings]),
  ].join('\n');
}
