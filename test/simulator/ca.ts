/** The disposable certificate authority for the simulator's HTTPS. */

import { generate } from 'selfsigned';

export interface ServerCertificate {
  /** The certificate that clients must trust (NODE_EXTRA_CA_CERTS or an agent's `ca`). */
  readonly caPem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const ellipticCurve = { keyType: 'ec', algorithm: 'sha256' } as const;

/** Creates an authority and a server certificate for localhost (or another name), 127.0.0.1, and ::1; both are valid for a year. */
export const createServerCertificate = async (name = 'localhost'): Promise<ServerCertificate> => {
  // Clients would trust only one of two authorities with the same name.
  const authority = await generate([{ name: 'commonName', value: `Disposable authority of ${name}` }], {
    ...ellipticCurve,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: name }], {
    ...ellipticCurve,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: name },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { caPem: authority.cert, certificatePem: server.cert, privateKeyPem: server.private };
};
