/** Three fictional companies with four weeks of audit records each, and stories to find in them. */
import type { SimulatedTenant } from '../tenant.ts';
import type { AuditEvent, Scene } from './audit-event.ts';
import { administratorsMonth, automationsMonth } from './background/administration.ts';
import { everydayEvents } from './background/everyday.ts';
import { createCalendar } from './calendar.ts';
import { adatum, fabrikam, tailspin } from './companies.ts';
import { personNamed, type Company } from './company.ts';
import { deliver, everydayDelays, promptDelays } from './delivery.ts';
import { directoryOf, type RoleHolders } from './demo-directory.ts';
import { createPrng } from './prng.ts';
import { adminReadsCeo } from './stories/admin-reads-ceo.ts';
import { departureOf, leaverName, leaverTakesSite } from './stories/leaver-takes-site.ts';
import { mailboxTakeover, victimName } from './stories/mailbox-takeover.ts';
import { partnerAndConsent } from './stories/partner-and-consent.ts';

interface Script {
  readonly company: Company;
  /** Total number of records, including stories. */
  readonly count: number;
  readonly stories: readonly ((scene: Scene) => readonly AuditEvent[])[];
  readonly roleHolders: RoleHolders;
  /** The person in the query "what did this person do in SharePoint?" */
  readonly personOfInterest: string;
  readonly leaver?: string;
}

const scripts: readonly Script[] = [
  {
    company: fabrikam,
    count: 4000,
    stories: [adminReadsCeo, leaverTakesSite],
    roleHolders: { direct: ['Marta Kowal', 'Ravi Menon'], throughGroup: ['Jonas Lindqvist'], eligible: [] },
    personOfInterest: leaverName,
    leaver: leaverName,
  },
  {
    company: adatum,
    count: 1400,
    stories: [mailboxTakeover],
    roleHolders: { direct: ['Ingrid Falk'], eligible: ['Samuel Okoro'] },
    personOfInterest: victimName,
  },
  {
    company: tailspin,
    count: 600,
    stories: [partnerAndConsent],
    roleHolders: { direct: ['Nina Castellan'] },
    personOfInterest: 'Owen Park',
  },
];

/**
 * Fabrikam Manufacturing (about sixty people), Adatum Legal (fifteen) and Tailspin Travel (eight): 6,000 records of the
 * four weeks before `now`. The same `now` gives the same tenants, byte for byte; IDs of people and tenants never change.
 * Records of the last hours may become available after `now`.
 */
export const demoTenants = (now: Date): readonly SimulatedTenant[] =>
  scripts.map((script) => playScript(script, now));

/** Tenant id -> userPrincipalName of the person whose SharePoint activity is interesting. */
export const personOfInterest: ReadonlyMap<string, string> = new Map(
  scripts.map(({ company, personOfInterest: name }) => [company.tenantId, personNamed(company, name).userId]),
);

const playScript = (script: Script, now: Date): SimulatedTenant => {
  const { company } = script;
  const prng = createPrng(`${company.domain} ${now.toISOString()}`);
  const scene: Scene = { company, prng, calendar: createCalendar(now, company.utcOffsetHours) };
  const told = script.stories.flatMap((story) => story(scene));
  const ordinary = ordinaryEvents(scene, script, script.count - told.length);
  return {
    tenantId: company.tenantId,
    displayName: company.displayName,
    domain: company.domain,
    auditingEnabled: true,
    records: [
      ...told.map((event) => deliver(event, promptDelays, prng)),
      ...ordinary.map((event) => deliver(event, everydayDelays, prng)),
    ],
    directory: directoryOf(company, script.roleHolders),
  };
};

const ordinaryEvents = (scene: Scene, script: Script, count: number): readonly AuditEvent[] => {
  const administration = [
    ...scene.company.administrators.flatMap((person) => administratorsMonth(scene, person)),
    ...automationsMonth(scene, 18),
  ];
  const departures = new Map(
    script.leaver === undefined
      ? []
      : [[personNamed(scene.company, script.leaver).userId, departureOf(scene)]],
  );
  return [...administration, ...everydayEvents(scene, { count: count - administration.length, departures })];
};
