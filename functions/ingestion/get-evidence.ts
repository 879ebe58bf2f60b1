/** Certificates of what was collected. */
import * as api from '../../shared/api/evidence.ts';
import { certify, type CertificateDeps } from '../../shared/evidence/certificate.ts';
import { evidenceRange } from '../../shared/evidence/evidence-range.ts';
import { publicCertificate } from '../../shared/evidence/public-certificate.ts';
import { handler } from '../../shared/http/handler.ts';

export const getEvidenceHandler = handler(
  api.getEvidence,
  async (deps: CertificateDeps, { tenant, query, caller, reply }) => {
    const certificate = await certify(deps, tenant, evidenceRange(query));
    return reply(200, publicCertificate(certificate, tenant.tenantId, caller));
  },
);
