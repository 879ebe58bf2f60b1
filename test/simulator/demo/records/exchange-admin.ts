/** Records of the Exchange admin log (1): one per cmdlet. */
import { withPort } from '../addresses.ts';
import { auditEvent, type AuditEvent, type Scene, type Visit } from '../audit-event.ts';
import { outsider } from '../company.ts';
import { applications } from './entra.ts';

export interface Cmdlet {
  readonly name: string;
  readonly objectId: string;
  /** `''` is what the log contains for a cmdlet without parameters. */
  readonly parameters: Readonly<Record<string, string>> | '';
  readonly failed?: boolean;
}

/** A cmdlet run by a person or a program, in Exchange Online PowerShell or the admin center. */
export const cmdlet = (
  scene: Scene,
  visit: Visit,
  { name, objectId, parameters, failed }: Cmdlet,
): AuditEvent => {
  const { prng, company } = scene;
  const { actor } = visit;
  const isOurs = actor.fixedUserKey === undefined;
  return auditEvent(
    scene,
    {
      at: visit.at,
      contentType: 'Audit.Exchange',
      workload: 'Exchange',
      recordType: 1,
      operation: name,
      resultStatus: failed === true ? 'False' : 'True',
      userKey: actor.fixedUserKey ?? actor.userId,
      userType: actor.userType === 0 ? 2 : actor.userType,
      userId: actor.userId,
      clientIp: visit.address === '' ? undefined : withPort(prng, visit.address),
      objectId,
    },
    {
      AppId: isOurs ? applications.exchangePowerShell : '',
      ...(isOurs && { AppPoolName: 'MSExchangeAdminApiNetCore' }),
      ClientAppId: '',
      ...(isOurs && { CorrelationID: '' }),
      ExternalAccess: actor.userType === 3 || actor.userType === 9,
      OrganizationName: company.onMicrosoftDomain,
      OriginatingServer: `${mailServer(scene)} (15.20.${prng.int(8500, 9200)}.0${prng.int(10, 39)})${prng.chance(0.7) ? '\r\n' : ''}`,
      Parameters:
        parameters === '' ? '' : Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
      ...(isOurs && { RequestId: prng.guid() }),
    },
  );
};

/** What Microsoft's own services do in every tenant. */
export const systemCmdlet = (scene: Scene, at: Date, command: Cmdlet): AuditEvent =>
  cmdlet(scene, { at, address: '', userAgent: '', actor: exchangeMachinery(scene) }, command);

/** `AM6PR04MB1234` */
export const mailServer = ({ prng }: Scene): string =>
  `${prng.pick(['AM6PR04MB', 'DB9PR08MB', 'VI1PR02MB'])}${prng.int(1000, 9999)}`;

/** Exchange's name of a recipient. */
export const recipientPath = ({ company }: Scene, recipient: string): string =>
  `EURPR04A0${company.utcOffsetHours + 12}.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/${company.onMicrosoftDomain}/${recipient}`;

const exchangeMachinery = ({ prng }: Scene): ReturnType<typeof outsider> =>
  outsider(
    prng.pick([
      'NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)',
      'NT AUTHORITY\\SYSTEM (w3wp)',
      'NT SERVICE\\MSExchangeAdminApiNetCore',
      'S-1-5-18',
    ]),
    3,
  );
