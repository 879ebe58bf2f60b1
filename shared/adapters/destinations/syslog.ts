/** Sends messages of syslog, by TLS. */
import { isIP } from 'node:net';
import { createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls';
import { allowsHost } from '../../destinations/allowed-hosts.ts';
import { framed } from '../../destinations/kinds/syslog/message.ts';
import type { SyslogSettings } from '../../destinations/kinds/syslog.ts';
import type { OpenSender, SenderContext, SendResult, TestStep } from '../../destinations/kind.ts';
import { addressRefused, checkedLookup } from '../checked-lookup.ts';
import { createNameResolver } from '../resolve-name.ts';
import { resultOfUnreached } from './https-client.ts';
import { connected, unreachedStep } from './https-test.ts';
import { writeByTls } from './syslog/connection.ts';

export const openSyslog: OpenSender<SyslogSettings> = (settings, context) => {
  const write = async (messages: readonly Buffer[], signal: AbortSignal): Promise<string | undefined> => {
    if (!allowsHost(settings.host, context.isAllowed)) return addressRefused;
    const secureContext = await secureContextOf(settings, context);
    if (typeof secureContext === 'string') return secureContext;
    return await writeByTls(optionsOf(settings, context, secureContext), Buffer.concat(messages), signal);
  };
  return {
    async send({ records }, signal) {
      const code = await write(
        records.map(({ body }) => body),
        signal,
      );
      return code === undefined ? { outcome: 'accepted' } : resultOf(code);
    },
    test: async (signal) => stepsOf(await write([testMessage(context.now())], signal)),
    // Each batch has a connection of its own.
    close: () => Promise.resolve(),
  };
};

const clientCertificateUnreadable = 'ClientCertificateUnreadable';

/** A code if it cannot be made. */
async function secureContextOf(
  { clientCertificate, certificateAuthority: ca }: SyslogSettings,
  { secret }: SenderContext,
): Promise<SecureContext | string> {
  const pem = clientCertificate === undefined ? undefined : await secret(clientCertificate);
  try {
    createSecureContext({ key: pem, cert: pem });
  } catch {
    return clientCertificateUnreadable;
  }
  try {
    return createSecureContext({ ca, key: pem, cert: pem, minVersion: 'TLSv1.2' });
  } catch {
    return 'CERT_UNREADABLE';
  }
}

function optionsOf(
  { host, port }: SyslogSettings,
  { isAllowed }: SenderContext,
  secureContext: SecureContext,
): ConnectionOptions {
  const lookup = checkedLookup(createNameResolver(), isAllowed);
  const name = isIP(host) === 0 ? { servername: host } : {};
  return { host, port, lookup, secureContext, ...name };
}

function resultOf(code: string): SendResult {
  const refusal = clientRefusals.find(([codes]) => codes.test(code));
  if (refusal === undefined) return resultOfUnreached({ status: undefined, code });
  return { outcome: 'misconfigured', cause: refusal[1].replace('CODE', code), nextStep: refusal[2] };
}

/** What concerns the certificate of this sender, by code. */
const clientRefusals: readonly (readonly [codes: RegExp, cause: string, nextStep: string])[] = [
  [
    new RegExp(`^${clientCertificateUnreadable}$`),
    'The client certificate cannot be read.',
    'Store the key and the certificate in one secret, both in PEM format, the key without a password.',
  ],
  [
    /ALERT_(BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|HANDSHAKE_FAILURE)/,
    'The destination refused the client certificate, or requires one (CODE).',
    'Set clientCertificate to a secret whose certificate is of an authority that the destination trusts.',
  ],
];

function stepsOf(code: string | undefined): readonly TestStep[] {
  if (code === undefined)
    return [connected, { step: 'send', succeeded: true, detail: 'The destination read a message.' }];
  const result = resultOf(code);
  if (!isOfClient(code) || result.outcome !== 'misconfigured')
    return [unreachedStep({ status: undefined, code })];
  return [{ step: 'authenticate', succeeded: false, detail: result.cause, nextStep: result.nextStep }];
}

function isOfClient(code: string): boolean {
  return clientRefusals.some(([codes]) => codes.test(code));
}

function testMessage(now: Date): Buffer {
  const text = 'Test of a destination of Auditkeep; not an audit record.';
  return framed(
    `<110>1 ${now.toISOString()} auditkeep auditkeep - test - `,
    Buffer.from(JSON.stringify({ auditkeep: 'test', message: text })),
  );
}
