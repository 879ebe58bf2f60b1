/** The kinds of channels as the console names them, and the fields of their settings. A test compares them with the kinds of the API. */
import type { PostBody } from '../api/paths.ts';

export type NewChannel = PostBody<'/channels'>;
export type ChannelKind = NewChannel['kind'];

/** For each tenant the company at the receiver, by number or by text. */
export type CompanyField = 'companyNumbers' | 'companyTexts';

export interface SettingField {
  /** In the settings; with a dot, it is in a member of them. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** `secret`: the name of one in Key Vault. */
  readonly as: 'text' | 'secret' | 'number' | 'list' | 'flag' | 'lines' | 'choice' | CompanyField;
  /** Of a choice; the first one is the default. */
  readonly options?: readonly { readonly value: string; readonly text: string }[];
  /** The receiver has a default, or goes without. */
  readonly isOptional?: true;
}

interface KindOfChannel {
  readonly title: string;
  /** It changes and closes what it sent: tickets and incidents. They are never sent together. */
  readonly followsMatters: boolean;
  readonly fields: readonly SettingField[];
}

const text = (name: string, label: string, hint?: string): SettingField => ({
  name,
  label,
  ...(hint === undefined ? {} : { hint }),
  as: 'text',
});
const number = (name: string, label: string): SettingField => ({ name, label, as: 'number' });
const secret = (name: string, label: string): SettingField => ({
  name,
  label,
  hint: 'Name of a secret in the Key Vault of the deployment. It begins with channel-.',
  as: 'secret',
});
const optional = (field: SettingField, hint?: string): SettingField => ({
  ...field,
  ...(hint === undefined ? {} : { hint }),
  isOptional: true,
});

const authority = optional(
  { name: 'certificateAuthority', label: 'Certificate authority', as: 'lines' },
  'In PEM format, where the receiver has its own.',
);
const mail: readonly SettingField[] = [
  text('sender', 'Sender', 'Such as alerts@contoso.example'),
  { name: 'recipients', label: 'Recipients', hint: 'Mail addresses, at most 50', as: 'list' },
];
const companies = (as: CompanyField, label: string): SettingField => ({
  name: 'companies',
  label,
  as,
});

/** A header without anything before its secret. */
export const noPrefix = 'nothing';

/** In the order in which documents list them. */
export const channelKinds: Readonly<Record<ChannelKind, KindOfChannel>> = {
  azureMail: {
    title: 'Mail, Azure Communication Services',
    followsMatters: false,
    fields: [
      text('endpoint', 'Endpoint of the resource', 'Such as https://contoso.europe.communication.azure.com'),
      ...mail,
      authority,
    ],
  },
  graphMail: {
    title: 'Mail, Microsoft Graph',
    followsMatters: false,
    fields: [
      ...mail,
      optional({ name: 'saveToSentItems', label: 'The mailbox keeps what it has sent', as: 'flag' }),
    ],
  },
  teams: {
    title: 'Microsoft Teams',
    followsMatters: false,
    fields: [secret('url', 'Secret with the address of the workflow'), authority],
  },
  slack: {
    title: 'Slack',
    followsMatters: false,
    fields: [secret('url', 'Secret with the address of the incoming webhook'), authority],
  },
  pagerDuty: {
    title: 'PagerDuty',
    followsMatters: true,
    fields: [
      secret('routingKey', 'Secret with the integration key'),
      {
        name: 'region',
        label: 'Service region',
        as: 'choice',
        options: [
          { value: 'us', text: 'United States' },
          { value: 'eu', text: 'Europe' },
        ],
      },
    ],
  },
  webhook: {
    title: 'Webhook',
    followsMatters: false,
    fields: [
      text('url', 'Address', 'Such as https://soar.contoso.example:8443/hooks/auditkeep'),
      optional(secret('signingSecret', 'Secret that requests are signed with')),
      optional(secret('credential.secret', 'Secret that a header holds')),
      optional(text('credential.header', 'That header', 'Authorization, unless you name another one.')),
      optional({
        name: 'credential.prefix',
        label: 'Before the secret in the header',
        as: 'choice',
        options: [
          { value: 'Bearer ', text: 'Bearer' },
          { value: 'Basic ', text: 'Basic' },
          { value: noPrefix, text: 'Nothing' },
        ],
      }),
      optional({
        name: 'format',
        label: 'Format of the body',
        as: 'choice',
        options: ['json', 'xml', 'form', 'text'].map((value) => ({ value, text: value })),
      }),
      optional(
        { name: 'template', label: 'Template of the body', as: 'lines' },
        'With names such as {{title}}, {{text}}, {{severity}}, and {{link}}. Without one, it is our own JSON.',
      ),
      authority,
    ],
  },
  haloPsa: {
    title: 'HaloPSA',
    followsMatters: true,
    fields: [
      text('url', 'Address of the instance', 'Such as https://contoso.halopsa.com'),
      text('clientId', 'Client ID of the API application'),
      secret('clientSecret', 'Secret of the API application'),
      number('ticketType', 'ID of the type of new tickets'),
      companies('companyNumbers', 'Client IDs by tenant'),
      optional(number('closedStatus', 'ID of the status of closed tickets'), '9 unless you set it.'),
      authority,
    ],
  },
  connectWise: {
    title: 'ConnectWise PSA',
    followsMatters: true,
    fields: [
      text('url', 'Address of the API', 'Such as https://api-eu.myconnectwise.net'),
      text('company', 'Company that signs in'),
      text('publicKey', 'Public key of the API member'),
      secret('privateKey', 'Secret with the private key'),
      text('clientId', 'Client ID', 'A GUID, from the developer portal of ConnectWise.'),
      number('board', 'ID of the service board'),
      number('closedStatus', 'ID of the status of closed tickets on the board'),
      companies('companyNumbers', 'Company IDs by tenant'),
      authority,
    ],
  },
  autotask: {
    title: 'Autotask PSA',
    followsMatters: true,
    fields: [
      text('url', 'Address of the zone', 'Such as https://webservices5.autotask.net'),
      text('userName', 'User name of the API user'),
      secret('secret', 'Secret of the API user'),
      secret('integrationCode', 'Secret with the tracking identifier'),
      number('queue', 'ID of the queue of new tickets'),
      companies('companyNumbers', 'Company IDs by tenant'),
      optional(number('priorities.high', 'Priority from high on'), '1 unless you set both priorities.'),
      optional(number('priorities.other', 'Priority of all others'), '2 unless you set both priorities.'),
      optional(number('newStatus', 'ID of the status of new tickets'), '1 unless you set it.'),
      optional(number('closedStatus', 'ID of the status of closed tickets'), '5 unless you set it.'),
      authority,
    ],
  },
  serviceNow: {
    title: 'ServiceNow',
    followsMatters: true,
    fields: [
      text('url', 'Address of the instance', 'Such as https://contoso.service-now.com'),
      text('clientId', 'Client ID of the OAuth application'),
      secret('clientSecret', 'Secret of the OAuth application'),
      companies('companyTexts', 'sys_ids of companies by tenant'),
      optional(text('table', 'Table of the tickets', 'incident, unless you name one that extends it.')),
      optional(text('assignmentGroup', 'sys_id of the group that gets new tickets')),
      optional(text('closedState', 'State of closed tickets', '7 unless you set it.')),
      optional(text('closeCode', 'Close code', 'Closed/Resolved by Caller, unless you set it.')),
      authority,
    ],
  },
};

// The table has a row for each.
export const kindNames = Object.keys(channelKinds) as readonly ChannelKind[];

/** Kinds of a later release are shown by their names. */
export function channelKindText(kind: string): string {
  const known = kindNames.find((name) => name === kind);
  return known === undefined ? kind : channelKinds[known].title;
}
