/** No key, no connection string: neither in deployed resources nor in outputs of a deployment. */
import { appSettings, type Snapshot } from '../snapshot.ts';
import { compareNames, type Finding, type Rule } from './finding.ts';

/** What a key looks like, or how one is read. */
const keyPatterns = [
  /\blist[A-Z]\w*\(/,
  /\b(Account|SharedAccess|Instrumentation)Key\b/i,
  /\b(DefaultEndpointsProtocol|SharedAccessSignature|BlobEndpoint)=/i,
  /[?&]sig=/,
  /PRIVATE KEY/,
  /\bprimary\w*Key\b/i,
];

/** All outputs of a deployment: none is a secret, and new ones must be added here. */
const knownOutputs = [
  ...['apiUrl', 'functionAppName', 'identityClientId', 'identityPrincipalId'],
  ...['packageContainerId', 'storageAccountName', 'vaultName'],
];

/** Settings that hold a secret do so by reference to the vault. */
const secretSettings = [
  'AUDITKEEP_SIGNING_KEY',
  'AUDITKEEP_PREVIOUS_SIGNING_KEY',
  'AUDITKEEP_CLIENT_SECRET',
  'AUDITKEEP_CERTIFICATE',
];

/** Findings in any text: a snapshot, a template or its source. */
export function keysIn(where: string, text: string): readonly Finding[] {
  return keyPatterns.flatMap((pattern): readonly Finding[] => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [{ where, what: `holds or asks for a key: ${found}` }];
  });
}

export const noKeys: Rule = (snapshot) => keysIn('snapshot', JSON.stringify(snapshot));

export const outputs: Rule = (snapshot) => [
  ...compareNames('output', knownOutputs, Object.keys(snapshot.outputs)),
  ...Object.entries(snapshot.outputs)
    .filter(([, value]) =>
      /outputs\.\w*(connectionString|key|secret|password|token)\w*\./i.test(String(value)),
    )
    .map(([where]) => ({ where, what: 'is an output that gives away a secret' })),
];

export const secretsByReference: Rule = (snapshot) => [
  ...Object.entries(appSettings(snapshot))
    .filter(([name]) => secretSettings.includes(name))
    .filter(([, value]) => !String(value).includes('@Microsoft.KeyVault(SecretUri='))
    .map(([where]) => ({ where, what: 'is not a reference to the vault' })),
  ...connectionStrings(snapshot),
];

/** Telemetry's is none: with local authentication off it is an address, and Azure alone knows it. */
function connectionStrings(snapshot: Snapshot): readonly Finding[] {
  return Object.entries(appSettings(snapshot))
    .filter(([name]) => /connection_?string/i.test(name))
    .filter(([, value]) => !String(value).endsWith('.outputs.componentConnectionString.value]'))
    .map(([where]) => ({ where, what: 'is a connection string' }));
}
