/** How schemas are written in the OpenAPI document. */
import type { SchemaTarget } from './json-schema.ts';

export const base = '#/components/schemas/';
export const input: SchemaTarget = { io: 'input', dialect: 'draft-2020-12', base };
export const output: SchemaTarget = { ...input, io: 'output' };
