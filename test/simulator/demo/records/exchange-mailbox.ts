/** Records of mailbox auditing: mail read (50), single items (2), and groups of items (3). */
import { auditEvent, type AuditEvent, type PersonalVisit, type Scene } from '../audit-event.ts';
import type { Person } from '../company.ts';
import type { Fields } from '../print-record.ts';
import type { Prng } from '../prng.ts';
import { mailServer } from './exchange-admin.ts';

export interface MailboxAccess {
  readonly owner: Person;
  /** 0 Owner, 1 Admin, 2 Delegated. */
  readonly logonType: 0 | 1 | 2;
}

export interface MailItem {
  readonly subject: string;
  /** With a leading backslash, for example `\Inbox`. */
  readonly folder: string;
  readonly attachments?: string;
}

/** MailItemsAccessed: several reads combined. It has ClientIPAddress but no ClientIP. */
export const mailItemsAccessed = (
  scene: Scene,
  visit: PersonalVisit,
  access: MailboxAccess,
  folder = '\\Inbox',
): AuditEvent => {
  const { prng } = scene;
  const count = prng.int(1, 4);
  const items = Array.from({ length: count }, () => ({
    InternetMessageId: messageId(scene),
    SizeInBytes: prng.int(4_000, 400_000),
  }));
  return mailboxEvent(scene, visit, access, {
    recordType: 50,
    operation: 'MailItemsAccessed',
    hasClientIp: false,
    properties: { MailAccessType: prng.chance(0.9) ? 'Bind' : 'Sync', IsThrottled: 'False' },
    details: {
      Folders: [{ FolderItems: items, Id: folderId(prng), Path: folder }],
      OperationCount: count,
    },
  });
};

/** Create, Send, Update, UpdateInboxRules…: one item. */
export const itemAction = (
  scene: Scene,
  visit: PersonalVisit,
  access: MailboxAccess,
  {
    operation,
    item,
    extra = {},
  }: { readonly operation: string; readonly item: MailItem; readonly extra?: Fields },
): AuditEvent =>
  mailboxEvent(scene, visit, access, {
    recordType: 2,
    operation,
    hasClientIp: true,
    details: {
      ...extra,
      Item: {
        ...(item.attachments !== undefined && { Attachments: item.attachments }),
        Id: itemId(scene.prng),
        InternetMessageId: messageId(scene),
        IsRecord: false,
        ParentFolder: folderOf(scene.prng, item.folder),
        SizeInBytes: scene.prng.int(3_000, 900_000),
        Subject: item.subject,
      },
    },
  });

/** SoftDelete, HardDelete, MoveToDeletedItems, Move: one or several items of a folder. */
export const groupAction = (
  scene: Scene,
  visit: PersonalVisit,
  access: MailboxAccess,
  { operation, items }: { readonly operation: string; readonly items: readonly MailItem[] },
): AuditEvent => {
  const folder = folderOf(scene.prng, items[0]?.folder ?? '\\Inbox');
  const leavesTo = operation.startsWith('Move') ? folderOf(scene.prng, '\\Deleted Items') : undefined;
  return mailboxEvent(scene, visit, access, {
    recordType: 3,
    operation,
    hasClientIp: true,
    details: {
      AffectedItems: items.map((item) => ({
        ...(item.attachments !== undefined && { Attachments: item.attachments }),
        Id: itemId(scene.prng),
        InternetMessageId: messageId(scene),
        ParentFolder: folder,
        Subject: item.subject,
      })),
      CrossMailboxOperation: false,
      DestFolder: leavesTo,
      Folder: folder,
    },
  });
};

interface MailboxAction {
  readonly recordType: 2 | 3 | 50;
  readonly operation: string;
  readonly hasClientIp: boolean;
  readonly properties?: Readonly<Record<string, string>>;
  readonly details: Fields;
}

const mailboxEvent = (
  scene: Scene,
  visit: PersonalVisit,
  { owner, logonType }: MailboxAccess,
  action: MailboxAction,
): AuditEvent => {
  const { prng, company } = scene;
  const { actor } = visit;
  return auditEvent(
    scene,
    {
      at: visit.at,
      contentType: 'Audit.Exchange',
      workload: 'Exchange',
      recordType: action.recordType,
      operation: action.operation,
      resultStatus: prng.chance(0.97) ? 'Succeeded' : 'PartiallySucceeded',
      userKey: actor.puid.toUpperCase(),
      userType: actor.userType,
      userId: actor.userId,
      clientIp: action.hasClientIp ? visit.address : undefined,
    },
    {
      AppId: '00000002-0000-0ff1-ce00-000000000000',
      ClientAppId: prng.chance(0.3) ? '00000002-0000-0ff1-ce00-000000000000' : undefined,
      ClientIPAddress: visit.address,
      ClientInfoString: `Client=OWA;${visit.userAgent};`,
      ExternalAccess: false,
      InternalLogonType: 0,
      LogonType: logonType,
      LogonUserSid: actor.sid,
      MailboxGuid: owner.mailboxId,
      MailboxOwnerSid: owner.sid,
      MailboxOwnerUPN: owner.userId,
      OperationProperties:
        action.properties && Object.entries(action.properties).map(([Name, Value]) => ({ Name, Value })),
      OrganizationName: company.onMicrosoftDomain,
      OriginatingServer: `${mailServer(scene)} (15.20.${prng.int(8500, 9200)}.0${prng.int(10, 39)})\r\n`,
      SessionId: prng.chance(0.7) ? prng.guid() : undefined,
      ...action.details,
    },
  );
};

const messageId = (scene: Scene): string => {
  const server = mailServer(scene);
  return `<${server}${scene.prng.hex(22).toUpperCase()}@${server}.eurprd04.prod.outlook.com>`;
};

const folderId = (prng: Prng): string => `LgAAAAD${prng.hex(24).toUpperCase()}AQ${prng.hex(16)}AAAB`;
const itemId = (prng: Prng): string => `RgAAAAD${prng.hex(24).toUpperCase()}BwB${prng.hex(32)}AAAR`;

const folderOf = (prng: Prng, path: string): Fields => ({ Id: folderId(prng), Path: path });
