/** Everyday mail, and the sign-ins for it. */
import { asDelivered } from '../addresses.ts';
import type { PersonalVisit, Scene } from '../audit-event.ts';
import { applications, oldStyleLogon, secondFactorAsked, signIn, wrongPassword } from '../records/entra.ts';
import {
  groupAction,
  itemAction,
  mailItemsAccessed,
  type MailboxAccess,
  type MailItem,
} from '../records/exchange-mailbox.ts';
import { linkClicked } from '../records/security.ts';
import type { Activity } from './activity.ts';

export const mailActivities: readonly Activity[] = [
  { weight: 90, perform: (scene, visit) => mailItemsAccessed(scene, visit, ownMailbox(visit)) },
  ...singleItemActivity('Send', 40, '\\Sent Items'),
  ...singleItemActivity('Create', 12, '\\Drafts'),
  ...singleItemActivity('Update', 12, '\\Calendar'),
  ...severalItemsActivity('MoveToDeletedItems', 26, '\\Inbox'),
  ...severalItemsActivity('SoftDelete', 16, '\\Deleted Items'),
  ...severalItemsActivity('HardDelete', 6, '\\Recoverable Items\\Deletions'),
  { weight: 4, perform: linkClicked },
];

export const signInActivities: readonly Activity[] = [
  {
    weight: 100,
    perform: (scene, visit) =>
      signIn(scene, oddlyAddressed(scene, visit), { applicationId: anyApplication(scene) }),
  },
  {
    weight: 14,
    perform: (scene, visit) =>
      signIn(scene, oddlyAddressed(scene, visit), {
        applicationId: anyApplication(scene),
        failure: scene.prng.pick([wrongPassword, secondFactorAsked]),
      }),
  },
  { weight: 5, perform: oldStyleLogon },
];

/** Occasionally the sign-in log has the address in an odd format. */
const oddlyAddressed = ({ prng }: Scene, visit: PersonalVisit): PersonalVisit => ({
  ...visit,
  address: asDelivered(prng, visit.address),
});

const ownMailbox = ({ actor }: PersonalVisit): MailboxAccess => ({ owner: actor, logonType: 0 });

const anyApplication = ({ prng }: Scene): string =>
  prng.pick([
    applications.exchangeOnline,
    applications.sharePointOnline,
    applications.teams,
    applications.officePortal,
  ]);

const anyItem = ({ prng }: Scene, folder: string): MailItem => ({
  subject: prng.pick(subjects),
  folder,
  ...(prng.chance(0.3) && { attachments: `scan_${prng.int(100, 999)}.pdf (${prng.int(9_000, 900_000)}b)` }),
});

const subjects = [
  'Re: delivery on Thursday',
  'Agenda for the weekly',
  'Invoice attached',
  'Lunch?',
  'AW: Angebot für Müller & Söhne',
  'Minutes of yesterday',
  'Your order has shipped',
  'Re: Re: change request',
];

function singleItemActivity(operation: string, weight: number, folder: string): readonly Activity[] {
  return [
    {
      weight,
      perform: (scene, visit) =>
        itemAction(scene, visit, ownMailbox(visit), { operation, item: anyItem(scene, folder) }),
    },
  ];
}

function severalItemsActivity(operation: string, weight: number, folder: string): readonly Activity[] {
  return [
    {
      weight,
      perform: (scene, visit) => {
        const items = Array.from({ length: scene.prng.int(1, 3) }, () => anyItem(scene, folder));
        return groupAction(scene, visit, ownMailbox(visit), { operation, items });
      },
    },
  ];
}
