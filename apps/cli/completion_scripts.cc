#include "completion_scripts.h"

namespace cowork::cli {
namespace {

// Bash splits words at ":" and "=", which occur in operations and assignments: they are joined again first, and what of
// the word stands before the last of them is taken off the candidates.
constexpr std::string_view bash = R"script(# Completion of cowork for bash: source <(cowork completion bash)
_cowork() {
  local -a words=()
  local index word joined=0 line candidate kind path tail cut
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if ((${#words[@]} > 0)) && { [[ $word == [:=]* ]] || ((joined)); }; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
    joined=0
    if [[ $word == *[:=] ]]; then joined=1; fi
  done
  local current=""
  if ((${#words[@]} > 0)); then current=${words[-1]}; fi
  tail=${current##*[:=]}
  cut=$((${#current} - ${#tail}))
  COMPREPLY=()
  while IFS= read -r line; do
    candidate=${line%%$'\t'*}
    case $candidate in
      :files | :directories)
        compopt -o filenames 2>/dev/null
        kind=-f
        if [[ $candidate == :directories ]]; then kind=-d; fi
        while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$kind" -- "$tail")
        ;;
      *) COMPREPLY+=("${candidate:cut}") ;;
    esac
  done < <("${COMP_WORDS[0]}" __complete line "${words[@]}" 2>/dev/null)
  if ((${#COMPREPLY[@]} == 1)); then
    case ${COMPREPLY[0]} in
      *[:=]) compopt -o nospace 2>/dev/null ;;
    esac
  fi
}
complete -F _cowork cowork
)script";

constexpr std::string_view zsh = R"script(#compdef cowork
# Completion of cowork for zsh: source <(cowork completion zsh)
_cowork() {
  local -a candidates unfinished
  local line name about files=0 directories=0
  while IFS= read -r line; do
    name=${line%%$'\t'*}
    about=""
    if [[ $line == *$'\t'* ]]; then about=${line#*$'\t'}; fi
    case $name in
      :files) files=1 ;;
      :directories) directories=1 ;;
      *[:=]) unfinished+=("${name//:/\\:}") ;;
      *) candidates+=("${name//:/\\:}${about:+:$about}") ;;
    esac
  done < <("${words[1]}" __complete line "${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( ${#candidates} )); then _describe -V cowork candidates; fi
  if (( ${#unfinished} )); then _describe -V cowork unfinished -S ""; fi
  if (( files )); then _files; fi
  if (( directories )); then _files -/; fi
}
if [[ ${funcstack[1]} == _cowork ]]; then
  _cowork "$@"
else
  compdef _cowork cowork
fi
)script";

constexpr std::string_view fish = R"script(# Completion of cowork for fish: cowork completion fish | source
function __cowork_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (command $words[1] __complete line $words[2..-1] 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path (commandline -ct)
            case ':directories'
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c cowork -f -a '(__cowork_complete)'
)script";

}  // namespace

std::string_view completion_script(std::string_view shell) noexcept {
  if (shell == "bash") return bash;
  if (shell == "zsh") return zsh;
  return shell == "fish" ? fish : std::string_view();
}

}  // namespace cowork::cli
