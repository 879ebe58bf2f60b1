/** Who held a role when, and how that is known. */
import type { Cell, Section } from '../../document.ts';
import { dayOf } from '../../../utc-day.ts';
import type { Collected } from './collected.ts';
import type { Evidence } from './fact.ts';
import type { Holding } from './holdings.ts';
import type { Border } from './path-periods.ts';
import { holdersTable } from './tables.ts';

export function holdersSection(collected: Collected): Section {
  return {
    name: 'holders',
    title: 'Who held the role when',
    paragraphs: [
      whoHeld(collected),
      howKnown(collected),
      ...withoutRoom(collected),
      ...counted(collected),
      ...eligible(collected),
      ...leftOut(collected),
    ],
    tables: [{ ...holdersTable, rows: rowsOf(collected), omitted: 0 }],
    charts: [],
  };
}

function rowsOf({ holdings, roles, tallied }: Collected): readonly (readonly Cell[])[] {
  // Those of a person are in its first row, so that no sum has them twice.
  const ofPeople = new Map(tallied.people);
  const firstRows = new Map(holdings.map(({ principal }, at) => [principal.key, at] as const).toReversed());
  const ofHoldings = new Map(tallied.holdings);
  return holdings.map((holding, at) => {
    const { principal, from, to, begins, ends } = holding;
    const isFirst = firstRows.get(principal.key) === at;
    return [
      principal.address,
      principal.displayName,
      roles.find(({ id }) => id === holding.role)?.name ?? holding.role,
      from?.toISOString() ?? null,
      to?.toISOString() ?? null,
      evidenceOf(holding),
      recordOf(begins),
      recordOf(ends),
      holding.groups.join(', ') || null,
      isFirst ? (ofPeople.get(principal.key) ?? 0) : null,
      ofHoldings.get(at) ?? 0,
    ];
  });
}

function recordOf(border: Border): string | null {
  return 'at' in border ? (border.at.recordId ?? null) : null;
}

function evidenceOf({ begins, ends, doubts }: Holding): string {
  const uncertain = doubts.map(
    ({ after, before }) => `It is not certain that it was held between ${shown(after)} and ${shown(before)}.`,
  );
  return [beginning(begins), ending(ends), ...uncertain.slice(0, 3)].join(' ');
}

function beginning(border: Border): string {
  if ('at' in border) return `Gained: ${shown(border.at)}.`;
  const { after, before } = border;
  if (before === undefined) return 'Since when it was held is unknown.';
  if (after === undefined) return `Held before ${shown(before)}; since when is unknown.`;
  return `Gained at some time between ${shown(after)} and ${shown(before)}.`;
}

function ending(border: Border): string {
  if ('at' in border) return `Lost: ${shown(border.at)}.`;
  const { after, before } = border;
  if (before !== undefined && after !== undefined) {
    return `Lost at some time between ${shown(after)} and ${shown(before)}.`;
  }
  return `Nothing says that it was lost after ${after === undefined ? 'that' : shown(after)}.`;
}

function shown({ at, recordId }: Evidence): string {
  const moment = `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `${recordId === undefined ? 'the snapshot' : 'a record'} of ${moment}`;
}

function whoHeld({ holdings, roles }: Collected): string {
  const people = new Set(holdings.map(({ principal }) => principal.key)).size;
  const names = roles.map(({ name }) => name).join(', ');
  const who = people === 1 ? '1 person or application' : `${people} people and applications`;
  return `${who} held ${names} at some time in this range. Where it is not known when the role was gained or lost, it counts as held.`;
}

function howKnown({ roles, snapshots, range, changes }: Collected): string {
  const inside = snapshots.filter(({ takenAt }) => takenAt >= range.from && takenAt < range.to);
  const days = new Set(inside.map(({ takenAt }) => dayOf(takenAt))).size;
  const records = `${changes} ${changes === 1 ? 'record' : 'records'} of changes`;
  const unknown = roles.filter(({ id }) => !snapshots.some(({ role }) => role === id));
  const source =
    snapshots.length === 0
      ? `No snapshot has the holders of these roles, so this follows from ${records} alone: people who held the role throughout are missing.`
      : `This follows from snapshots on ${days} ${days === 1 ? 'day' : 'days'} of this range, the snapshots next to it, and ${records}.${lacking(unknown)}`;
  return `${source} People of partners who act through delegated administration hold no role in the tenant, and are not included.`;
}

function lacking(roles: Collected['roles']): string {
  if (roles.length === 0) return '';
  const names = roles.map(({ name }) => name).join(', ');
  return ` No snapshot has the holders of ${names}: people who held it throughout are missing.`;
}

/** Without its snapshots, what is listed of a role is a part of it. */
function withoutRoom({ leftOut, roles }: Collected): readonly string[] {
  return roles.flatMap(({ id, name }) => {
    const own = leftOut.filter(({ role }) => role === id);
    if (own.length === 0) return [];
    const most = Math.max(...own.map(({ count }) => count));
    const days = `${own.length} ${own.length === 1 ? 'day' : 'days'}`;
    const many = own.length === 1 ? `${most}` : `up to ${most}`;
    return [
      `On ${days}, ${name} had more holders (${many}) than a snapshot has room for, so that it has none of them: at least those who are listed held it.`,
    ];
  });
}

function counted({ holdings }: Collected): readonly string[] {
  const people = new Set(holdings.map(({ principal }) => principal.key)).size;
  if (people === holdings.length) return [];
  return [
    'All records of a person are counted in its first row, and those of each time in the row of that time. What was done while several roles were held is among the records of each.',
  ];
}

/** Those who could activate a role, and did not as far as is known, held nothing, but readers would look for them. */
function eligible({ snapshots, range, holdings }: Collected): readonly string[] {
  const held = new Set(holdings.map(({ principal }) => principal.key));
  const found = snapshots
    .filter(({ takenAt }) => takenAt >= range.from && takenAt < range.to)
    .flatMap(({ holders }) => holders)
    .filter(({ id, assignment }) => assignment === 'eligible' && !held.has(id.toLowerCase()));
  const names = [
    ...new Set(found.map(({ userPrincipalName, displayName, id }) => userPrincipalName ?? displayName ?? id)),
  ];
  if (names.length === 0) return [];
  const rest = names.length > listed ? `, and ${names.length - listed} more` : '';
  return [
    `Could activate the role, and nothing says that they did: ${names.slice(0, listed).join(', ')}${rest}.`,
  ];
}

const listed = 10;

function leftOut({ changesOmitted }: Collected): readonly string[] {
  if (changesOmitted === 0) return [];
  return [
    `${changesOmitted} records of changes are left out: there are too many. The table may lack who gained and lost the role between two snapshots.`,
  ];
}
