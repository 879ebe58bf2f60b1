/** Tests a destination of files: stores an empty one that no engine reads. */
import type { TestStep } from '../../../destinations/kind.ts';
import { connected, unreachedStep } from '../https-test.ts';
import { codeIn, resultOfPut } from './put-answer.ts';
import type { PutAnswer, PutBlob } from './put-blob.ts';

/** Engines pass over files whose names begin with an underscore. It stays: deleting is another permission. */
const path = '_auditkeep-test';

export async function testByBlob(put: PutBlob, signal: AbortSignal): Promise<readonly TestStep[]> {
  const answer = await put({ path, body: Buffer.alloc(0), contentType: 'text/plain' }, signal);
  if (!('outcome' in answer) && answer.status === undefined) return [unreachedStep(answer)];
  const result = resultOfPut(answer);
  const before = 'outcome' in answer ? [] : [connected];
  if (result === 'stored' || result === 'exists')
    return [...before, { step: 'send', succeeded: true, detail: `The file ${path} is stored.` }];
  const detail = 'cause' in result ? result.cause : 'The storage account refused.';
  const nextStep = result.outcome === 'misconfigured' ? result.nextStep : testLater;
  return [...before, { step: stepOf(answer), succeeded: false, detail, nextStep }];
}

const testLater = 'Test again later: the storage account takes no files now.';

/** What is wrong with the secret concerns who signs in, as well. */
function stepOf(answer: PutAnswer): TestStep['step'] {
  if ('outcome' in answer) return 'authenticate';
  if (answer.status === undefined) return 'connect';
  if (answer.status === 401 || codeIn(answer) === 'AuthenticationFailed') return 'authenticate';
  return answer.status === 403 ? 'authorize' : 'send';
}
