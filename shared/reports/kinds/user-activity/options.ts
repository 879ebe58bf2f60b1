/** What the report can be asked. */
import * as z from 'zod';

const nameSchema = z.string().trim().min(1).max(400);

export const optionsSchema = z.strictObject({
  user: nameSchema.meta({
    title: 'User',
    description:
      'Required for userActivity: the person, by any name. Records under all names that are known of the person are found.',
  }),
  services: z
    .array(nameSchema)
    .min(1)
    .max(20)
    .default(['SharePoint', 'OneDrive'])
    .meta({ title: 'Services', description: 'Where it happened; SharePoint and OneDrive by default.' }),
});
export type UserActivityOptions = Readonly<z.output<typeof optionsSchema>>;
