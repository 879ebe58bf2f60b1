/** What of a script Windows PowerShell 5.1 does not have, found in PowerShell's own syntax tree. */
import * as z from 'zod';
import type { RunScript } from './host.ts';

/**
 * Commands and parameters that 5.1 has, as far as they are needed; any other is reported.
 * @see https://learn.microsoft.com/powershell/module/?view=powershell-5.1
 */
const known: Readonly<Record<string, readonly string[]>> = {
  'ConvertFrom-Json': [],
  'ConvertTo-Json': ['Depth'],
  'Export-Csv': ['NoTypeInformation', 'Encoding'],
  'ForEach-Object': [],
  'Get-AuditkeepList': [],
  'Get-Content': ['Raw', 'Encoding'],
  'Get-Date': [],
  'Get-FileHash': ['Algorithm'],
  'Group-Object': [],
  'Import-Csv': ['Encoding'],
  'Invoke-RestMethod': ['Method', 'Uri', 'ContentType', 'Body', 'Headers', 'OutFile'],
  'Invoke-WebRequest': ['UseBasicParsing', 'Method', 'Uri', 'ContentType', 'Body', 'Headers', 'OutFile'],
  'Select-Object': ['First'],
  'Send-Auditkeep': [],
  'Sort-Object': ['Unique', 'Descending'],
  'Start-Sleep': ['Seconds'],
  'Wait-Auditkeep': [],
  'Where-Object': ['eq', 'ne'],
};
/** Encodings that both have under the same name. */
const encodings = ['UTF8'];

/** Prints a line for each finding: `syntax`, `command`, or `encoding`, and its text. */
const walk = `
$found = [System.Collections.Generic.List[object]]::new()
$add = { param($kind, $text) $found.Add(@{ kind = $kind; text = "$text" }) }
$tree = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $null, [ref] $null)
foreach ($node in $tree.FindAll({ $true }, $true)) {
  $type = $node.GetType().Name
  if ($type -in 'TernaryExpressionAst', 'PipelineChainAst') { & $add 'syntax' $node }
  if ($node.Operator -in 'QuestionQuestion', 'QuestionQuestionEquals') { & $add 'syntax' $node }
  if ($node.NullConditional -or ($type -eq 'PipelineAst' -and $node.Background)) { & $add 'syntax' $node }
  if ($type -ne 'CommandAst' -or -not $node.GetCommandName()) { continue }
  & $add 'command' $node.GetCommandName()
  $elements = @($node.CommandElements)
  for ($at = 0; $at -lt $elements.Count; $at++) {
    if ($elements[$at] -isnot [System.Management.Automation.Language.CommandParameterAst]) { continue }
    & $add 'command' "$($node.GetCommandName()) -$($elements[$at].ParameterName)"
    if ($elements[$at].ParameterName -eq 'Encoding') { & $add 'encoding' $elements[$at + 1] }
  }
}
ConvertTo-Json @($found)
`;

const findings = z.array(z.object({ kind: z.enum(['syntax', 'command', 'encoding']), text: z.string() }));

/** Texts of what 5.1 does not have, or of what is not known to be in it. */
export async function notIn5(run: RunScript, script: string): Promise<readonly string[]> {
  const encoded = Buffer.from(script).toString('base64');
  const text = `$text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${encoded}'))`;
  const found = findings.parse(JSON.parse(await run(`${text}\n${walk}`)));
  return found.filter(isNew).map((finding) => finding.text);
}

function isNew({ kind, text }: z.infer<typeof findings>[number]): boolean {
  if (kind === 'syntax') return true;
  if (kind === 'encoding') return !encodings.includes(text);
  const [command = '', parameter] = text.split(' -');
  const parameters = known[command];
  return parameters === undefined || (parameter !== undefined && !parameters.includes(parameter));
}
