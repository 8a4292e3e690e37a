# shellcheck shell=bash
# What becomes of pull requests; sourced by pipeline.sh.

break_test() { sed -i 's/\[Tt\]/T/' app/src/moment.rs; }
break_format() { sed -i 's/^pub(crate) struct Message;/pub(crate)  struct Message;/' app/src/message.rs; }
break_pin() { sed -i 's/newTag:.*/newTag: latest/' environments/prod/api/kustomization.yaml; }
take_staging() { edit_version prod 0.2.0; }

check "the gate passes when all passed" gate success
check "the gate passes when a job was not ordered" gate skipped false
for result in failure cancelled skipped; do
  check "the gate stops when an ordered job ended as: $result" refuses gate "$result" true
done
check "the gate stops when nobody said what was ordered" refuses env \
  NEEDS='{"parts": {"result": "failure", "outputs": {}}, "tests": {"result": "skipped", "outputs": {}}}' .github/scripts/gate.sh

code=(unit lint tests toolchains services)
check "a version orders manifests alone" orders environments/dev/api/kustomization.yaml manifests
check "the cloud orders its plan and the tests" orders terraform/new.tf "${code[@]}" terraform plan
check "the app orders its images" orders app/src/message.rs "${code[@]}" manifests images "built=api auth"
check "a store orders its own image" orders app/docker/redis/redis.conf "${code[@]}" manifests images built=redis
check "what is not known orders all tests" orders new/file "${code[@]}" manifests terraform plan
check "a fork is given no plan" env FORK=true PLAN_ROLE=role bash -c '.github/scripts/parts.sh main parts | grep -qx plan=false'

change promotion take_staging
check "a promotion by the rules is merged" passes promotion parts style manifests check
change failing-test break_test
check "a failing test is stopped" stops failing-test 'test result: FAILED' parts unit
change lint-error break_format
check "a lint error is stopped" stops lint-error 'FAILED: format' parts style
change unpinned break_pin
check "an unpinned image is stopped by the manifests" stops unpinned '^not ok - .*latest' parts manifests
check "an unpinned image is stopped by the rules, with exit code 3" stops unpinned '^exit code 3$' parts check
git checkout --quiet main
rules frozen
change frozen take_staging
check "a change during a freeze is stopped, with exit code 3" stops frozen '^exit code 3$|the fair' parts check
git checkout --quiet main
rules open
