/** A report as JSON: the document itself, {@link reportSchema}. */
import type { RenderedReport } from './report-form.ts';

export async function* renderJson({ head, tenants }: RenderedReport): AsyncGenerator<Buffer> {
  yield Buffer.from(`${JSON.stringify(head).slice(0, -1)},"tenants":[`);
  let separator = '';
  for await (const tenant of tenants()) {
    yield Buffer.from(separator + JSON.stringify(tenant));
    separator = ',';
  }
  yield Buffer.from(']}');
}
