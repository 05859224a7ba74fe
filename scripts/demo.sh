#!/usr/bin/env bash
# The main job of cowork in a throw-away home, step by step. Fails where something does not behave as it says.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

usage() {
  cat <<'TEXT'
usage: scripts/demo.sh [--keep] [--no-build]

Installs what is missing, builds cowork (optimized) and shows what it does in a home of its own, which is removed at the
end: three tiers of packs under one policy, what is refused and why, packs that come in from a directory, an archive and a
git repository, are updated and taken out, a native tool, a policy that is changed under it, and the audit trail that
holds all of it. Every step prints the command that it runs and checks how it ends.

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
  cmake --build --preset release --target cowork cowork-fetch pack_text-tools -j "$(nproc)"
  cowork=$root/build/release/apps/cli/cowork
fi
[ -x "$cowork" ] || fail "there is no program at $cowork: run scripts/demo.sh without --no-build"

work=$(mktemp -d "${TMPDIR:-/tmp}/cowork-demo-XXXXXX")
finish() {
  if [ -n "${server_pid:-}" ]; then kill "$server_pid" 2>/dev/null || true; fi
  if $keep; then printf '\nThe home stays in %s\n' "$work"; else rm -rf "$work"; fi
}
trap finish EXIT
export HOME=$work COWORK_HOME=$work/home COWORK_BUILTIN_DIR=$root/sample-packs/builtin
policy=$COWORK_HOME/policies.json
mkdir -p "$COWORK_HOME"
cp -R sample-packs/organization "$work/company-packs"

# A web server on loopback with a certificate of its own; host.json says that packs may come from there.
start_server() {
  mkdir -p "$work/served/files" "$work/served/git" "$work/server"
  mkfifo "$work/server/stdin"
  python3 -B "$root/tests/support/https_server.py" "$work/served" "$work/server" <"$work/server/stdin" >"$work/server/ready" 2>/dev/null &
  server_pid=$!
  exec 9>"$work/server/stdin"  # the server ends when this does
  local tries=0
  until [ -s "$work/server/ready" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 200 ] || fail "the server did not start"
    sleep 0.05
  done
  port=$(sed -E 's/.*"port": *([0-9]+).*/\1/' "$work/server/ready")
  printf '{"fetch": {"allowHosts": ["localhost:%s"], "caFile": "%s"}}\n' "$port" "$work/server/ca.pem" >"$COWORK_HOME/host.json"
  touch "$work/server/requests.jsonl"
}

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

step "A pack comes out of an archive"
expect_status 0 pack new standup --description "What was, what will be" --into "$work"
printf '%s$ %s%s\n' "$cyan" "tar -C \$DEMO -czf \$DEMO/standup.tar.gz standup" "$plain"
tar -C "$work" -czf "$work/standup.tar.gz" standup
expect_status 0 pack install "$work/standup.tar.gz"
expect '^installed standup 0\.1\.0'
expect_status 0 pack verify standup

step "A pack comes from a git repository, over HTTPS"
start_server
expect_status 0 pack new retro --description "What to keep, what to change" --into "$work"
git_in() { git -C "$work/retro" -c user.name=Demo -c user.email=demo@example.org "$@" >/dev/null 2>&1; }
git init -q --bare "$work/served/git/retro.git"
git_in init -q -b main && git_in add -A && git_in commit -m "First" && git_in push "$work/served/git/retro.git" HEAD:main
git -C "$work/served/git/retro.git" symbolic-ref HEAD refs/heads/main
expect_status 0 pack install "https://localhost:$port/git/retro.git"
expect '^installed retro 0\.1\.0'
expect_status 0 pack info retro
expect 'git https://localhost'

step "Its author publishes a new version; an update follows"
sed -i 's/"version": "0.1.0"/"version": "0.2.0"/' "$work/retro/cowork.plugin.json"
git_in commit -am "Second" && git_in push "$work/served/git/retro.git" HEAD:main
expect_status 0 pack update retro
expect '^updated retro from 0\.1\.0 to 0\.2\.0'

step "Somebody changes a file of it: it is found out, and an update mends it"
printf '%s$ %s%s\n' "$cyan" "echo more >> \$DEMO/home/extensions/retro/README.md" "$plain"
echo more >>"$COWORK_HOME/extensions/retro/README.md"
expect_status 5 pack verify retro
expect_status 0 pack update retro
expect '^installed retro 0\.2\.0 anew'
expect_status 0 pack verify --all

step "Where the policy forbids git, nothing is fetched; and out it goes"
requests=$(wc -l <"$work/server/requests.jsonl")
expect_status 0 policy set general.allowGitInstall=false
expect_status 3 pack update retro
[ "$(wc -l <"$work/server/requests.jsonl")" = "$requests" ] || fail "something was fetched"
expect_status 0 policy set general.allowGitInstall=true
expect_status 0 pack remove retro --yes
[ ! -e "$COWORK_HOME/extensions/retro" ] || fail "retro is still there"

step "A native pack brings tools; a call of one runs through the same chain"
native_packs=$(cd "$(dirname "$cowork")/../.." && pwd)/sample-packs/native
[ -d "$native_packs" ] || fail "there are no native packs at $native_packs: run scripts/demo.sh without --no-build"
expect_status 0 pack info text-tools --builtin "$native_packs"
expect 'state +active'
expect_status 0 call tool:call '["text-tools","redact",{"text":"Mail jo@example.org today"}]' --builtin "$native_packs"
expect_none 'jo@example'
expect_status 0 policy set packs.blocked+=text-tools
expect_status 3 call tool:call '["text-tools","redact",{"text":"x"}]' --builtin "$native_packs"
expect 'Pack "text-tools" is blocked by admin policy'
expect_status 0 policy set packs.blocked-=text-tools

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
