/** Partner Center, whose client is loaded with the first call: few runs of the app need it. */
import { loadPart } from '../../lazy.ts';
import type { PartnerCenter } from '../../partner-center/partner-center.ts';
import type { PartnerCenterOptions } from './partner-center.ts';

export function createPartnerCenterLater(options: PartnerCenterOptions): PartnerCenter {
  let made: PartnerCenter | undefined;
  const client = async () => {
    const { createPartnerCenter } = await loadPart(() => import('./partner-center.ts'));
    made ??= createPartnerCenter(options);
    return made;
  };
  return {
    async *customers(budget) {
      yield* (await client()).customers(budget);
    },
    consent: async (...given) => await (await client()).consent(...given),
    grant: async (...given) => await (await client()).grant(...given),
    assignRole: async (...given) => await (await client()).assignRole(...given),
  };
}
