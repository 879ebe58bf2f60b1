/** The common part of all audit records, and its actor and origin. */
import type { FeedContentType } from '../tenant.ts';
import type { Calendar } from './calendar.ts';
import type { Actor, Company, Person } from './company.ts';
import type { Fields } from './print-record.ts';
import type { Prng } from './prng.ts';

/** The setting of the demo: one company, its calendar, and the randomness of its records. */
export interface Scene {
  readonly company: Company;
  readonly calendar: Calendar;
  readonly prng: Prng;
}

/** Who acts, when, and from where. */
export interface Visit {
  readonly at: Date;
  readonly actor: Actor;
  /** Plain IPv4 or IPv6 address. */
  readonly address: string;
  readonly userAgent: string;
}

export interface PersonalVisit extends Visit {
  readonly actor: Person;
}

/** One event, not yet serialized. */
export interface AuditEvent {
  readonly at: Date;
  readonly contentType: FeedContentType;
  readonly fields: Fields;
}

/** The common schema's fields; undefined fields are absent from the record. */
export interface EventHead {
  readonly at: Date;
  readonly contentType: FeedContentType;
  readonly recordType: number;
  readonly workload: string;
  readonly operation: string;
  readonly userId: string;
  readonly userType: number;
  readonly userKey: string;
  readonly resultStatus?: string;
  readonly clientIp?: string | undefined;
  readonly objectId?: string | undefined;
}

/** A record: the common fields in the order of the service, then the details. */
export const auditEvent = (scene: Scene, head: EventHead, details: Fields): AuditEvent => ({
  at: head.at,
  contentType: head.contentType,
  fields: {
    CreationTime: zonelessUtc(head.at),
    Id: scene.prng.guid(),
    Operation: head.operation,
    OrganizationId: scene.company.tenantId,
    RecordType: head.recordType,
    ResultStatus: head.resultStatus,
    UserKey: head.userKey,
    UserType: head.userType,
    Version: 1,
    Workload: head.workload,
    ClientIP: head.clientIp,
    ObjectId: head.objectId,
    UserId: head.userId,
    ...details,
  },
});

/** `2026-03-02T09:14:07`: UTC without a time zone, as in the feed. */
export const zonelessUtc = (at: Date): string => at.toISOString().slice(0, 19);

/** A visit from the office: the person's own browser, the company's address. */
export const officeVisit = ({ company }: Scene, actor: Person, at: Date): PersonalVisit => ({
  at,
  actor,
  address: company.officeAddress,
  userAgent: actor.userAgent,
});
