/** The audit posture: settings day by day, what is wrong, what got worse. */
import * as api from '../../shared/api/tenants.ts';
import { driftOf, problemsOf, type PostureStore } from '../../shared/enablement/posture.ts';
import { handler } from '../../shared/http/handler.ts';

/** Days of history in an answer. */
const historyDays = 30;

export const getPostureHandler = handler(
  api.getPosture,
  async ({ postures }: { readonly postures: PostureStore }, { tenant, reply }) => {
    const found = await postures.list(tenant.tenantId, historyDays);
    const value = found.map((posture, index) => {
      const before = found[index + 1];
      const drift = before === undefined ? [] : driftOf(before, posture);
      const { takenAt: checkedDateTime, ...settings } = posture;
      return { checkedDateTime, ...settings, problems: problemsOf(posture), drift };
    });
    return reply(200, { value });
  },
);
