/** Silence: the last hour's polls, the watch, and how many tenants it saw. */
import type { Case, Reported } from './evaluator/fire.ts';
import { event, gauge } from './evaluator/reported.ts';

const second = 1 / 60;
const silent: readonly string[] = [''];

/** Measured every quarter of an hour, with what else the watch reports. */
function watch(tenants: number, unmeasured = 0): readonly Reported[] {
  const times = [10, 25, 40, 55];
  const each = (value: number) => Object.fromEntries(times.map((minutesAgo) => [minutesAgo, value]));
  return [
    ...gauge('auditkeep.tenants', {}, each(tenants)),
    ...gauge('auditkeep.unmeasured', {}, each(unmeasured)),
    ...gauge('auditkeep.poison', { queue: 'raw-blobs-poison' }, each(0)),
    ...(tenants > unmeasured ? gauge('auditkeep.lag', { tenantId: 'contoso' }, each(300)) : []),
  ];
}

function tenants(values: Readonly<Record<number, number>>): readonly Reported[] {
  return gauge('auditkeep.tenants', {}, values);
}

function polled(succeeded: boolean, ...minutesAgo: readonly number[]): readonly Reported[] {
  const fields = { tenantId: 'contoso', succeeded: String(succeeded) };
  return minutesAgo.map((minutes) => event('landing.poll.finished', minutes, fields));
}

const good = polled(true, 11, 41);
const bad = polled(false, 11, 41);

export const silenceCases: readonly Case[] = [
  ['polls, watch, a tenant', [...good, ...watch(1)], []],
  ['polls, watch, a tenant unmeasured', [...good, ...watch(1, 1)], []],
  ['polls, watch, tenants gone', [...good, ...watch(0)], []],
  ['polls, no watch', good, silent],
  ['refused polls, watch, a tenant', [...bad, ...watch(1)], silent],
  ['refused polls, watch, a tenant unmeasured', [...bad, ...watch(1, 1)], silent],
  ['refused polls, watch, tenants gone', [...bad, ...watch(0)], []],
  ['refused polls, no watch', bad, silent],
  ['no polls, watch, a tenant', watch(1), silent],
  ['no polls, watch, many tenants', watch(40), silent],
  ['no polls, watch, a tenant unmeasured', watch(1, 1), silent],
  ['no polls, watch, all of many tenants unmeasured', watch(40, 40), silent],
  ['no polls, watch, no tenant', watch(0), []],
  ['nothing at all', [], silent],
  ['one good poll among refused ones', [...bad, ...polled(true, 30), ...watch(2)], []],
  ['a poll without an outcome', [event('landing.poll.finished', 5), ...watch(1)], silent],
  ['a poll that broke off', [event('landing.poll.failed', 5, { succeeded: 'true' }), ...watch(1)], silent],
  ['a good poll less than 70 minutes ago', [...polled(true, 70 - second), ...watch(1)], []],
  ['a good poll 70 minutes ago', [...polled(true, 70), ...watch(1)], silent],
  ['a watch less than 70 minutes ago', [...good, ...tenants({ [70 - second]: 1 })], []],
  ['a watch 70 minutes ago', [...good, ...tenants({ 70: 1 })], silent],
  ['the first tenant came within the hour', tenants({ 10: 1, 25: 1, 40: 1, 55: 0 }), []],
  ['the last tenant went within the hour', tenants({ 10: 0, 25: 1, 40: 1, 55: 1 }), []],
  ['quiet tenants, polled at the ceiling, late telemetry', [...polled(true, 45), ...watch(3)], []],
];
