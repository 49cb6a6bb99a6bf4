# Completion for bash. At every TAB the program itself is asked what may come next; see tsip-completion(8).
# Names of devices and namespaces are data here: nothing that they contain is expanded or run.

_tsip_completion() {
  COMPREPLY=()
  local program=${1/#\~\//$HOME/} line=$COMP_LINE piece joined='' index before last
  local -a words=()
  # bash cuts words at = and : too. They are put together again, and what is answered is cut at the same place.
  for ((index = 0; index <= COMP_CWORD; index++)); do
    piece=${COMP_WORDS[index]}
    before=${line%%"$piece"*}
    if ((index > 0)) && [[ $before == '' && ($piece != '' || $line == '') ]]; then
      joined+=$piece
    else
      ((index > 0)) && words+=("$joined")
      joined=$piece
    fi
    line=${line:${#before}+${#piece}}
  done
  # What stands after the cursor is not part of the word that is completed.
  last=${COMP_WORDS[COMP_CWORD]}
  local after=$((${#COMP_LINE} - ${#line} - COMP_POINT))
  if ((after > 0 && after <= ${#last})); then
    joined=${joined:0:${#joined}-after}
    last=${last:0:${#last}-after}
  fi
  words+=("$joined")
  [[ $last == [=:] ]] && last=
  local cut=${joined:0:${#joined}-${#last}}
  _tsip_ask "$program" "${words[@]:1}"
}

# Fills COMPREPLY with what program $1 answers about its words, which follow. `cut` and `last` are the caller's.
_tsip_ask() {
  local answer kind value word line
  local -a asked=("$@")
  answer=$("$1" --get-yargs-completions bash "${@:2}" 2>/dev/null </dev/null)
  while IFS= read -r line; do
    if [[ $line == $'\t'* ]]; then
      IFS=$'\t' read -r kind value <<<"${line:1}"
      case $kind in
        files) compopt -o default 2>/dev/null ;;
        folders) compopt -o dirnames 2>/dev/null ;;
        command) _tsip_command "${asked[@]:value}" ;;
      esac
      continue
    fi
    word=${line%%$'\t'*}
    [[ $word == '' || $word != "$cut"* ]] && continue
    word=${word#"$cut"}
    [[ $word == *= ]] && compopt -o nospace 2>/dev/null
    case $last in
      \'*) word=${word//\'/\'\\\'\'} ;;
      \"*)
        # In double quotes there is no way to write an exclamation mark that is not one of the history.
        [[ $word == *!* ]] && continue
        word=${word//\\/\\\\} word=${word//\"/\\\"} word=${word//\$/\\\$} word=${word//\`/\\\`}
        ;;
      *) printf -v word %q "$word" ;;
    esac
    COMPREPLY+=("$word")
  done <<<"$answer"
}

# Completes the command that the words are.
_tsip_command() {
  if (($# == 1)) && [[ $1 != */* ]]; then
    mapfile -t COMPREPLY < <(compgen -c -- "$1" 2>/dev/null)
  elif (($# > 1)) && [[ $(complete -p -- "${1##*/}" 2>/dev/null) == *_tsip_completion* ]]; then
    _tsip_ask "$@"
  elif declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset $((COMP_CWORD - $# + 1))
  elif declare -F _command_offset >/dev/null; then
    _command_offset $((COMP_CWORD - $# + 1))
  else
    compopt -o default 2>/dev/null
  fi
}

complete -F _tsip_completion tsip tsnsenter tsunshare
