/** Mistakes after which no one would be notified, or see anything. */
import { remove, set, type Target } from './plant.ts';
import type { RuleName } from './rules/all-rules.ts';
import type { Snapshot } from './snapshot.ts';

export type Mistake = readonly [mistake: string, rule: RuleName, plant: (snapshot: Snapshot) => Snapshot];

const logRules: Target = { type: 'Microsoft.Insights/scheduledQueryRules' };
const metricRules: Target = { type: 'Microsoft.Insights/metricAlerts' };
const silence: Target = { ...logRules, name: '-silence' };
const serverErrors: Target = { ...metricRules, name: '-server-errors' };
const vaultAvailability: Target = { ...metricRules, name: '-vault-availability' };
const actionGroup: Target = { type: 'Microsoft.Insights/actionGroups' };
const workbook: Target = { type: 'Microsoft.Insights/workbooks' };
const budget: Target = { type: 'Microsoft.Consumption/budgets' };

const ofStorage = "[reference(resourceId('a', format('storage-{0}', 'b')), '2025-04-01').outputs.id.value]";

function withoutModule(snapshot: Snapshot): Snapshot {
  return remove(metricRules)(remove(logRules)(snapshot));
}

function periods(count: number): readonly unknown[] {
  return [{ failingPeriods: { numberOfEvaluationPeriods: count, minFailingPeriodsToAlert: count } }];
}

export const alertMistakes: readonly Mistake[] = [
  ['no alerts over logs, for their module is gone', 'logAlerts', withoutModule],
  ['no alerts over metrics, for their module is gone', 'metricAlerts', withoutModule],
  ['a rule over logs left out', 'logAlerts', remove(silence)],
  ['a rule over metrics left out', 'metricAlerts', remove(vaultAvailability)],
  ['a rule over logs switched off', 'logAlerts', set(silence, 'properties.enabled', false)],
  ['a rule over metrics switched off', 'metricAlerts', set(serverErrors, 'properties.enabled', false)],
  ['a rule over logs that notifies no one', 'logAlerts', set(silence, 'properties.actions.actionGroups', [])],
  ['a rule over metrics that notifies no one', 'metricAlerts', set(serverErrors, 'properties.actions', [])],
  ['a rule over logs that looks elsewhere', 'logAlerts', set(silence, 'properties.scopes', [ofStorage])],
  [
    'a rule over metrics that looks elsewhere',
    'metricAlerts',
    set(serverErrors, 'properties.scopes', [ofStorage]),
  ],
  ['two periods in a row', 'logAlerts', set(silence, 'properties.criteria.allOf', periods(2))],
  ['a window of another length', 'logAlerts', set(silence, 'properties.windowSize', 'PT1H')],
  ['an alert that never ends', 'logAlerts', set(silence, 'properties.autoMitigate', false)],
  ['an action group switched off', 'actionGroup', set(actionGroup, 'properties.enabled', false)],
  ['an empty action group', 'actionGroup', set(actionGroup, 'properties.emailReceivers', [])],
  ['no workbook', 'workbook', remove(workbook)],
  ['a workbook of something else', 'workbook', set(workbook, 'properties.sourceId', ofStorage)],
  ['a budget that says nothing', 'budget', set(budget, 'properties.notifications', {})],
  [
    'a budget that notifies no one',
    'budget',
    set(budget, 'properties.notifications.forecastAbove100Percent.contactEmails', []),
  ],
];
