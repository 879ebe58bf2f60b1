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

export interface SimulatedIdentity {
  readonly baseUrl: string;
  readonly identityEndpoint: string;
  readonly identityHeader: string;
  readonly managedIdentity: { readonly clientId: string };
}

/**
 * The app then signs in with the simulator's managed identity, reads the secrets of destinations from the simulator's
 * vault, and sends to this machine.
 */
export function destinationSettings({
  baseUrl,
  identityEndpoint,
  identityHeader,
  managedIdentity,
}: SimulatedIdentity): Settings {
  return {
    AUDITKEEP_CREDENTIAL: 'managedIdentity',
    AUDITKEEP_MANAGED_IDENTITY_CLIENT_ID: managedIdentity.clientId,
    IDENTITY_ENDPOINT: identityEndpoint,
    IDENTITY_HEADER: identityHeader,
    AUDITKEEP_KEY_VAULT_URL: baseUrl,
    AUDITKEEP_DESTINATION_NETWORKS: '127.0.0.0/8',
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
