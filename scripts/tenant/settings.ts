/** The address of the API and the client key, from the environment. */
import { keepsSecrets } from '../../shared/secure-url.ts';
import type { Environment } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';

export interface Settings {
  /** Ends in `/api/`. */
  readonly apiUrl: URL;
  /** Never printed. */
  readonly key: string;
}

const example = 'e.g. https://myapp.azurewebsites.net';

/** @throws UsageError naming the setting that is missing or invalid, without the key's value */
export function readSettings(env: Environment): Settings {
  const url = env['AUDITKEEP_URL']?.trim() ?? '';
  const key = env['AUDITKEEP_KEY']?.trim() ?? '';
  if (url === '') {
    throw new UsageError(`AUDITKEEP_URL is missing: set it to the address of the deployment, ${example}`);
  }
  if (key === '')
    throw new UsageError('AUDITKEEP_KEY is missing: set it to a client key; npm run key creates one');
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UsageError('AUDITKEEP_KEY must be a client key, which looks like ak_…_…');
  return { apiUrl: toApiUrl(url), key };
}

function toApiUrl(text: string): URL {
  if (!URL.canParse(text)) throw new UsageError(`AUDITKEEP_URL must be an absolute URL, ${example}`);
  const url = new URL(text);
  if (!keepsSecrets(url)) {
    throw new UsageError('AUDITKEEP_URL must begin with https://, to keep the key secret in transit');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError('AUDITKEEP_URL must not have a user, a query or a fragment');
  }
  const path = url.pathname.replace(/\/+$/, '');
  return new URL(path.endsWith('/api') ? `${path}/` : `${path}/api/`, url.origin);
}
