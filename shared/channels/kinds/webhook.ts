/** Signed requests to any receiver by HTTPS: our own JSON, or a body by template. */
import * as z from 'zod';
import { httpsUrl } from '../../destinations/kinds/settings.ts';
import type { ChannelKind } from '../kind.ts';
import { checkTemplate } from '../text/template.ts';
import { certificateAuthority, secretName } from './settings.ts';

const formats = ['json', 'xml', 'form', 'text'] as const;

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/);

export const webhookSettings = z
  .strictObject({
    url: httpsUrl.meta({ description: 'Address that requests are sent to, on any port.' }),
    signingSecret: secretName
      .optional()
      .meta({ description: 'Name of the secret that requests are signed with, `whsec_` and Base64.' }),
    credential: z
      .strictObject({
        header: headerName.default('Authorization').meta({ description: 'Header that holds the secret.' }),
        prefix: z
          .string()
          .regex(/^[\x20-\x7e]{0,100}$/)
          .default('Bearer ')
          .meta({ description: 'What comes before the secret, such as `Basic ` or nothing.' }),
        secret: secretName,
      })
      .optional()
      .meta({ description: 'A header that holds a secret.' }),
    format: z
      .enum(formats)
      .default('json')
      .meta({ description: 'Of the body, and how texts in it are escaped.' }),
    template: z
      .string()
      .max(10_000)
      .optional()
      .meta({ description: 'The body, with names such as `{{title}}`. By default our own JSON.' }),
    certificateAuthority: certificateAuthority.optional(),
  })
  .refine(({ template, format }) => template !== undefined || format === 'json', {
    path: ['template'],
    message: 'must be there unless the format is json',
  })
  .superRefine(({ template, format }, context) => {
    const fault = template === undefined ? undefined : checkTemplate(template, format);
    if (fault !== undefined) context.addIssue({ code: 'custom', path: ['template'], message: fault });
  });
export type WebhookSettings = z.output<typeof webhookSettings>;

export const webhook: ChannelKind<'webhook', WebhookSettings> = {
  name: 'webhook',
  title: 'Webhook',
  settings: webhookSettings,
  // The header webhook-id is the same; the receiver decides what that means.
  tellsRepeats: false,
  followsMatters: false,
};
