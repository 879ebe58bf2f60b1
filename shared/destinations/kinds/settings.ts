/** Settings that several kinds have. */
import * as z from 'zod';

/**
 * The name of a secret in the vault of the deployment. The prefix keeps the app's own secrets out of reach: an operator
 * of destinations must not be able to send the signing key to a server of theirs.
 */
export const secretName = z
  .string()
  .regex(
    /^destination-[0-9A-Za-z-]{1,100}$/,
    'must begin with destination-, followed by letters, digits, and hyphens',
  )
  .meta({ description: 'Name of a secret in Key Vault; it begins with `destination-`.' });

export const httpsUrl = z
  .url({ protocol: /^https$/, error: 'must be an https:// address' })
  .max(2000)
  .refine((text) => URL.canParse(text) && new URL(text).username === '' && new URL(text).password === '', {
    error: 'must not contain a user name or password',
  });

/** The address of a receiver whose paths are its own: scheme, host, and port. */
export const httpsOrigin = httpsUrl.refine((text) => URL.canParse(text) && isOrigin(new URL(text)), {
  error: 'must have no path: https://, the host, and the port',
});

function isOrigin({ pathname, search, hash }: URL): boolean {
  return pathname === '/' && search === '' && hash === '';
}

/** PEM; not a secret. */
export const certificateAuthority = z
  .string()
  .max(20_000)
  .startsWith('-----BEGIN CERTIFICATE-----', 'must be a certificate in PEM format')
  .meta({
    description: 'Authority of the certificate of the receiver, in PEM format, if it is not a public one.',
  });

/** The host of a receiver that is not addressed by a URL. A path would be a socket of the machine. */
export const hostName = z
  .string()
  .regex(
    /^[0-9A-Za-z](?:[0-9A-Za-z.-]{0,251}[0-9A-Za-z])?$|^[0-9A-Fa-f:.]{2,45}$/,
    'must be a host name or an IP address',
  )
  .meta({ description: 'Name of the server, as its certificate has it, or its IP address.' });
