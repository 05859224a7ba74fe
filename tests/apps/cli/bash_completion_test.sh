#!/usr/bin/env bash
# Completes lines in bash as its user would with the Tab key. Usage: bash_completion_test.sh COWORK
set -u
program=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export COWORK_HOME=$scratch/home COWORK_BUILTIN_DIR=$scratch/builtin
mkdir -p "$COWORK_HOME" "$COWORK_BUILTIN_DIR/alpha-pack" "$scratch/some directory"
cat > "$COWORK_BUILTIN_DIR/alpha-pack/cowork.plugin.json" <<'MANIFEST'
{"name": "alpha-pack", "displayName": "Alpha", "version": "1.0.0", "description": "", "type": "pack",
 "skills": [{"id": "first", "name": "First", "description": "", "prompt": "p"}]}
MANIFEST
# shellcheck disable=SC1090
source <("$program" completion bash)

failed=0
# fits EXPECTED WORD...: what is offered for the last word, with bash's own splitting at ":" and "=" in the words.
fits() {
  local expected=$1
  shift
  COMP_WORDS=("$program" "$@")
  COMP_CWORD=$#
  _cowork
  if [[ "${COMPREPLY[*]}" != "$expected" ]]; then
    printf 'for "%s": expected "%s", got "%s"\n' "$*" "$expected" "${COMPREPLY[*]}"
    failed=1
  fi
}

fits 'pack paths' pa
fits 'alpha-pack' pack enable ''
fits 'first' pack enable alpha-pack --skill ''
fits '--skill' pack enable --sk
fits 'get getContext' call pluginPack : ge
fits 'alpha-pack' policy set packs.blocked+ = al
fits 'always' --color = al
fits 'true' policy set general.allowGitInstall = t
fits 'builtin' pack list --scope b
fits "$scratch/some directory" pack validate "$scratch/so"
fits '' pack enable alpha-pack ''
exit $failed
