/** Records of Defender (28, 41), alerts (40), the compliance shell (18), eDiscovery (24), and unlisted types. */
import {
  auditEvent,
  zonelessUtc,
  type AuditEvent,
  type EventHead,
  type PersonalVisit,
  type Scene,
} from '../audit-event.ts';
import type { Person } from '../company.ts';
import { exactInteger } from '../print-record.ts';

/** An email that Defender blocked, or delivered and removed later. */
export const mailThreat = (scene: Scene, at: Date, recipient: Person, subject: string): AuditEvent => {
  const { prng, company } = scene;
  const sender = `${prng.pick(['billing', 'parcel', 'no-reply'])}@${prng.pick(company.partnerDomains)}`;
  const isMalware = prng.chance(0.4);
  const messageId = prng.guid();
  return auditEvent(
    scene,
    serviceHead(at, 'ThreatIntel', {
      recordType: 28,
      workload: 'ThreatIntelligence',
      operation: 'TIMailData',
      objectId: messageId,
    }),
    {
      AdditionalActionsAndResults: ['OriginalDelivery: [N/A]'],
      AttachmentData: isMalware ? [maliciousAttachment(scene)] : [],
      AuthDetails: ['SPF', 'DKIM', 'DMARC'].map((Name) => ({
        Name,
        Value: prng.pick(['Pass', 'Fail', 'None']),
      })),
      DeliveryAction: prng.pick(['Blocked', 'DeliveredAsSpam', 'Delivered']),
      DetectionMethod: isMalware ? 'File detonation' : 'URL malicious reputation',
      DetectionType: 'Inline',
      Directionality: 'Inbound',
      EventDeepLink: `https://security.microsoft.com/threatexplorer?messageParams=${messageId},${recipient.userId}`,
      InternetMessageId: `<${prng.hex(16)}@${company.partnerDomains[0] ?? ''}>`,
      LatestDeliveryLocation: 'Quarantine',
      MessageTime: zonelessUtc(at),
      NetworkMessageId: messageId,
      OriginalDeliveryLocation: 'Quarantine',
      P1Sender: sender,
      P2Sender: sender,
      Policy: 'AntiPhish',
      PolicyAction: 'Quarantine',
      Recipients: [recipient.userId],
      SenderIp: `203.0.113.${prng.int(150, 250)}`,
      Subject: subject,
      SystemOverrides: [],
      ThreatsAndDetectionTech: [
        isMalware ? 'Malware: [File detonation]' : 'Phish: [URL malicious reputation]',
      ],
      Verdict: isMalware ? 'Malware' : 'Phish',
    },
  );
};

/** A click on a link that Safe Links recognized. */
export const linkClicked = (scene: Scene, visit: PersonalVisit): AuditEvent =>
  auditEvent(
    scene,
    personalHead(visit, { recordType: 41, workload: 'ThreatIntelligence', operation: 'TIUrlClickData' }),
    {
      AppName: 'Mail',
      AppVersion: '0.0.0000',
      EventDeepLink: `https://security.microsoft.com/url/overview?id=${scene.prng.guid()}`,
      SourceId: scene.prng.guid(),
      TimeOfClick: zonelessUtc(visit.at),
      URLClickAction: scene.prng.pick([2, 2, 3, 4]),
      Url: `https://track.${scene.prng.pick(scene.company.partnerDomains)}/c/${scene.prng.hex(40)}?utm=mail`,
      UserIp: visit.address,
    },
  );

export interface Alert {
  readonly name: string;
  readonly severity: 'Informational' | 'Low' | 'Medium' | 'High';
  readonly category: string;
  readonly about: Person;
  /** The subject of the alert, as in its Data. */
  readonly cause: string;
}

/** An alert policy fired; its Data is JSON inside a string. */
export const alertTriggered = (scene: Scene, at: Date, alert: Alert): AuditEvent => {
  const alertId = scene.prng.guid();
  const data = {
    etype: 'User',
    eid: alert.about.userId,
    tid: scene.company.tenantId,
    ts: at.toISOString(),
    te: at.toISOString(),
    op: alert.cause,
    tdc: '1',
    suid: alert.about.userId,
    lon: alert.cause,
  };
  return auditEvent(
    scene,
    {
      ...serviceHead(at, 'SecurityComplianceAlerts', {
        recordType: 40,
        workload: 'SecurityComplianceCenter',
        operation: 'AlertTriggered',
        objectId: alertId,
      }),
      resultStatus: 'Succeeded',
    },
    {
      AlertId: alertId,
      AlertLinks: [{ AlertLinkHref: '' }],
      AlertType: 'System',
      Category: alert.category,
      Comments: 'New alert',
      Data: JSON.stringify(data),
      Name: alert.name,
      PolicyId: scene.prng.guid(),
      Severity: alert.severity,
      Source: 'Office 365 Security & Compliance',
      Status: 'Active',
    },
  );
};

/** A cmdlet of the Security & Compliance shell; Parameters is a raw command line or `''`. */
export const complianceCmdlet = (
  scene: Scene,
  visit: PersonalVisit,
  name: string,
  commandLine = '',
): AuditEvent =>
  auditEvent(
    scene,
    {
      ...personalHead(visit, {
        recordType: 18,
        workload: 'SecurityComplianceCenter',
        operation: name,
        objectId: '',
      }),
      resultStatus: 'Success',
      userType: 2,
      userKey: visit.actor.userId,
    },
    {
      SecurityComplianceCenterEventType: 0,
      ClientApplication: 'EMC',
      CmdletVersion: `15.20.${scene.prng.int(8500, 9200)}.011`,
      EffectiveOrganization: scene.company.onMicrosoftDomain,
      NonPIIParameters: commandLine,
      Parameters: commandLine,
      StartTime: zonelessUtc(visit.at),
      UserServicePlan: '',
    },
  );

/** SearchCreated, SearchStarted, SearchViewed…: a content search. */
export const contentSearch = (
  scene: Scene,
  visit: PersonalVisit,
  operation: string,
  search: { readonly name: string; readonly query: string },
): AuditEvent =>
  auditEvent(
    scene,
    {
      ...personalHead(visit, {
        recordType: 24,
        workload: 'SecurityComplianceCenter',
        operation,
        objectId: search.name,
      }),
      userType: 2,
    },
    {
      Case: '',
      ExchangeLocations: 'All',
      ExtendedProperties: [{ Name: 'SearchId', Value: scene.prng.guid() }],
      ObjectType: 'Search',
      PublicFolderLocations: '',
      Query: search.query,
      SharepointLocations: 'All',
      StartTime: zonelessUtc(visit.at),
    },
  );

/** A record of an undocumented service: its type has no name, and its sequence number exceeds 2^53. */
export const unlistedRecord = (scene: Scene, visit: PersonalVisit): AuditEvent => {
  const { prng } = scene;
  const [recordType, workload, operation] = prng.pick([
    [511, 'PlacesInsights', 'DeskReserved'],
    [526, 'FrontlineHub', 'ShiftPlanPublished'],
    [538, 'AgentFabric', 'AgentRunCompleted.'],
  ] as const);
  return auditEvent(scene, personalHead(visit, { recordType, workload, operation }), {
    SequenceNumber: exactInteger(`92233720368547${prng.int(10_000, 75_807)}`),
    SchemaVersion: '0.9-preview',
    Payload: JSON.stringify({ desk: prng.int(1, 80), floor: prng.int(1, 4), remark: null }),
    TraceContext: `00-${prng.hex(32)}-${prng.hex(16)}-01`,
  });
};

type Kind = Pick<EventHead, 'recordType' | 'workload' | 'operation' | 'objectId'>;

const serviceHead = (at: Date, service: string, kind: Kind): EventHead => ({
  at,
  contentType: 'Audit.General',
  ...kind,
  userId: service,
  userType: 4,
  userKey: service,
});

const personalHead = (visit: PersonalVisit, kind: Kind): EventHead => ({
  at: visit.at,
  contentType: 'Audit.General',
  ...kind,
  userId: visit.actor.userId,
  userType: visit.actor.userType,
  userKey: visit.actor.directoryId,
});

const maliciousAttachment = ({ prng }: Scene): Readonly<Record<string, string | number>> => ({
  FileName: `invoice_${prng.int(1000, 9999)}.pdf.exe`,
  FileType: 'exe;zip',
  FileVerdict: 1,
  MalwareFamily: 'Trojan_Gen_SpoofedExtension',
  SHA256: prng.hex(64),
});
