/** Settings that several kinds of channels have. */
import * as z from 'zod';
import { certificateAuthority, httpsOrigin } from '../../destinations/kinds/settings.ts';

export { certificateAuthority, httpsOrigin };

/**
 * The name of a secret in the vault of the deployment. The prefix keeps the app's own secrets out of reach, and those of
 * destinations.
 */
export const secretName = z
  .string()
  .regex(
    /^channel-[0-9A-Za-z-]{1,100}$/,
    'must begin with channel-, followed by letters, digits, and hyphens',
  )
  .meta({ description: 'Name of a secret in Key Vault; it begins with `channel-`.' });

const mailAddress = z
  .string()
  .max(254)
  .regex(/^[^\s@<>"(),:;[\\\]]+@[^\s@<>"(),:;[\\\]]+\.[^\s@<>"(),:;[\\\]]+$/, 'must be a mail address');

export const sender = mailAddress.meta({ description: 'Address that mail is sent from.' });

/** Both services of Microsoft take at least so many. */
export const recipients = z
  .array(mailAddress)
  .min(1)
  .max(50)
  .meta({ description: 'Addresses that mail is sent to.' });

/** A number or a text by which a receiver names something of its own. */
export const numberAt = (description: string) => z.int().min(0).meta({ description });

const tenantId = z.guid().transform((id) => id.toLowerCase());

/** Which company at the receiver each tenant is. There is no default: a ticket must not reach the wrong customer. */
export const companiesBy = <T extends z.ZodType>(company: T) =>
  z
    .record(tenantId, company)
    .refine((companies) => Object.keys(companies).length <= 1000, 'must be at most 1000')
    .meta({ description: 'For each tenant ID the company that its tickets are for.' });
