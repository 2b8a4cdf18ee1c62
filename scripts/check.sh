#!/usr/bin/env bash
# Checks everything that needs no run of the product: types, lint and format, the house's rules, the documents, unused
# exports and packages, the committed manifest, the chart, the Dockerfile, the workflows, the shell scripts and the words.
# Runs all checks, and says at the end how many failed.
# Usage: npm run check [-- NAME…]     WS_REPORT=FILE also writes the results as Vitest's JSON
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/test/cluster/paths.sh"
cd "$root" || exit
PATH=$root/node_modules/.bin:$(toolchain_dir)/bin:$PATH
wanted=" $* " rows=() failed=0 passed=0
# All of a check that was named, the beginning of each when all run.
shown_lines=$([ $# -gt 0 ] && echo 100000 || echo 120)

main() {
  [ -x node_modules/.bin/tsc ] || bash scripts/setup.sh npm || exit 1
  check types tsc -p .
  check lint biome ci --colors=off .
  check architecture vitest run --project unit --reporter=default test/architecture.test.ts
  check documents vitest run --project unit --reporter=default test/unit/docs
  check unused knip --no-progress
  check manifest manifest_is_committed
  check chart bash scripts/check-chart.sh
  check dockerfile dockerfile_is_clean
  check workflows workflows_are_clean
  check shell shellcheck_all
  check words words_are_fit
  write_report
  say "$passed checks passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

# check NAME COMMAND...: shows the start of the output if it fails, and nothing else.
check() {
  local name=$1 output started=$SECONDS
  shift
  [[ $wanted =~ ^\ +$ || $wanted == *" $name "* ]] || return 0
  if output=$(unset FORCE_COLOR && export NO_COLOR=1 && "$@" 2>&1 </dev/null); then
    say "✓ $name ($((SECONDS - started)) s)"
    passed=$((passed + 1)) rows+=("passed $name")
  else
    say "✗ $name ($((SECONDS - started)) s): $*"
    # shellcheck disable=SC2001 # an indent on every line
    sed "s/^/    /; ${shown_lines}q" <<<"$output" >&2
    [ "$(wc -l <<<"$output")" -le "$shown_lines" ] || say "    … all of it: npm run check -- $name"
    failed=$((failed + 1)) rows+=("failed $name")
  fi
}

# `ws` shows help and finds its commands with this file. A build rewrites it, so the committed one must equal the built
# one.
manifest_is_committed() {
  [ "${WS_BUILT:-}" = 1 ] || node scripts/build.ts app || return 1
  git ls-files --error-unmatch oclif.manifest.json >/dev/null || return 1
  git diff --quiet -- oclif.manifest.json && return 0
  git diff -- oclif.manifest.json
  echo 'The build has rewritten oclif.manifest.json. Look at the change above, then: git add oclif.manifest.json'
  return 1
}

dockerfile_is_clean() { "$(bash test/cluster/checkers/build.sh)/hadolint" --no-color image/Dockerfile; }

# The workflows have never run here. This checks what can be checked from outside.
workflows_are_clean() {
  local checkers
  checkers=$(bash test/cluster/checkers/build.sh) || return 1
  "$checkers/actionlint" -no-color && "$checkers/zizmor" --offline --no-progress --color never --persona regular .github
}

shellcheck_all() {
  local files
  mapfile -t files < <(git ls-files -co --exclude-standard -- '*.sh' .ci/run | while read -r file; do [ -f "$file" ] && echo "$file"; done)
  # A sourced part has no first line of its own (2148) and shares its variables with the others (1090, 1091, 2034,
  # 2154).
  shellcheck --severity=warning --external-sources --exclude=SC1090,SC1091,SC2034,SC2148,SC2154 "${files[@]}"
}

# No file may name one machine's paths, a registry's host, or work put off. The patterns are split, so this file does
# not find itself.
words_are_fit() {
  local found=0 later='\b(TO''DO|FIX''ME|XX''X|HA''CK)\b|\.on''ly\(|@ts-(ignore|expect-error)'
  local places='(^|[^a-z0-9_.-])/(wo''rk|ro''ot|fa''rm)/|npmjs\.o''rg|pypi\.o''rg|proxy\.go''lang|deb\.deb''ian|crates\.i''o|repo1\.ma''ven'
  git grep -n -I -i -E "$places" -- . ':!*lock*' && found=1
  git grep -n -I -E "$later" -- src bin chart image test scripts ':!test/cluster/toolchain/go.sum' && found=1
  [ "$found" = 0 ] || echo 'These lines name a path of one machine, a registry host, or work put off.'
  return "$found"
}

write_report() {
  [ -n "${WS_REPORT:-}" ] || return 0
  local row separator=
  {
    printf '{"numPassedTests":%d,"numFailedTests":%d,"numPendingTests":0,"numTodoTests":0,"testResults":[{"name":"check","status":"%s","assertionResults":[' \
      "$passed" "$failed" "$([ "$failed" = 0 ] && echo passed || echo failed)"
    for row in "${rows[@]}"; do
      printf '%s{"fullName":"check %s","status":"%s"}' "$separator" "${row#* }" "${row%% *}"
      separator=,
    done
    printf ']}]}\n'
  } >"$WS_REPORT"
}

main
