#!/usr/bin/env bash
# The main job of cowork in a throw-away home, step by step. Fails where something does not behave as it says.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

usage() {
  cat <<'TEXT'
usage: scripts/demo.sh [--keep] [--no-build]

Installs what is missing, builds cowork (optimized) and shows what it does in a home of its own, which is removed at the
end: three tiers of packs under one policy, what is refused and why, packs that come in, a policy that is changed under
it, and the audit trail that holds all of it. Every step prints the command that it runs and checks how it ends.

  --keep      leave the home in place and print where it is
  --no-build  use the program that is there: $COWORK_BIN, else the one in build/release
TEXT
}

keep=false
build=true
for argument in "$@"; do
  case "$argument" in
    --keep) keep=true ;;
    --no-build) build=false ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' cyan=$'\e[36m' plain=$'\e[0m' color=always
else
  bold='' dim='' red='' green='' cyan='' plain='' color=never
fi

steps=0
step() { steps=$((steps + 1)); printf '\n%s%d. %s%s\n' "$bold" "$steps" "$1" "$plain"; }
say() { printf '%s%s%s\n' "$dim" "$1" "$plain"; }
fail() { printf '%sfailed:%s %s\n' "$red" "$plain" "$1" >&2; exit 1; }

# The words of a command as one would type them; the throw-away directory is called $DEMO.
typed() {
  local word line=''
  for word in "$@"; do
    case "$word" in
      *[!A-Za-z0-9_./:=+,@%-]* | '') word="'$word'" ;;
    esac
    line+="${line:+ }${word//"$work"/\$DEMO}"
  done
  printf '%s' "$line"
}

# expect_status STATUS cowork-arguments...: prints the command, runs it and insists on its exit status.
expect_status() {
  local expected=$1 status=0
  shift
  printf '%s$ %s%s\n' "$cyan" "$(typed cowork "$@")" "$plain"
  output=$("$cowork" "$@" --color "$color" 2>&1) || status=$?
  [ -z "$output" ] || printf '%s\n' "$output"
  [ "$status" -eq "$expected" ] || fail "exit status $status where $expected was due"
  [ "$status" -eq 0 ] || say "(exit status $status, as it should be)"
}

# What the last command has said, without colours.
words() { printf '%s' "$output" | sed $'s/\e\\[[0-9;]*m//g'; }
expect() { words | grep -Eq -- "$1" || fail "the output has nothing like \"$1\""; }
expect_none() { if words | grep -Eq -- "$1"; then fail "the output has \"$1\""; fi; }

cowork=${COWORK_BIN:-$root/build/release/apps/cli/cowork}
if $build; then
  step "Set-up and build"
  scripts/install-deps.sh
  cmake --preset release >/dev/null
  cmake --build --preset release --target cowork -j "$(nproc)"
  cowork=$root/build/release/apps/cli/cowork
fi
[ -x "$cowork" ] || fail "there is no program at $cowork: run scripts/demo.sh without --no-build"

work=$(mktemp -d "${TMPDIR:-/tmp}/cowork-demo-XXXXXX")
finish() {
  if $keep; then printf '\nThe home stays in %s\n' "$work"; else rm -rf "$work"; fi
}
trap finish EXIT
export HOME=$work COWORK_HOME=$work/home COWORK_BUILTIN_DIR=$root/sample-packs/builtin
policy=$COWORK_HOME/policies.json
mkdir -p "$COWORK_HOME"
cp -R sample-packs/organization "$work/company-packs"

step "A policy for Acme Corp: one pack blocked, two required, packs of the company's own"
expect_status 0 policy set "general.orgName=Acme Corp" "general.orgPluginDir=$work/company-packs" \
  packs.blocked+=sales-crm packs.required+=engineering,company-compliance

step "A pack is installed from a directory, another one is made"
expect_status 0 pack install sample-packs/user/my-week
[ -f "$COWORK_HOME/extensions/my-week/cowork.plugin.json" ] || fail "my-week is not in the user tier"
expect_status 0 pack new release-notes --display-name "Release notes" --description "From commits to a text that people read"
[ -f "$COWORK_HOME/extensions/release-notes/cowork.plugin.json" ] || fail "release-notes was not made"

step "Three tiers in one table, with what the policy says of each pack"
expect_status 0 pack list
expect '^sales-crm-pack .*builtin .*disabled .*blocked'
expect '^engineering-pack .*builtin .*active .*required'
expect '^company-compliance .*organization .*active .*required'
expect '^my-week .*user .*active'
expect '^release-notes .*user .*active'

step "A blocked pack can't be enabled"
expect_status 3 pack enable sales-crm
expect 'Pack "sales-crm-pack" is blocked by admin policy'
expect 'packs\.blocked .*policies\.json:[0-9]+.*Acme Corp'

step "A required pack can't be disabled, nor can its skills"
expect_status 3 pack disable engineering
expect 'Pack "engineering-pack" is required by admin policy and cannot be disabled'
expect_status 3 pack disable engineering --skill engineering-diff-walkthrough
expect_status 3 pack disable company-compliance
expect 'Pack "company-compliance" is required by admin policy and cannot be disabled'
say "What no rule mentions is the user's to switch:"
expect_status 0 pack disable my-week
expect_status 0 pack enable my-week

step "Somebody edits the policy by hand; it is in force at once"
printf '%s$ %s%s\n' "$cyan" "sed -i s/sales-crm/content-marketing/ \$DEMO/home/policies.json" "$plain"
sed -i 's/sales-crm/content-marketing/' "$policy"
expect_status 0 pack list --blocked
expect '^content-marketing-pack .*blocked'
expect_none 'sales-crm'
expect_status 0 pack enable sales-crm

step "explain: who decides, by which rule, and where it stands"
expect_status 0 policy explain pluginPack:toggle content-marketing true
expect '^denied '
expect 'packs\.blocked'
expect_status 0 policy explain pluginPack:toggle devops true
expect '^allowed '

step "simulate: what a policy would change, before it is in force"
expect_status 0 policy simulate packs.allowed=engineering,devops,company-compliance packs.blocked-=content-marketing
expect 'sales-crm-pack .*permitted .*not-allowed'
expect 'loosens'
expect_status 0 policy get packs.blocked
expect '^content-marketing$'

step "A policy with a mistake loosens nothing: the last good one stays in force"
printf '%s$ %s%s\n' "$cyan" "echo '{\"packs\": {\"blocked\": \"none\"}}' > \$DEMO/home/policies.json" "$plain"
echo '{"packs": {"blocked": "none"}}' >"$policy"
expect_status 8 policy validate
expect 'policies\.json'
expect_status 3 pack enable content-marketing
expect_status 0 policy set --start-from last-good packs.blocked+=sales-crm
expect_status 0 policy validate

step "The audit trail holds what was changed and what was denied"
expect_status 0 audit
expect 'pluginPack:toggle +denied +policy-denied'
expect_status 0 audit --verify
expect '^verified'

step "A line that is taken out of it is missed"
printf '%s$ %s%s\n' "$cyan" "sed -i '\$d' \$DEMO/home/audit.jsonl" "$plain"
sed -i '$d' "$COWORK_HOME/audit.jsonl"
expect_status 5 audit --verify

printf '\n%sAll %d steps behaved.%s\n' "$green" "$steps" "$plain"
