/** The shell that `tsip run` starts without a command, with a prompt that says where one is. */
import { basename } from 'node:path';
import { setVariable } from '../../kernel/system/environment.ts';

const MARK = '(tsip run) ';

/** The user's shell. Its prompt is marked through the environment, or by a command where the shell ignores that. */
export function shellCommand(): string[] {
  const shell = process.env['SHELL'] || '/bin/sh';
  switch (basename(shell)) {
    case 'bash':
      setVariable('PROMPT_COMMAND', `PS1="${MARK}\${PS1#'${MARK}'}"; unset PROMPT_COMMAND`);
      return [shell];
    case 'fish':
      return [
        shell,
        '--init-command',
        `functions --copy fish_prompt tsip_run_prompt; function fish_prompt; echo -n '${MARK}'; tsip_run_prompt; end`,
      ];
    default:
      setVariable('PS1', `${MARK}${process.env['PS1'] ?? '$ '}`);
      return [shell];
  }
}
