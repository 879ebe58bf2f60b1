/** An invented February of two tenants: late, repeated and odd records, administrators who come and go. */
import type { RoleHolder, RoleHolderSnapshot } from '../../../shared/tenants/role-holders.ts';
import { contentOf, guidOf, recordOf } from '../pipeline/invented-records.ts';
import type { DeliveredContent } from '../pipeline/pipeline.ts';

/** What lands at one moment. */
export interface LandedAt {
  readonly landedAt: string;
  readonly contents: readonly DeliveredContent[];
}

const robot = guidOf('robot');

const people = [
  'Ada@contoso.example',
  'ada@contoso.example',
  ' bo@contoso.example ',
  'cy@contoso.example',
  `ServicePrincipal_${robot}`,
  'Zoë@contoso.example',
  'app@sharepoint',
];
const services = ['Exchange', 'AzureActiveDirectory', 'MicrosoftTeams', 'OneDrive', 'SharePoint'];
/** Around both ends of the month, and some odd spellings. */
const times = [
  ...['2026-01-31T23:59:59', '2026-02-01T00:00:00', '2026-02-01T00:00:00Z', '2026-02-14 15:09:26'],
  ...['2026-02-14T15:09:26.535', '2026-02-28T23:59:59', '2026-03-01T00:00:00', '2026-02-28T23:59:59.999Z'],
];

function records(name: string, count: number) {
  return Array.from({ length: count }, (_, at) =>
    recordOf(`${name} ${at}`, {
      ...{ UserId: people[at % people.length], Workload: services[at % services.length] },
      ...{ CreationTime: times[at % times.length], n: at, RecordType: at % 5 === 0 ? '6' : 6 },
      ...(at % 6 === 0 ? { ModifiedProperties: [{ Name: 'x' }] } : { ModifiedProperties: 'none' }),
    }),
  );
}

/** What both Auditkeep and the statements see: landed on five days after the events, some of it repeatedly. */
export function soundTrail(name: string, count: number): readonly LandedAt[] {
  const first = records(name, count);
  const later = records(`${name} later`, 20);
  const known = (day: string) => first.filter(({ CreationTime }) => CreationTime < `2026-${day}`);
  const again = known('02-27').map((record) => Object.fromEntries(Object.entries(record).reverse()));
  const in2026 = (day: string, contents: readonly DeliveredContent[]) => ({
    landedAt: `2026-${day}T12:00:00Z`,
    contents,
  });
  const created = '2026-02-01T11:00:00Z';
  return [
    in2026('02-01', [contentOf(`${name} a`, created, known('02-02'), 'Audit.SharePoint')]),
    in2026('02-15', [
      contentOf(`${name} b`, created, known('02-15')),
      contentOf(`${name} c`, created, known('02-02').slice(0, 20), 'Audit.General'),
    ]),
    in2026('02-27', [contentOf(`${name} d`, created, again, 'Audit.SharePoint')]),
    in2026('03-01', [contentOf(`${name} e`, created, [...first, ...later.slice(0, 10)])]),
    in2026('03-20', [contentOf(`${name} f`, created, [...later.slice(10), ...first.slice(0, 5)])]),
  ];
}

/** Where the page says that the statements differ from the API. */
export function oddTrail(): readonly LandedAt[] {
  const plain = { UserId: 'ada@contoso.example', CreationTime: '2026-02-10T08:00:00' };
  return [
    {
      landedAt: '2026-02-10T12:00:00Z',
      contents: [
        contentOf('odd', '2026-02-10T11:00:00Z', [
          recordOf('shared', { ...plain, n: 'first' }),
          recordOf('undated', { ...plain, CreationTime: 'yesterday' }),
          { ...plain, Workload: 'SharePoint', Operation: 'has no id' },
          { ...plain, Workload: 'SharePoint', Id: 'short', Operation: 'has a short id' },
          '{"Id":"not even", JSON}',
        ]),
      ],
    },
    {
      landedAt: '2026-02-11T12:00:00Z',
      contents: [
        contentOf('odd later', '2026-02-11T11:00:00Z', [
          recordOf('shared', { ...plain, n: 'second' }),
          { ...plain, Workload: 'SharePoint', Operation: 'has no id' },
        ]),
      ],
    },
  ];
}

const ada: RoleHolder = {
  ...{ id: guidOf('ada'), type: 'user', assignment: 'active' },
  userPrincipalName: 'ada@contoso.example',
};
const bo: RoleHolder = {
  ...{ id: guidOf('bo'), type: 'user', assignment: 'eligible' },
  userPrincipalName: 'BO@contoso.example',
};
const machine: RoleHolder = { id: robot, type: 'servicePrincipal', assignment: 'active' };

/** Bo held the role in the middle of the month only. */
export const roleHolderDays: readonly RoleHolderSnapshot[] = [
  { takenAt: new Date('2026-02-01T03:41:00Z'), holders: [ada, machine] },
  { takenAt: new Date('2026-02-12T03:41:00Z'), holders: [ada, bo, machine] },
  { takenAt: new Date('2026-02-27T03:41:00Z'), holders: [ada, machine] },
];
