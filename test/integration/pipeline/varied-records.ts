/** Invented records that differ in every member that can be filtered. */
import { guidOf } from './invented-records.ts';

const users = [
  'Ada@contoso.example',
  'ada@contoso.example',
  'bo@contoso.example',
  'cy@fabrikam.example',
  'NT AUTHORITY\\SYSTEM',
];
const operations = [
  'FileAccessed',
  'FileDownloaded',
  'Send',
  'Set-Mailbox',
  'UserLoggedIn',
  'Add member to role.',
];
const services = ['SharePoint', 'OneDrive', 'Exchange', 'AzureActiveDirectory'];
const sites = [
  'https://contoso.example/sites/plans/',
  'https://contoso.example/sites/Plans',
  'https://contoso.example/',
];
const addresses = [
  ...['192.0.2.1', '192.0.2.17:443', '192.0.2.130', '198.51.100.7', '[2001:db8::1]:443'],
  ...['2001:DB8:0:1::2', '::ffff:203.0.113.9', 'null', 'host.contoso.example'],
];
/** In every fourth record; those of others are absent, hidden or further ones. */
const otherAddresses = ['-', '192.0.2.1', '192.0.2.1, 198.51.100.7', '203.0.113.9;2001:db8::1', 'N/A', ''];
const names = [
  'plan.docx',
  'Plan (final).docx',
  'Budget 2026.xlsx',
  'a*b.txt',
  "Bo's, notes.txt",
  'naïve.txt',
  '100%.csv',
];
const remarks = [
  'C:\\Users\\ada',
  'say "hi"',
  'x/y',
  'Überraschung',
  '12345678901234567890',
  '😀 emoji',
  'line\nbreak',
];
const times = [
  '2026-01-31T23:59:59',
  '2026-02-01T00:00:00',
  '2026-03-01T09:00:00',
  '2026-03-01T09:00:01',
  '2026-03-14T15:09:26.535',
];

function pick<T>(all: readonly T[], at: number, step: number): T | undefined {
  return all[Math.floor(at * step) % all.length];
}

function addressesOf(at: number) {
  const ClientIP = at % 8 === 4 ? '-' : pick(addresses, at, 1.1);
  return { ClientIP, ActorIpAddress: at % 4 === 0 ? pick(otherAddresses, at, 0.3) : undefined };
}

function teamOf(at: number) {
  return {
    AADGroupId: at % 7 === 0 ? guidOf(`team ${at % 2}`) : undefined,
    TeamGuid: at % 14 === 0 ? guidOf(`thread ${at % 3}`) : undefined,
  };
}

/** Always the same for the same number; every third one is of a moment that others share. */
export function variedRecord(at: number) {
  const spread = new Date(Date.UTC(2026, 0, 5) + at * 7 * 3_600_000 + at * 1001).toISOString();
  const site = pick(sites, at, 1.3);
  const isFile = at % 4 !== 3;
  return {
    Id: guidOf(`varied ${at}`),
    CreationTime: at % 3 === 0 ? pick(times, at, 0.37) : spread,
    RecordType: [6, 14, 2, 15, 8, 98_765][at % 6],
    ...{ UserId: pick(users, at, 1.7), Operation: pick(operations, at, 0.9), UserType: at % 5 },
    ...{ Workload: pick(services, at, 0.6), ResultStatus: pick(['Succeeded', 'Failed', 'True'], at, 0.5) },
    ...addressesOf(at),
    ...teamOf(at),
    ...(isFile ? { ObjectId: `${site ?? ''}${pick(names, at, 0.8) ?? ''}`, SiteUrl: site } : {}),
    Site: isFile ? guidOf(`site ${at % 3}`) : undefined,
    MailboxOwnerUPN: isFile ? undefined : pick(users, at, 0.4),
    ...(at % 9 === 0 ? { AssociatedAdminUnits: [guidOf(`unit ${at % 2}`), guidOf('unit of all')] } : {}),
    Parameters: [
      { Name: 'Identity', Value: pick(users, at, 1.2) },
      ...(at % 5 === 0 ? [{ Name: 'ForwardingSmtpAddress', Value: pick(users, at, 0.2) }] : []),
    ],
    Item: { Size: at % 13, Remark: pick(remarks, at, 1.9), IsRecord: at % 2 === 0 },
  };
}

/** Values that questions are made of, some of which nothing has. */
export const askable: Readonly<Record<string, readonly string[]>> = {
  users: [...users, 'unknown'],
  operations: [...operations, 'Nothing'],
  service: [...services, 'sharepoint'],
  recordType: ['6', '14', '2', '98765', '1'],
  objectId: [
    ...sites.flatMap((site) => names.slice(0, 3).map((name) => `${site}${name}`)),
    ...[
      '*',
      '*.docx',
      'https://contoso.example/*',
      '*PLAN*',
      '*/sites/*/*.xlsx',
      '*a*b*',
      '*[x]*',
      'plan*',
      "*Bo's, *",
    ],
  ],
  siteUrl: sites,
  siteIds: [0, 1, 2, 3].map((at) => guidOf(`site ${at}`)),
  mailbox: users,
  team: [...[0, 1, 2].map((at) => guidOf(`team ${at}`)), ...[0, 1].map((at) => guidOf(`thread ${at}`))],
  clientIp: [
    ...['192.0.2.1', '203.0.113.9', '2001:db8::1', 'host.contoso.example', '192.0.2.0/24', '192.0.2.16/29'],
    ...['192.0.2.99/25', '2001:db8::/32', '2001:db8:0:1::/64', '0.0.0.0/0', '203.0.113.9/32', '::/0'],
  ],
  resultStatus: ['Succeeded', 'failed', 'Maybe'],
  userType: ['0', '2', '4'],
  administrativeUnits: ['unit 0', 'unit 1', 'unit of all', 'no unit'].map(guidOf),
  text: [
    'plan',
    'c:\\users',
    'C:\\\\Users',
    '"hi"',
    'X/Y',
    'ÜBER',
    '12345678901234567890',
    '😀',
    'Remark',
    'break',
    'no such text',
  ],
};
