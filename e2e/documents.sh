#!/usr/bin/env bash
# What the documents name is there: linked files and headings, paths in tables, test files in commands.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh

# Every link of a page that is no address: its file is there, and so is the heading it points at.
links_lead_somewhere() {
  local page=$1 link file anchor missing=0
  while read -r link; do
    file=${link%%#*} anchor=${link#"${link%%#*}"}
    file=$(dirname "$page")/${file:-$(basename "$page")}
    if [[ ! -e $file ]] || { [[ -n $anchor ]] && ! headings "$file" | grep -qx "${anchor#\#}"; }; then
      echo "$page: $link" && missing=1
    fi
  done < <(grep -oE '\]\([^) ]+\)' "$page" | sed 's/^](//; s/)$//' | grep -vE '^[a-z]+:')
  return "$missing"
}

# The anchors of a page, as GitHub makes them from headings.
headings() {
  sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# Paths in the first column of a table, `name/<placeholder>` up to the placeholder.
tables_name_what_is_there() {
  local path missing=0
  while read -r path; do
    [[ -e ${path%%<*} ]] || { echo "$1: $path" && missing=1; }
  done < <(sed -n 's/^| \(`.*`\) |.*/\1/p' "$1" | sed 's/ |.*//' | grep -oE '`[^`]+`' | tr -d '`' | grep -E '^[^ ]*[/.][^ ]*$')
  return "$missing"
}

# Each `--test NAME` is a file, or a folder, of one crate's tests.
test_commands_name_tests() {
  local name missing=0
  while read -r name; do
    compgen -G "*/tests/$name" >/dev/null || compgen -G "*/tests/$name.rs" >/dev/null || { echo "$1: --test $name" && missing=1; }
  done < <(grep -oE -- '--test [a-z_]+' "$1" | cut -d ' ' -f 2)
  return "$missing"
}

opens_with_two_commands() {
  head -n 12 README.md | grep -qx './bootstrap.sh.*' && head -n 12 README.md | grep -qx './test.sh.*'
}

make_tells_all() {
  diff <(make help | awk '{ print $2 }' | sort) <(sed -n 's/^\([a-z][a-z0-9-]*\):.*/\1/p' Makefile | sort)
}

commands_are_run() {
  git ls-files -z '*.md' | xargs -0 python3 e2e/commands.py
}

# 1,150 words fill two pages; of the first table with scores the last number is the weighted sum of those before.
adds_up() {
  [[ $(wc -w <"$1") -le 1150 ]] || return 1
  awk -F ' *[|] *' 'NF == 12 && $3 ~ /^[0-9]$/ {
    gsub(/[*]/, ""); rows++
    if ($3 * 3 + $4 * 3 + $5 * 2 + $6 * 2 + $7 * 2 + $8 + $9 != $10) { print; wrong = 1 }
  } END { exit wrong || rows < 5 }' "$1"
}

while read -r page; do
  check "$page: links lead somewhere" links_lead_somewhere "$page"
done < <(git ls-files '*.md')
check "README.md opens with the two commands" opens_with_two_commands
check "README.md: the map names what is there" tables_name_what_is_there README.md
check "docs/manifests.md: the tables name what is there" tables_name_what_is_there docs/manifests.md
check "docs/app-configuration.md: the tables are what the programs print" e2e/configuration.sh
check "make help tells of every target" make_tells_all
check "every command is run by a test, or the page says why not" commands_are_run
check "docs/continuous-delivery.md: two pages, and sums that are sums" adds_up docs/continuous-delivery.md
check "docs/verification.md: commands name tests" test_commands_name_tests docs/verification.md

broken=$(mktemp -d)
trap 'rm -rf "$broken"' EXIT
printf '%s\n' '[a](none.md) [b](#no-heading)' '| `no/such` | x |' '`cargo test --test no_such`' >"$broken/page.md"
check "a broken link is found" refuses links_lead_somewhere "$broken/page.md"
check "a path that is not there is found" refuses tables_name_what_is_there "$broken/page.md"
printf '%s\n' '```sh' 'promoter status' '```' >"$broken/block.md"
echo 'Run `make none`.' >"$broken/word.md"
echo '| x | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 15 | no |' >"$broken/sum.md"
check "a block that nothing runs is found" refuses python3 e2e/commands.py "$broken/block.md"
check "a target that is not there is found" refuses python3 e2e/commands.py "$broken/word.md"
check "a wrong sum is found" refuses adds_up "$broken/sum.md"
check "a test that is not there is found" refuses test_commands_name_tests "$broken/page.md"
report
