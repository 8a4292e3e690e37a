# shellcheck shell=bash
# C. The old version comes back, by git alone and by promoter; the release that is left has migrated the schema, and it stays so.

: "${run:?}" "${frozen:?}" "${gates:?}"

going_back() {
  check "prod's schema is that of 0.2.0" schema_has_notes prod
  from_commit "from git revert to prod answering 0.1.0, on the newer schema" reverted
  check "prod is synced and healthy with it" eventually 100 "prod is well" are_well prod
  check "the schema is still that of 0.2.0" schema_has_notes prod
  check "0.1.0 records on it that it was deployed" newest_record_is prod 0.1.0
  check "a freeze is committed" set_gates "$frozen"
  check "in a freeze nothing is promoted: exit code 3 and the reason" exits 3 "end of the year" promoter promote staging prod --push
  check "the freeze is over" set_gates "$gates"
  check "0.2.0 is promoted again, waited for" exits 0 "0.2.0" promoter promote staging prod --push --wait
  check "the freeze is back" set_gates "$frozen"
  from_commit "in a freeze, from promoter rollback to prod answering 0.1.0" rolled_back
  check "the freeze is over" set_gates "$gates"
  check "what was rolled back is not promoted again by itself" exits 3 "bad" promoter promote staging prod --push
  check "until its mark is taken away" unmark
  check "all is synced and healthy" settled
}

# set_gates TEXT: what must hold before a version enters prod.
set_gates() {
  pull || return 1
  sed -i '/^  - name: prod$/,/^$/ { /^    gates:/d; s|^    from: staging$|&\n    gates: '"$1"'| }' "$run/clone/promoter.yaml"
  in_clone diff --quiet || in_clone commit --quiet --all --message "promoter: what must hold before prod" && in_clone push --quiet
}

reverted() { pull && in_clone revert --no-edit HEAD && in_clone push --quiet && reaches prod 0.1.0; }
rolled_back() { promoter rollback prod --push --reason "a rehearsal" && reaches prod 0.1.0; }

unmark() {
  pull && in_clone rm -r --quiet .promoter/holds/prod &&
    in_clone commit --quiet --message "promoter: 0.2.0 was not to blame" && in_clone push --quiet
}

sql() { kube --namespace "$1" exec statefulset/postgres -- psql --username app --dbname app --no-align --tuples-only --command "$2"; }

schema_has_notes() {
  [[ $(sql "$1" "select count(*) from information_schema.columns where table_name = 'records' and column_name = 'note'") == 1 ]]
}

# The smoke test of each sync leaves a record of what it found.
newest_record_is() {
  local told
  told=$(call "$1" api 80 /api/v1/records | jq --raw-output 'max_by(.id) | .version')
  echo "the newest record is of $told" && [[ $told == "$2" ]]
}
