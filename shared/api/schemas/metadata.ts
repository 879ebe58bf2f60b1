/** Descriptions of what records say, in answers. */
import * as z from 'zod';

const named = z.strictObject({ name: z.string(), displayName: z.string() }).meta({ id: 'NamedValue' });

export const namedListSchema = z.strictObject({ value: z.array(named) }).meta({ id: 'NamedValueList' });

export const recordTypeListSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({ recordType: z.int(), name: z.string(), displayName: z.string() })
        .meta({ id: 'RecordType' }),
    ),
  })
  .meta({ id: 'RecordTypeList' });

export const recordTypeSchemaSchema = z
  .strictObject({
    recordType: z.string(),
    schema: z.record(z.string(), z.unknown()).meta({ description: 'A JSON Schema of auditData.' }),
  })
  .meta({ id: 'RecordTypeSchema' });

export const healthSchema = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });

/** A document whose own specification says what is in it. */
export const documentSchema = z.record(z.string(), z.unknown());
