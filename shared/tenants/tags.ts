/** Labels that a partner gives its tenants, so that many of them can be named by one word. */
import * as z from 'zod';

const maxTags = 20;
const pattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** One tag, in lower case: commas, colons, and blanks would not fit into a list of tenants. */
export const tagSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(pattern, 'must have 1 to 64 letters, digits, dots, dashes, or underscores');

/** The tags of a tenant: each once, in alphabetical order. */
export const tagsSchema = z
  .array(tagSchema)
  .transform((tags) => [...new Set(tags)].sort())
  .refine(({ length }) => length <= maxTags, `has more than ${maxTags} tags`);
