/** The ordinary weeks of a company: people sign in, work for a while, and leave; services never stop. */
import { officeVisit, type AuditEvent, type PersonalVisit, type Scene } from '../audit-event.ts';
import { later } from '../calendar.ts';
import type { Person } from '../company.ts';
import type { Weighted } from '../prng.ts';
import { unlistedRecord } from '../records/security.ts';
import type { Activity } from './activity.ts';
import { documentActivities, workAppActivities } from './collaboration.ts';
import { mailActivities, signInActivities } from './mail-and-sign-ins.ts';
import { rarities, recased } from './rarities.ts';
import { serviceActivities } from './services.ts';

export interface Everyday {
  readonly count: number;
  /** UPN -> the time from which this person no longer works here. */
  readonly departures: ReadonlyMap<string, Date>;
}

/** Exactly `count` events of ordinary work, all before the calendar's now, in no particular order. */
export const everydayEvents = (scene: Scene, { count, departures }: Everyday): readonly AuditEvent[] => {
  const events: AuditEvent[] = [...rarities(withoutLeavers(scene, departures))];
  while (events.length < count) {
    const happened = scene.prng.chance(0.28) ? [serviceEvent(scene)] : workingSession(scene, departures);
    events.push(...happened.filter(({ at }) => at < scene.calendar.now));
  }
  return events.slice(0, count);
};

const withoutLeavers = (scene: Scene, departures: ReadonlyMap<string, Date>): Scene => {
  const staff = scene.company.staff.filter(({ userId }) => !departures.has(userId));
  return { ...scene, company: { ...scene.company, staff } };
};

const serviceEvent = (scene: Scene): AuditEvent =>
  scene.prng.weighted(serviceActivities).occur(scene, scene.calendar.businessMoment(scene.prng));

const mostSteps = 5;
const longestSessionMinutes = 45;

/** A person signs in and does a few things within about half an hour. */
const workingSession = (scene: Scene, departures: ReadonlyMap<string, Date>): readonly AuditEvent[] => {
  const { prng } = scene;
  const visit = beginVisit(scene, prng.pick(scene.company.staff));
  const departure = departures.get(visit.actor.userId.toLowerCase());
  if (departure !== undefined && later(visit.at, longestSessionMinutes) >= departure) return [];
  const { activities } = prng.weighted(habits);
  const begin = prng.chance(0.55) ? [prng.weighted(signInActivities).perform(scene, visit)] : [];
  let { at } = visit;
  const rest = Array.from({ length: prng.int(1, mostSteps) }, () => {
    at = later(at, (prng.next() * longestSessionMinutes) / mostSteps);
    return prng.weighted(activities).perform(scene, { ...visit, at });
  });
  return [...begin, ...rest];
};

/** Sometimes from home, sometimes with a different casing of the user name. */
const beginVisit = (scene: Scene, person: Person): PersonalVisit => {
  const { prng, calendar } = scene;
  const actor = prng.chance(0.05) ? recased(person) : person;
  const visit = officeVisit(scene, actor, calendar.businessMoment(prng));
  return prng.chance(0.3) ? { ...visit, address: person.homeAddress } : visit;
};

const habits: readonly (Weighted & { readonly activities: readonly Activity[] })[] = [
  { weight: 50, activities: documentActivities },
  { weight: 28, activities: mailActivities },
  { weight: 20, activities: workAppActivities },
  { weight: 1, activities: [{ weight: 1, perform: unlistedRecord }] },
];
