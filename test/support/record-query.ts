/** Parses the parameters of a list of records as the HTTP layer does. */
import { readParameters } from '../../shared/http/parameters.ts';
import { listParameters, toRecordQuery, type RecordQuery } from '../../shared/query/record-query.ts';

export function parseRecordQuery(query: URLSearchParams): RecordQuery {
  const { parameters, dialect } = readParameters(listParameters, query);
  return toRecordQuery(parameters, dialect);
}
