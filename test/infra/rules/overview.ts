/** What shows everything at a glance: the workbook, and the budget if one was requested. */
import { listAt, membersAt, ofType, valueAt } from '../snapshot.ts';
import { expectCount, expectMembers, expectOutput, type Rule } from './finding.ts';

export const workbook: Rule = (snapshot) => {
  const workbooks = ofType(snapshot, 'Microsoft.Insights/workbooks');
  return [
    ...expectCount('workbook', workbooks, 1),
    ...expectMembers(workbooks, { kind: 'shared', 'properties.category': 'workbook' }),
    ...workbooks.flatMap((one) =>
      expectOutput(one, [valueAt(one, 'properties.sourceId')], 'monitoring.workspaceId'),
    ),
  ];
};

/** A test of the parameter files checks that it exists if the parameters request it. */
export const budget: Rule = (snapshot) =>
  ofType(snapshot, 'Microsoft.Consumption/budgets').flatMap((one) => {
    const notifications = Object.values(membersAt(one, 'properties.notifications'));
    const heard = notifications.filter(
      (notification) =>
        valueAt(notification, 'enabled') === true && listAt(notification, 'contactEmails').length > 0,
    );
    return heard.length === 2 && heard.length === notifications.length
      ? []
      : [{ where: one.name, what: 'does not say both that money was spent and that it will be' }];
  });
