/** The app's settings for the stand-in for Microsoft 365. */
import { randomBytes, randomUUID } from 'node:crypto';

type Settings = Readonly<Record<string, string>>;

export interface StandIn {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** All that the app needs besides its storage, and the stand-in's authority in NODE_EXTRA_CA_CERTS. */
export function standInSettings({ baseUrl, clientId, clientSecret }: StandIn): Settings {
  return {
    AUDITKEEP_CLIENT_ID: clientId,
    AUDITKEEP_CREDENTIAL: 'secret',
    AUDITKEEP_CLIENT_SECRET: clientSecret,
    AUDITKEEP_PUBLISHER_ID: randomUUID(),
    AUDITKEEP_SIGNING_KEY: randomBytes(32).toString('base64'),
    ...servicesAt(baseUrl),
  };
}

/** Everything that the app calls at Microsoft, behind one address. */
export function servicesAt(url: string): Settings {
  return {
    AUDITKEEP_AUTHORITY_URL: url,
    AUDITKEEP_ACTIVITY_API_URL: url,
    AUDITKEEP_GRAPH_URL: url,
    AUDITKEEP_EXCHANGE_URL: url,
  };
}
