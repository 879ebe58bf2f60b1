/** A simulated cmdlet: its name, its parameters, and its effect on a tenant. */

import * as z from 'zod';
import type { Settings } from '../settings.ts';
import type { TenantState } from '../tenant-states.ts';

export interface CmdletContext {
  readonly state: TenantState;
  readonly settings: Settings;
}

export type Row = Readonly<Record<string, unknown>>;

export interface CmdletResult {
  readonly rows: readonly Row[];
  /** The requested number of rows. @default unlimited */
  readonly resultSize?: number;
  /** GUID of the mailbox that was written. */
  readonly guid?: string;
}

export interface Cmdlet {
  readonly name: string;
  /** @throws CmdletError */
  run(context: CmdletContext, parameters: unknown): CmdletResult;
}

/** The command was valid but refused; returns 400. */
export class CmdletError extends Error {
  override readonly name = 'CmdletError';
  /** The .NET type of the exception. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const bindingException = 'System.Management.Automation.ParameterBindingException';

/** Parameters that every cmdlet accepts and the simulator ignores. */
const commonParameters = z.object({
  Confirm: z.boolean().optional(),
  Force: z.boolean().optional(),
  ErrorAction: z.string().optional(),
  WarningAction: z.string().optional(),
});

const givenSchema = z.record(z.string(), z.unknown());

/** A number, or a string as PowerShell would pass it. */
export const resultSizeSchema = z
  .union([z.int().positive(), z.string().regex(/^(?:[1-9]\d*|unlimited)$/i)])
  .default(1000)
  .transform((size) => (/^\d+$/.test(String(size)) ? Number(size) : Number.POSITIVE_INFINITY));

/** Parameter names are case-sensitive; unknown ones are refused as in PowerShell. */
export const defineCmdlet = <Shape extends z.ZodRawShape>(
  name: string,
  shape: Shape,
  run: (context: CmdletContext, parameters: z.output<z.ZodObject<Shape>>) => CmdletResult,
): Cmdlet => {
  const schema = z.strictObject(shape);
  return {
    name,
    run: (context, input) => {
      const given = givenSchema.parse(input);
      bind(commonParameters, given);
      const own = Object.entries(given).filter(
        ([parameter]) => !Object.hasOwn(commonParameters.shape, parameter),
      );
      return run(context, bind(schema, Object.fromEntries(own)));
    },
  };
};

const bind = <Schema extends z.ZodType>(
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
): z.output<Schema> => {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new CmdletError(bindingException, bindingProblemOf(parsed.error, given));
};

const bindingProblemOf = ({ issues }: z.ZodError, given: Readonly<Record<string, unknown>>): string => {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue?.code === 'unrecognized_keys') {
    return `A parameter cannot be found that matches parameter name '${issue.keys.join("', '")}'.`;
  }
  const parameter = String(issue?.path[0] ?? '');
  return Object.hasOwn(given, parameter)
    ? `Cannot process argument transformation on parameter '${parameter}'. ${reasonOf(issue)}`
    : `Cannot process command because of one or more missing mandatory parameters: ${parameter}.`;
};

/** If several forms are possible, the reason is the simulator's own message about one of them. */
const reasonOf = (issue: z.core.$ZodIssue | undefined): string => {
  if (issue?.code !== 'invalid_union') return issue?.message ?? '';
  const reasons = issue.errors.flat();
  return (reasons.find(({ code }) => code === 'custom') ?? reasons[0] ?? issue).message;
};
