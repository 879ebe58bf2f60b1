/** Data loss prevention records, delivered as DLP.All: in SharePoint (11) and in mail (13). */
import { auditEvent, zonelessUtc, type AuditEvent, type EventHead, type Scene } from '../audit-event.ts';
import type { Person } from '../company.ts';
import type { Fields } from '../print-record.ts';
import type { SiteDocument } from './sharepoint.ts';

/** A document that contains card or bank numbers. */
export const documentMatched = (
  scene: Scene,
  at: Date,
  owner: Person,
  { site, document }: SiteDocument,
): AuditEvent => {
  const url = `${site.url}/${document.folder}/${document.name}`;
  // Both casings of the name occur in real feeds.
  const head = dlpHead(scene, at, {
    recordType: 11,
    operation: 'DLPRuleMatch',
    workload: site.workload,
    objectId: url,
  });
  return auditEvent(scene, head, {
    IncidentId: scene.prng.guid(),
    PolicyDetails: policyDetails(scene, 'Document'),
    SensitiveInfoDetectionIsIncluded: true,
    SharePointMetaData: {
      FileID: document.uniqueId,
      FileName: document.name,
      FileOwner: owner.displayName,
      FilePathUrl: url,
      FileSize: document.sizeBytes,
      From: owner.userId,
      IsViewableByExternalUsers: true,
      SiteCollectionGuid: site.siteId,
      SiteCollectionUrl: site.url,
      UniqueID: document.uniqueId,
      itemCreationTime: zonelessUtc(at),
    },
  });
};

/** An email that contains such numbers; ExceptionInfo, if present, is an object or JSON in a string. */
export const mailMatched = (scene: Scene, at: Date, sender: Person, recipient: string): AuditEvent => {
  const { prng } = scene;
  const messageId = `<${prng.hex(24)}@${scene.company.domain}>`;
  const kind = { recordType: 13, operation: 'DlpRuleMatch', workload: 'Exchange', objectId: messageId };
  return auditEvent(scene, dlpHead(scene, at, kind), {
    IncidentId: prng.guid(),
    PolicyDetails: policyDetails(scene, 'Message Body'),
    SensitiveInfoDetectionIsIncluded: true,
    ...prng.pick([
      {},
      { ExceptionInfo: { FalsePositive: true } },
      { ExceptionInfo: '{"Justification":"agreed with the customer"}' },
    ]),
    ExchangeMetaData: {
      BCC: [],
      CC: [],
      FileSize: prng.int(9_000, 400_000),
      From: sender.userId,
      MessageID: messageId,
      RecipientCount: 1,
      Sent: zonelessUtc(at),
      Subject: prng.pick(['card for the booking', 'bank details', 'payroll numbers']),
      To: [recipient],
      UniqueID: prng.guid(),
    },
  });
};

type Kind = Pick<EventHead, 'recordType' | 'workload' | 'operation' | 'objectId'>;

const dlpHead = ({ prng }: Scene, at: Date, kind: Kind): EventHead => ({
  at,
  contentType: 'DLP.All',
  ...kind,
  userId: 'DlpAgent',
  userType: 4,
  userKey: `11538${prng.int(10_000_000, 99_999_999)}`,
});

const policyDetails = ({ prng, company }: Scene, location: string): readonly Fields[] => [
  {
    PolicyId: prng.guid(),
    PolicyName: 'Payment data',
    Rules: [
      {
        ActionParameters: [`GenerateIncidentReport:security@${company.domain}`],
        Actions: ['NotifyUser', 'GenerateIncidentReport'],
        ConditionsMatched: {
          OtherConditions: [{ Name: 'AccessScope', Value: 'NotInOrganization' }],
          SensitiveInformation: [
            {
              Confidence: prng.pick([75, 85]),
              Count: prng.int(1, 12),
              Location: location,
              SensitiveInformationTypeName: 'Credit Card Number',
              SensitiveType: '50842eb7-edc8-4019-85dd-5a5c1f2bb085',
              UniqueCount: 1,
            },
          ],
        },
        RuleId: prng.guid(),
        RuleMode: 'Enable',
        RuleName: 'Low volume, outside',
        Severity: prng.pick(['Low', 'Medium']),
      },
    ],
  },
];
