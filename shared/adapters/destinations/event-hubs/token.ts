/** What a sender proves to Event Hubs who it is with. */
import { createHmac } from 'node:crypto';
import type { EventHubsSettings } from '../../../destinations/kinds/event-hubs.ts';
import { SecretUnavailableError, type SenderContext } from '../../../destinations/kind.ts';

/** The resource is the same in all clouds. */
const scope = 'https://eventhubs.azure.net/.default';
const validSeconds = 3600;

/** What a token is for. */
export function audienceOf({ host, eventHub }: EventHubsSettings): string {
  return `sb://${host}/${eventHub}`;
}

/** How claims-based security names the type of a token that {@link tokenOf} returns. */
export function typeOfToken({ authentication }: EventHubsSettings): string {
  return authentication.kind === 'entra' ? 'jwt' : 'servicebus.windows.net:sastoken';
}

/**
 * Valid for longer than an invocation.
 * @throws Error when the vault or Entra ID does not have it
 * @throws SecretUnavailableError when the secret is not a connection string of this namespace
 */
export async function tokenOf(settings: EventHubsSettings, context: SenderContext): Promise<string> {
  const { authentication, host } = settings;
  if (authentication.kind === 'entra') return await context.token(scope);
  const { secret } = authentication;
  const token = fromConnectionString(await context.secret(secret), settings, context.now());
  if (token !== undefined) return token;
  throw new SecretUnavailableError(
    `The secret ${secret} is not a connection string of ${host} (Endpoint=sb://${host}/;SharedAccessKeyName=…;SharedAccessKey=…).`,
  );
}

/** Undefined if the text is not a connection string of this namespace. */
function fromConnectionString(text: string, settings: EventHubsSettings, now: Date): string | undefined {
  const parts = new Map(
    text
      .trim()
      .split(';')
      .map((part) => split(part)),
  );
  const endpoint = parts.get('Endpoint') ?? '';
  if (!URL.canParse(endpoint) || new URL(endpoint).hostname.toLowerCase() !== settings.host.toLowerCase())
    return undefined;
  const [ready, name, key] = ['SharedAccessSignature', 'SharedAccessKeyName', 'SharedAccessKey'].map((part) =>
    parts.get(part),
  );
  if (ready !== undefined || name === undefined || key === undefined) return ready;
  return signed(audienceOf(settings), { name, key }, now);
}

/** Keys end with `=`: only the first one separates. */
function split(part: string): readonly [name: string, value: string] {
  const at = part.indexOf('=');
  return [part.slice(0, at), part.slice(at + 1)];
}

/** @see https://learn.microsoft.com/rest/api/eventhub/generate-sas-token */
function signed(
  audience: string,
  { name, key }: { readonly name: string; readonly key: string },
  now: Date,
): string {
  const resource = encodeURIComponent(audience);
  const expires = Math.floor(now.getTime() / 1000) + validSeconds;
  const signature = createHmac('sha256', key).update(`${resource}\n${expires}`).digest('base64');
  const fields = [`sr=${resource}`, `sig=${encodeURIComponent(signature)}`, `se=${expires}`];
  return `SharedAccessSignature ${[...fields, `skn=${encodeURIComponent(name)}`].join('&')}`;
}
