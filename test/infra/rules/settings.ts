/** The settings that are deployed are those the schema knows. */
import { settingDescriptions } from '../../../shared/settings.ts';
import { hostSettings } from '../../support/host-settings.ts';
import { appSettings } from '../snapshot.ts';
import type { Finding, Rule } from './finding.ts';

/** Of the schema, without a default, and yet not deployed: why. */
export const notDeployed: Readonly<Record<string, string>> = {
  AzureWebJobsStorage: 'local use only',
  AUDITKEEP_CLIENT_SECRET: 'another credential',
  AUDITKEEP_CLIENT_SECRET_EXPIRES: 'another credential',
  AUDITKEEP_CERTIFICATE: 'another credential',
  AUDITKEEP_PREVIOUS_SIGNING_KEY: 'only while a key is replaced: keepPreviousSigningKey',
  AUDITKEEP_PUBLIC_URL: 'optional: moreSettings',
  AUDITKEEP_CONSOLE_SIGN_IN: 'optional: moreSettings',
  AUDITKEEP_DESTINATION_NETWORKS: 'optional: moreSettings',
  AUDITKEEP_CHECKPOINT_WEBHOOK: 'optional: moreSettings',
  AUDITKEEP_PARTNER_REFRESH_TOKEN: 'optional: moreSettings, as a reference to the vault',
  AUDITKEEP_PARTNER_TOKEN_EXPIRES: 'optional: moreSettings',
  AUDITKEEP_INDEX_MONTHS: 'optional: moreSettings',
  AUDITKEEP_RAW_DAYS: 'optional: moreSettings',
  AUDITKEEP_AUTHORITY_URL: 'replaces Microsoft in tests',
  AUDITKEEP_ACTIVITY_API_URL: 'replaces Microsoft in tests',
  AUDITKEEP_GRAPH_URL: 'replaces Microsoft in tests',
  AUDITKEEP_EXCHANGE_URL: 'replaces Microsoft in tests',
  AUDITKEEP_PARTNER_CENTER_URL: 'replaces Microsoft in tests',
};

/** Both ways: deployed settings are known, and known ones are deployed, have a default, or a reason not to be deployed. */
export const settings: Rule = (snapshot) => {
  const deployed = Object.keys(appSettings(snapshot));
  const ofHost = hostSettings.filter(({ where }) => where === 'Azure').map(({ name }) => name);
  const ofSchema = settingDescriptions.map(({ name }) => name);
  const required = settingDescriptions
    .filter(({ name, default: fallback }) => fallback === undefined && !(name in notDeployed))
    .map(({ name }) => name);
  return [
    ...[...required, ...ofHost]
      .filter((name) => !deployed.includes(name))
      .map((where): Finding => ({ where, what: 'is a setting that is needed and not deployed' })),
    ...deployed
      .filter((name) => !ofSchema.includes(name) && !ofHost.includes(name))
      .map((where): Finding => ({ where, what: 'is a setting that is never read' })),
  ];
};
