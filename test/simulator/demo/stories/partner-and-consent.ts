/** Story, Tailspin: a quiet tenant where the partner's technician changes a setting and an app gets consent. */
import { officeVisit, type AuditEvent, type Scene, type Visit } from '../audit-event.ts';
import { later } from '../calendar.ts';
import { outsider, personNamed } from '../company.ts';
import { directoryChange, inList, modified, type DirectoryTarget } from '../records/entra.ts';
import { cmdlet } from '../records/exchange-admin.ts';

/** The partner's technician, who is not in the customer's directory. */
export const technicianUserId = 'petra.varga@lamna-partner.example';

/** The sixth working day before today, and the fourth. */
export const partnerAndConsent = (scene: Scene): readonly AuditEvent[] => [
  ...technicianChangesMailFlow(scene, scene.calendar.workdayAt(6, '10:20')),
  ...ownerConsentsToAnApp(scene, scene.calendar.workdayAt(4, '14:45')),
];

/** UserType 9: a partner's technician with delegated administration (GDAP). */
const technicianChangesMailFlow = (scene: Scene, at: Date): readonly AuditEvent[] => {
  const visit: Visit = {
    at,
    actor: outsider(technicianUserId, 9),
    address: '198.51.100.201',
    userAgent: 'EXOModule',
  };
  const { onMicrosoftDomain } = scene.company;
  return [
    cmdlet(scene, visit, {
      name: 'Set-HostedContentFilterPolicy',
      objectId: `${onMicrosoftDomain}\\Default`,
      parameters: { Identity: 'Default', AllowedSenderDomains: 'margiestravel.example', BulkThreshold: '7' },
    }),
    cmdlet(
      scene,
      { ...visit, at: later(at, 6) },
      {
        name: 'Set-RemoteDomain',
        objectId: `${onMicrosoftDomain}\\Default`,
        parameters: { Identity: 'Default', AutoForwardEnabled: 'True' },
      },
    ),
  ];
};

const ownerConsentsToAnApp = (scene: Scene, at: Date): readonly AuditEvent[] => {
  const owner = personNamed(scene.company, 'Nina Castellan');
  const app: DirectoryTarget = { type: 'ServicePrincipal', id: scene.prng.guid(), name: 'Trip Planner Sync' };
  const scopes = 'Mail.Read Files.ReadWrite.All offline_access';
  return [
    directoryChange(scene, officeVisit(scene, owner, at), {
      operation: 'Add service principal.',
      category: 'ApplicationManagement',
      target: app,
      modified: [
        modified('DisplayName', inList(app.name), '[]'),
        modified('AccountEnabled', inList(true), '[]'),
      ],
    }),
    directoryChange(scene, officeVisit(scene, owner, later(at, 0.1)), {
      operation: 'Consent to application.',
      category: 'ApplicationManagement',
      target: app,
      modified: [
        modified('ConsentContext.IsAdminConsent', 'True'),
        modified('ConsentContext.OnBehalfOfAll', 'True'),
        modified(
          'ConsentAction.Permissions',
          `[] => [[Id: ${scene.prng.hex(43)}, ClientId: ${app.id}, ConsentType: AllPrincipals, Scope: ${scopes}]];`,
        ),
      ],
    }),
  ];
};
