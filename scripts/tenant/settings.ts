/** Where the API is and which key opens it, from the environment. */
import { isIP } from 'node:net';
import { UsageError } from './usage.ts';

export interface Settings {
  /** Ends in `/api/`. */
  readonly apiUrl: URL;
  /** Never printed. */
  readonly key: string;
}

/** @throws UsageError naming the setting that is missing or wrong, without the key's value */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const url = env['AUDITKEEP_URL']?.trim() ?? '';
  const key = env['AUDITKEEP_KEY']?.trim() ?? '';
  if (url === '') {
    throw new UsageError(
      'AUDITKEEP_URL is missing: set it to where Auditkeep runs, e.g. https://myapp.azurewebsites.net',
    );
  }
  if (key === '')
    throw new UsageError('AUDITKEEP_KEY is missing: set it to a client key; npm run key makes one');
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UsageError('AUDITKEEP_KEY is no client key: one looks like ak_…_…');
  return { apiUrl: toApiUrl(url), key };
}

function toApiUrl(text: string): URL {
  if (!URL.canParse(text))
    throw new UsageError('AUDITKEEP_URL is no address: one looks like https://myapp.azurewebsites.net');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isThisMachine(url.hostname))) {
    throw new UsageError('AUDITKEEP_URL must begin with https://, for the key must not be read on its way');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError('AUDITKEEP_URL must be an address alone, without a user, a query or a fragment');
  }
  const path = url.pathname.replace(/\/+$/, '');
  return new URL(path.endsWith('/api') ? `${path}/` : `${path}/api/`, url.origin);
}

function isThisMachine(host: string): boolean {
  if (host === 'localhost' || host === '[::1]') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
