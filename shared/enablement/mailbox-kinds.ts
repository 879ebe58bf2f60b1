/** The kinds of mailboxes that are audited, and why the others are left out. */
import * as z from 'zod';

/** RecipientTypeDetails of mailboxes that are audited. */
export const auditedKinds = ['UserMailbox', 'SharedMailbox', 'RoomMailbox', 'EquipmentMailbox'] as const;

/** A kind of mailboxes that enablements and postures do not touch. */
export const leftOutKindSchema = z.object({
  kind: z.string().meta({ description: 'RecipientTypeDetails of the mailboxes.' }),
  total: z.number().optional().meta({
    description: 'How many there are; absent for kinds that Exchange lists only on request.',
  }),
  reason: z.string().meta({ description: 'Why they are left out.' }),
});
export type LeftOutKind = Readonly<z.infer<typeof leftOutKindSchema>>;

/** @see https://learn.microsoft.com/purview/audit-mailboxes for the kinds that Exchange does not audit */
const reasons: ReadonlyMap<string, string> = new Map([
  ['GroupMailbox', 'Microsoft audits the mailboxes of Microsoft 365 groups and manages what is audited.'],
  ['PublicFolderMailbox', 'Exchange does not audit mailboxes of public folders.'],
  ['DiscoveryMailbox', 'Exchange does not audit discovery mailboxes, which hold results of searches.'],
]);

const unknownKind =
  'Auditkeep does not know whether Exchange audits this kind. Audit these mailboxes by hand if people use them.';

/** Get-Mailbox lists these only on request, so they are not counted. */
const notListed: readonly string[] = ['GroupMailbox', 'PublicFolderMailbox'];

/** @param others number of mailboxes of each other kind that Exchange lists */
export function leftOutKinds(others: ReadonlyMap<string, number>): readonly LeftOutKind[] {
  const listed = [...others].map(([kind, total]) => ({
    kind,
    total,
    reason: reasons.get(kind) ?? unknownKind,
  }));
  const rest = notListed.filter((kind) => !others.has(kind));
  return [...listed, ...rest.map((kind) => ({ kind, reason: reasons.get(kind) ?? unknownKind }))];
}
