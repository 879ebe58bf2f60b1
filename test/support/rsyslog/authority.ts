/** A disposable authority for the certificates of clients. */
import { generate } from 'selfsigned';

export interface ClientAuthority {
  /** PEM, which receivers must trust. */
  readonly caPem: string;
  /** Key and certificate of a client, in one text. */
  readonly issue: () => Promise<string>;
}

const ellipticCurve = { keyType: 'ec', algorithm: 'sha256' } as const;

export async function createClientAuthority(name: string): Promise<ClientAuthority> {
  const authority = await generate([{ name: 'commonName', value: name }], {
    ...ellipticCurve,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return {
    caPem: authority.cert,
    issue: async () => {
      const client = await generate([{ name: 'commonName', value: 'auditkeep' }], {
        ...ellipticCurve,
        ca: { key: authority.private, cert: authority.cert },
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'keyUsage', digitalSignature: true },
          { name: 'extKeyUsage', clientAuth: true },
        ],
      });
      return `${client.private.trim()}\n${client.cert}`;
    },
  };
}
