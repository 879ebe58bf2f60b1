/** The app's settings for the Microsoft 365 simulator. */
import { randomBytes, randomUUID } from 'node:crypto';

type Settings = Readonly<Record<string, string>>;

export interface SimulatorAddress {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Everything that the app needs in addition to its storage and the simulator's CA in NODE_EXTRA_CA_CERTS. */
export function simulatorSettings({ baseUrl, clientId, clientSecret }: SimulatorAddress): Settings {
  return {
    AUDITKEEP_CLIENT_ID: clientId,
    AUDITKEEP_CREDENTIAL: 'secret',
    AUDITKEEP_CLIENT_SECRET: clientSecret,
    AUDITKEEP_PUBLISHER_ID: randomUUID(),
    AUDITKEEP_SIGNING_KEY: randomBytes(32).toString('base64'),
    ...servicesAt(baseUrl),
  };
}

/** All Microsoft endpoints that the app calls, at one address. */
export function servicesAt(url: string): Settings {
  return {
    AUDITKEEP_AUTHORITY_URL: url,
    AUDITKEEP_ACTIVITY_API_URL: url,
    AUDITKEEP_GRAPH_URL: url,
    AUDITKEEP_EXCHANGE_URL: url,
    AUDITKEEP_PARTNER_CENTER_URL: url,
  };
}
