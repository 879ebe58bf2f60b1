/** The throw-away certificate authority behind the simulator's HTTPS. */

import { generate } from 'selfsigned';

export interface ServerCertificate {
  /** The certificate that clients must trust (NODE_EXTRA_CA_CERTS or an agent's `ca`). */
  readonly caPem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const ellipticCurve = { keyType: 'ec', algorithm: 'sha256' } as const;

/** Makes an authority and a server certificate of it for localhost (or another name), 127.0.0.1 and ::1; both last a year. */
export const createServerCertificate = async (name = 'localhost'): Promise<ServerCertificate> => {
  // Of two authorities with one name only one would be believed.
  const authority = await generate([{ name: 'commonName', value: `Throw-away authority of ${name}` }], {
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
