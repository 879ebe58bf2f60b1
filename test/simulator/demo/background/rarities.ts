/** One of each rare oddity, so that every tenant has it regardless of randomness. */
import { officeVisit, type AuditEvent, type PersonalVisit, type Scene } from '../audit-event.ts';
import type { Person, Site } from '../company.ts';
import { unusualNames } from '../documents.ts';
import { applications, oldStyleLogon, signIn } from '../records/entra.ts';
import { cmdlet, recipientPath } from '../records/exchange-admin.ts';
import { unlistedRecord } from '../records/security.ts';
import { fileOperation } from '../records/sharepoint.ts';
import { certificateRenewed, maintenanceWithoutParameters } from './services.ts';

export const rarities = (scene: Scene): readonly AuditEvent[] => [
  ...unusualFiles(scene),
  unlistedRecord(scene, visitOf(scene, anyStaff(scene))),
  certificateRenewed(scene, moment(scene)),
  maintenanceWithoutParameters(scene, moment(scene)),
  oldStyleLogon(scene, visitOf(scene, anyStaff(scene))),
  oldStyleLogon(scene, { ...visitOf(scene, anyStaff(scene)), address: '<null>' }),
  fromBracketedV6(scene),
  underDirectoryId(scene),
  inOtherCasing(scene),
];

/** The same person, in the casing of an old profile. */
export const recased = (person: Person): Person => ({
  ...person,
  userId: person.userId.replace(
    /(^|[.@])([a-z])/g,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  ),
});

const unusualFiles = (scene: Scene): readonly AuditEvent[] => {
  const site = scene.prng.pick(scene.company.sites);
  return unusualNames.map((name) =>
    fileOperation(scene, visitOf(scene, anyStaff(scene)), 'FileUploaded', {
      site,
      document: named(site, name),
    }),
  );
};

const fromBracketedV6 = (scene: Scene): AuditEvent => {
  const person = anyStaff(scene);
  const visit = { ...visitOf(scene, person), address: `2001:db8:24::${scene.prng.hex(3)}` };
  return cmdlet(scene, visit, {
    name: 'Set-MailboxAutoReplyConfiguration',
    objectId: recipientPath(scene, person.mailboxId),
    parameters: { Identity: person.userId, AutoReplyState: 'Scheduled' },
  });
};

const underDirectoryId = (scene: Scene): AuditEvent => {
  const person = anyStaff(scene);
  const visit = visitOf(scene, { ...person, userId: person.directoryId });
  return signIn(scene, visit, { applicationId: applications.sharePointOnline });
};

const inOtherCasing = (scene: Scene): AuditEvent =>
  signIn(scene, visitOf(scene, recased(anyStaff(scene))), { applicationId: applications.teams });

const named = (site: Site, name: string): Site['documents'][number] => {
  const document = site.documents.find((candidate) => candidate.name === name);
  if (document === undefined) throw new RangeError(`${site.title} has no document ${name}`);
  return document;
};

const anyStaff = ({ company, prng }: Scene): Person => prng.pick(company.staff);
const moment = ({ calendar, prng }: Scene): Date => calendar.businessMoment(prng);
const visitOf = (scene: Scene, person: Person): PersonalVisit => officeVisit(scene, person, moment(scene));
