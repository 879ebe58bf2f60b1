/** Reads the compiler's output. */
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Something to fix. */
export interface Problem {
  /** Such as modules/storage.bicep(12,3). */
  readonly where: string;
  readonly what: string;
}

const diagnosticLine = /^(?<file>.+?)\((?<position>\d+,\d+)\) : \w+ (?<text>.+?)(?: \[https?:\S+\])?$/;

/** Each diagnostic once, whatever its level: warnings would be ignored otherwise. */
export function readDiagnostics(output: string, folder: string): readonly Problem[] {
  const problems = linesOf(output).flatMap((line): readonly Problem[] => {
    const { file, position, text } = diagnosticLine.exec(line)?.groups ?? {};
    if (file === undefined || position === undefined || text === undefined) return [];
    return [{ where: `${relative(folder, file)}(${position})`, what: text }];
  });
  return [...new Map(problems.map((problem) => [`${problem.where} ${problem.what}`, problem])).values()];
}

/** Without colors and empty lines. */
export function linesOf(output: string): readonly string[] {
  return stripVTControlCharacters(output)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}
