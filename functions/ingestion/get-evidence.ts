/** Certificates of what was collected. */
import * as api from '../../shared/api/evidence.ts';
import { certify, type CertificateDeps } from '../../shared/evidence/certificate.ts';
import { evidenceRange } from '../../shared/evidence/evidence-range.ts';
import { publicCertificate } from '../../shared/evidence/public-certificate.ts';
import { negotiatedTypes, preferredType } from '../../shared/http/accept.ts';
import { handler } from '../../shared/http/handler.ts';
import { serialized } from '../../shared/http/reply.ts';
import { loadPart } from '../../shared/lazy.ts';
import { pdfType } from '../../shared/pdf/pdf-type.ts';

const types = negotiatedTypes(api.getEvidence);

export const getEvidenceHandler = handler(
  api.getEvidence,
  async (deps: CertificateDeps, { request, tenant, query, caller, reply }) => {
    const { tenantId, displayName } = tenant;
    const certificate = publicCertificate(
      await certify(deps, tenant, evidenceRange(query)),
      tenantId,
      caller,
    );
    const varied = { Vary: 'Accept' };
    if (preferredType(request.headers.get('accept'), types) !== pdfType)
      return reply(200, certificate, varied);
    const disposition = `attachment; filename="certificate-${tenantId}.pdf"`;
    const { certificatePdf } = await loadPart(
      () => import('../../shared/evidence/document/certificate-pdf.ts'),
    );
    const pdf = serialized(certificatePdf(certificate, displayName), pdfType);
    return reply(200, pdf, { ...varied, 'Content-Disposition': disposition });
  },
);
