#compdef tsip tsnsenter tsunshare
# Completion for zsh. At every TAB the program itself is asked what may come next; see tsip-completion(8).
# Names of devices and namespaces are data here: nothing that they contain is expanded or run.

_tsip_completion() {
  local line word about shown file_kind prefix first
  local -a before candidates descriptions glued glued_descriptions
  before=("${(@Q)words[2,CURRENT-1]}")
  while IFS= read -r line; do
    case $line in
      $'\tcommand\t'*)
        first=${line##*$'\t'}
        # _normal completes the command that `words` holds.
        shift $first words
        ((CURRENT -= first))
        _normal
        return
        ;;
      $'\tfiles\t'*) file_kind=-f prefix=${line#$'\t'files$'\t'} ;;
      $'\tfolders\t'*) file_kind=-/ prefix=${line#$'\t'folders$'\t'} ;;
      *)
        word=${line%%$'\t'*} about=${line#*$'\t'}
        [[ -n $word ]] || continue
        shown=$word
        [[ -n $about ]] && shown+="  -- $about"
        if [[ $word == *= ]]; then
          glued+=("$word") glued_descriptions+=("$shown")
        else
          candidates+=("$word") descriptions+=("$shown")
        fi
        ;;
    esac
  done < <("${(Q)words[1]/#\~\//$HOME/}" --get-yargs-completions zsh "${before[@]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)

  local result=1
  # Words and paths are offered without the `--net=` before them.
  if [[ -n $prefix ]]; then
    compset -P "${(b)prefix}"
    candidates=("${(@)candidates#$prefix}") descriptions=("${(@)descriptions#$prefix}")
  fi
  ((${#candidates})) && compadd -l -d descriptions -a candidates && result=0
  ((${#glued})) && compadd -S '' -l -d glued_descriptions -a glued && result=0
  # Paths come where no word fits: together they would have no common beginning.
  if ((result)) && [[ $file_kind == -/ ]]; then
    _path_files -/ && result=0
  elif ((result)) && [[ $file_kind == -f ]]; then
    _files && result=0
  fi
  return result
}

compdef _tsip_completion tsip tsnsenter tsunshare
