# shellcheck shell=bash
# H. A backup, the loss of a volume, and the restore: the records are those from before.

: "${run:?}"

backup() {
  check "staging has records" has_records staging
  check "the nightly backup, made now, succeeds" job backup
  records_of staging >"$run/records.before"
  stored >"$run/stored.before"
  check "the volume of staging's Postgres is deleted" lose_volume
  within "Argo CD brings another, and Postgres answers from it" eventually 120 "Postgres answers" stored
  check "the records from before are gone" refuses diff <(stored) "$run/stored.before"
  check "the restore succeeds" job restore
  within "staging is well again" eventually 120 "staging is well" are_well staging
  check "the records are those from before" diff "$run/records.before" <(records_of staging)
}

# Asked in the pod: no service is ready before the schema of its release is restored.
stored() { sql staging 'select id, version, deployed_at from records order by id'; }

has_records() { [[ $(records_of "$1" | jq length) -gt 0 ]]; }

# job NAME: of the CronJob of that name, in staging.
job() {
  kube --namespace staging delete job "$1-now" --ignore-not-found >/dev/null
  kube --namespace staging create job "$1-now" --from="cronjob/$1" >/dev/null
  eventually 120 "$1 is complete" kube --namespace staging wait --for=condition=Complete "job/$1-now" --timeout=0
}

# The claim goes when the pod that has it does; Argo CD brings another, with another volume.
lose_volume() {
  local before
  before=$(volume)
  kube --namespace staging delete persistentvolumeclaim postgres --wait=false && kube --namespace staging delete pod postgres-0 &&
    eventually 90 "the volume is another" volume_is_not "$before"
}

volume() { kube --namespace staging get persistentvolumeclaim postgres --output 'jsonpath={.spec.volumeName}'; }
volume_is_not() { [[ -n $(volume) && $(volume) != "$1" ]]; }
