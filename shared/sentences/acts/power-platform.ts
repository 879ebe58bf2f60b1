/** Power BI, Power Automate, and Power Apps. */
import type { Acts } from '../act.ts';
import type { Facts } from '../facts.ts';
import { say, valuePart, type Phrase } from '../parts.ts';
import { simple } from '../verbs.ts';

const nameFields = [
  ...['ReportName', 'DashboardName', 'DatasetName', 'ArtifactName', 'ObjectDisplayName', 'ItemName'],
  ...['FlowDetailsUrl', 'AppName', 'PolicyDisplayName', 'EnvironmentName'],
];

/** By a name if the record has one, and by the ID otherwise. */
function called(words: string) {
  return ({ field, property, record }: Facts): Phrase => {
    const name = [...nameFields.map(field), property('displayName'), record.objectId ?? ''].find(
      (one) => one !== '',
    );
    if (name === undefined) return [{ text: `${words} without a name` }];
    return say`${[{ text: words }]} “${[valuePart(name, 'objectId', record.objectId ?? name)]}”`;
  };
}

const report = called('the report');
const flow = called('the flow');
const app = called('the app');
const policy = called('the data policy');

export const powerPlatformActs = {
  reportViewed: simple('viewed', report, 'routine', ['ViewReport', 'ViewDashboard']),
  reportExported: simple('exported', report, 'notable', ['ExportReport', 'DownloadReport', 'ExportArtifact']),
  reportShared: simple('shared', report, 'notable', ['ShareReport', 'ShareDashboard']),
  reportPublished: simple('published', (facts) => say`${report(facts)} for everyone on the web`, 'high', [
    'PublishToWebReport',
  ]),
  artifactCreated: simple('created', called('the item'), 'routine', [
    'CreateArtifact',
    'CreateReport',
    'CreateDataset',
  ]),
  powerBiSettingChanged: simple('changed', () => say`a setting of the organization for Power BI`, 'notable', [
    'UpdatedAdminFeatureSwitch',
  ]),
  flowCreated: simple('created', flow, 'routine', ['CreateFlow']),
  flowChanged: simple('changed', flow, 'routine', ['EditFlow']),
  flowDeleted: simple('deleted', flow, 'routine', ['DeleteFlow']),
  flowShared: simple('changed who may use or change', flow, 'notable', ['PutPermissions', 'EditPermissions']),
  powerAppCreated: simple('created', app, 'routine', ['CreatePowerApp']),
  powerAppPublished: simple('published', app, 'routine', ['PublishPowerApp']),
  powerAppUsed: simple('opened', app, 'routine', ['LaunchPowerApp']),
  powerAppDeleted: simple('deleted', app, 'routine', ['DeletePowerApp']),
  powerAppShared: simple('changed who may use', app, 'notable', ['EditPowerAppPermission']),
  dataPolicyCreated: simple('created', policy, 'notable', ['CreateDlpPolicy']),
  dataPolicyChanged: simple('changed', policy, 'notable', ['UpdateDlpPolicy']),
  dataPolicyDeleted: simple('deleted', policy, 'high', ['DeleteDlpPolicy']),
} as const satisfies Acts;
