/**
 * What shells are told once: to ask `dotm complete` what may stand at the cursor. The shells stay ignorant of the
 * commands, so that a newer DOTM needs no newer script.
 */

/** Shells that can be told. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of them. */
export type Shell = (typeof SHELLS)[number];

/** Exit code of `dotm complete` by which a shell knows that names of files may stand there. */
export const FILES_TOO = 10;

/** The script for a shell, and how to use it. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const BASH = `# Completion of dotm for bash. Use it now:  source <(dotm completion bash)
# for good:  dotm completion bash > /etc/bash_completion.d/dotm   (or ~/.local/share/bash-completion/completions/dotm)
_dotm() {
  local line files=1
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(dotm complete bash -- "\${COMP_LINE:0:COMP_POINT}" 2> /dev/null || printf '%s\\n' "?files")
  if [[ \${COMPREPLY[\${#COMPREPLY[@]} - 1]-} == "?files" ]]; then
    unset 'COMPREPLY[\${#COMPREPLY[@]} - 1]'
    compopt -o default 2> /dev/null
    files=0
  fi
  if [[ $files == 1 && \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *[:=/] ]]; then
    compopt -o nospace 2> /dev/null
  fi
  return 0
}
complete -F _dotm dotm
`;

const ZSH = `#compdef dotm
# Completion of dotm for zsh. Use it now:  source <(dotm completion zsh)
# for good:  dotm completion zsh > "\${fpath[1]}/_dotm"
_dotm() {
  local line
  local -a names shown
  while IFS= read -r line; do
    names+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  }")
  done < <(dotm complete zsh -- "\${(@Q)words[2,CURRENT]}" 2> /dev/null || print -r -- "?files")
  if [[ "\${names[-1]}" == "?files" ]]; then
    names[-1]=()
    shown[-1]=()
    _files
  fi
  (( \${#names} )) && compadd -l -d shown -a names
  return 0
}
if [[ "\${funcstack[1]}" == "_dotm" ]]; then
  _dotm "$@"
elif (( \${+functions[compdef]} )); then
  compdef _dotm dotm
fi
`;

const FISH = `# Completion of dotm for fish. Use it now:  dotm completion fish | source
# for good:  dotm completion fish > ~/.config/fish/completions/dotm.fish
function __dotm_complete
  set -l before (commandline -opc)
  set -l answer (dotm complete fish -- $before[2..-1] (commandline -ct) 2> /dev/null)
  set -l code $status
  string join \\n -- $answer
  if test $code -ne 0
    __fish_complete_path (commandline -ct)
  end
end
complete -c dotm -f -a '(__dotm_complete)'
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
