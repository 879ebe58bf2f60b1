/** The on-call engineer is notified: every rule of infra/alerts is deployed, enabled, and has the right scope and action. */
import { logRules, metricRules, minutesOf, type LogRule, type MetricRule } from '../../kql/alert-rules.ts';
import { listAt, ofType, shortName, valueAt, type Resource, type Snapshot } from '../snapshot.ts';
import {
  compareNames,
  expectCount,
  expectMembers,
  expectOutput,
  type Finding,
  type Rule,
} from './finding.ts';

const logType = 'Microsoft.Insights/scheduledQueryRules';
const metricType = 'Microsoft.Insights/metricAlerts';
const groupType = 'Microsoft.Insights/actionGroups';

/**
 * Minutes that Azure takes; two days as a window only.
 * @see https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
 */
const frequencies = [5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440];
const windows = [...frequencies, 2880];

/** Modules that create the resources of metric rules. */
const moduleOf = { site: 'functionapp', storage: 'storage', vault: 'keyvault' } as const;

export const actionGroup: Rule = (snapshot) => [
  ...expectCount('action group', ofType(snapshot, groupType), 1),
  ...expectMembers(ofType(snapshot, groupType), { 'properties.enabled': true }),
  ...ofType(snapshot, groupType)
    .filter((group) => listAt(group, 'properties.emailReceivers').length === 0)
    .map(({ name }) => ({ where: name, what: 'notifies no one' })),
];

export const logAlerts: Rule = (snapshot) => [
  ...compareNames('log rule', logRules.map(nameOf), deployedNames(snapshot, logType)),
  ...logRules.flatMap((rule) => deployed(snapshot, logType, rule).flatMap((one) => checkLogRule(one, rule))),
];

export const metricAlerts: Rule = (snapshot) => [
  ...compareNames('metric rule', metricRules.map(nameOf), deployedNames(snapshot, metricType)),
  ...metricRules.flatMap((rule) =>
    deployed(snapshot, metricType, rule).flatMap((one) => checkMetricRule(one, rule)),
  ),
];

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

/** Without the prefix that all names have. */
function deployedNames(snapshot: Snapshot, type: string): readonly string[] {
  return ofType(snapshot, type).map((resource) => shortName(resource).replace(/^auditkeep-/, ''));
}

function deployed(
  snapshot: Snapshot,
  type: string,
  { name }: { readonly name: string },
): readonly Resource[] {
  return ofType(snapshot, type).filter((resource) => shortName(resource) === `auditkeep-${name}`);
}

function checkLogRule(resource: Resource, rule: LogRule): readonly Finding[] {
  const known = windows.includes(minutesOf(rule.window)) && frequencies.includes(minutesOf(rule.every));
  return [
    ...expectOutput(resource, listAt(resource, 'properties.scopes'), 'monitoring.workspaceId'),
    ...expectOutput(
      resource,
      listAt(resource, 'properties.actions.actionGroups'),
      'monitoring.actionGroupId',
    ),
    ...expectMembers([resource], {
      'properties.enabled': true,
      'properties.windowSize': rule.window,
      'properties.evaluationFrequency': rule.every,
      'properties.autoMitigate': rule.ends,
    }),
    ...(known ? [] : [{ where: rule.name, what: 'has times that Azure does not take' }]),
    ...checkPeriods(resource),
  ];
}

/** Azure refuses more than one where rows have no times, as sums do not. */
function checkPeriods(resource: Resource): readonly Finding[] {
  return listAt(resource, 'properties.criteria.allOf').flatMap((criterion) =>
    ['numberOfEvaluationPeriods', 'minFailingPeriodsToAlert']
      .filter((period) => valueAt(criterion, `failingPeriods.${period}`) !== 1)
      .map((period): Finding => ({ where: resource.name, what: `${period} is not 1` })),
  );
}

function checkMetricRule(resource: Resource, rule: MetricRule): readonly Finding[] {
  const groups = listAt(resource, 'properties.actions').map((action) => valueAt(action, 'actionGroupId'));
  return [
    ...expectOutput(resource, listAt(resource, 'properties.scopes'), `${moduleOf[rule.target]}.id`),
    ...expectOutput(resource, groups, 'monitoring.actionGroupId'),
    ...expectMembers([resource], {
      'properties.enabled': true,
      'properties.windowSize': rule.window,
      'properties.evaluationFrequency': rule.every,
    }),
  ];
}
