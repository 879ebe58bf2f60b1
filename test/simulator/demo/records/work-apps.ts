/** Records of the apps whose activity is in Audit.General: Teams (25), Power BI (20), Flow (30), Copilot (261). */
import { asDelivered } from '../addresses.ts';
import {
  auditEvent,
  type AuditEvent,
  type EventHead,
  type PersonalVisit,
  type Scene,
} from '../audit-event.ts';
import type { Person, Team } from '../company.ts';
import type { SiteDocument } from './sharepoint.ts';

type Kind = Pick<EventHead, 'recordType' | 'workload' | 'operation' | 'clientIp' | 'objectId'>;

/** A person is added to a team; Role 0 member, 1 owner, 2 guest. */
export const teamMemberAdded = (scene: Scene, visit: PersonalVisit, team: Team, member: Person): AuditEvent =>
  auditEvent(scene, head(visit, { recordType: 25, workload: 'MicrosoftTeams', operation: 'MemberAdded' }), {
    AADGroupId: team.groupId,
    CommunicationType: 'Team',
    Members: [{ DisplayName: member.displayName, Role: 0, UPN: member.userId }],
    TeamGuid: team.threadId,
    ItemName: team.name,
    TeamName: team.name,
  });

/** MessageSent, MessageUpdated, ReactedToMessage…: a message in a channel. */
export const channelMessage = (
  scene: Scene,
  visit: PersonalVisit,
  operation: string,
  team: Team,
): AuditEvent => {
  const { prng, company } = scene;
  const clientIp = asDelivered(prng, visit.address);
  const kind = { recordType: 25, workload: 'MicrosoftTeams', operation, clientIp, objectId: undefined };
  return auditEvent(scene, head(visit, kind), {
    AADGroupId: team.groupId,
    ChannelGuid: team.threadId,
    ChannelName: prng.pick(['General', 'Planning', 'Random']),
    ChannelType: 'Standard',
    CommunicationType: 'Team',
    ExtraProperties: [
      { Key: 'TimeZone', Value: 'Etc/UTC' },
      { Key: 'OsName', Value: 'windows' },
      { Key: 'ClientName', Value: 'skypeteams' },
    ],
    MessageId: String(visit.at.getTime()),
    MessageURLs: [],
    MessageVersion: String(visit.at.getTime()),
    ParticipantInfo: {
      HasForeignTenantUsers: false,
      HasGuestUsers: false,
      HasOtherGuestUsers: false,
      HasUnauthenticatedUsers: false,
      ParticipatingTenantIds: [company.tenantId],
    },
    ResourceTenantId: company.tenantId,
    TeamGuid: team.threadId,
    ItemName: team.name,
    TeamName: team.name,
  });
};

/** The session record Teams writes whenever the client starts. */
export const teamsSessionStarted = (scene: Scene, visit: PersonalVisit): AuditEvent => {
  const kind = { recordType: 25, workload: 'MicrosoftTeams', operation: 'TeamsSessionStarted' };
  return auditEvent(scene, head(visit, { ...kind, clientIp: visit.address, objectId: 'Unknown (Unknown)' }), {
    DeviceInformation: visit.userAgent,
    ExtraProperties: [
      { Key: 'SessionId', Value: scene.prng.guid() },
      { Key: 'ClientType', Value: 'desktop' },
    ],
  });
};

/** ViewReport, ExportReport…: a Power BI report. */
export const powerBiReport = (
  scene: Scene,
  visit: PersonalVisit,
  operation: string,
  report: string,
): AuditEvent => {
  const { prng } = scene;
  const [workspaceId, datasetId, reportId] = [prng.guid(), prng.guid(), prng.guid()];
  return auditEvent(
    scene,
    head(visit, {
      recordType: 20,
      workload: 'PowerBI',
      operation,
      clientIp: visit.address,
      objectId: report,
    }),
    {
      UserAgent: visit.userAgent,
      Activity: operation,
      ItemName: report,
      WorkSpaceName: 'Controlling',
      DatasetName: report,
      ReportName: report,
      WorkspaceId: workspaceId,
      DatasetId: datasetId,
      ReportId: reportId,
      ArtifactId: reportId,
      ArtifactName: report,
      IsSuccess: true,
      ReportType: 'PowerBIReport',
      RequestId: prng.guid(),
      ActivityId: prng.guid(),
      DistributionMethod: 'Workspace',
      ConsumptionMethod: 'Power BI Web',
      ArtifactKind: 'Report',
    },
  );
};

/** CreateFlow, EditFlow, PutPermissions…: a Power Automate flow. */
export const flowChange = (scene: Scene, visit: PersonalVisit, operation: string): AuditEvent => {
  const { prng, company } = scene;
  const environment = `Default-${company.tenantId}`;
  return auditEvent(
    scene,
    head(visit, { recordType: 30, workload: 'MicrosoftFlow', operation, objectId: undefined }),
    {
      FlowConnectorNames: prng.pick([
        'shared_office365',
        'shared_sharepointonline, shared_office365',
        'shared_teams',
      ]),
      FlowDetailsUrl: `https://admin.powerplatform.microsoft.com/environments/${environment}/flows/${prng.guid()}/details`,
      LicenseDisplayName: 'Microsoft Power Automate Free',
      RecipientUPN: visit.actor.userId,
      SharingPermission: 3,
      UserTypeInitiated: 1,
      UserUPN: visit.actor.userId,
    },
  );
};

/** A prompt and its answer, with the document that Copilot read. */
export const copilotInteraction = (
  scene: Scene,
  visit: PersonalVisit,
  { site, document }: SiteDocument,
): AuditEvent => {
  const { prng } = scene;
  const url = `${site.url}/${document.folder}/${document.name}`;
  const clientIp = asDelivered(prng, visit.address);
  const kind = { recordType: 261, workload: 'Copilot', operation: 'CopilotInteraction', clientIp };
  return auditEvent(scene, head(visit, kind), {
    ClientRegion: 'eu',
    CopilotEventData: {
      AISystemPlugin: [{ Id: 'BingWebSearch', Name: 'BingWebSearch' }],
      AccessedResources: [
        {
          Action: 'Read',
          ID: document.uniqueId,
          Name: document.name,
          SiteUrl: url,
          Type: document.extension,
        },
      ],
      AppHost: prng.pick(['Word', 'Teams', 'Office', 'Excel']),
      Contexts: [{ Id: url, Type: document.extension }],
      MessageIds: [],
      Messages: [
        { Id: String(visit.at.getTime()), isPrompt: true },
        { Id: String(visit.at.getTime() + prng.int(600, 9_000)), isPrompt: false },
      ],
      ModelTransparencyDetails: [{ ModelName: 'DEEP_LEO' }],
      ThreadId: `19:${prng.hex(40)}@thread.v2`,
    },
    CopilotLogVersion: '1.0.0.0',
  });
};

const head = (visit: PersonalVisit, kind: Kind): EventHead => ({
  at: visit.at,
  contentType: 'Audit.General',
  ...kind,
  userId: visit.actor.userId,
  userType: visit.actor.userType,
  userKey: visit.actor.directoryId,
});
