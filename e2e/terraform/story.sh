# shellcheck shell=bash
# Steps of a proof: each is timed, told in a line, and ends the story when it fails.
# Sourced from the root, after standin.sh; $work is a scratch folder with a copy of terraform/.

: "${work:?}" "${stack:?}" "${label:?}"
here=$work/terraform/$stack

lay() {
  mkdir "$work/terraform"
  git ls-files -z --cached --others --exclude-standard terraform | xargs -0 cp --parents -t "$work"
}

tf() { terraform -chdir="$here" "$@"; }

# step NAME COMMAND...
step() {
  local name=$1 output before=$SECONDS
  shift
  if output=$("$@" 2>&1); then
    printf 'ok - %s: %s (%s s)\n' "$label" "$name${output:+, ${output##*$'\n'}}" "$((SECONDS - before))"
  else
    printf 'not ok - %s: %s\n%s\n' "$label" "$name" "$output"
    tail -n 20 "$work/aws.log" >&2
    exit 1
  fi
}

# given JSON: further values of the stack's variables.
given() {
  local file=$here/proof.auto.tfvars.json
  { if [[ -e $file ]]; then cat "$file"; else echo '{}'; fi; echo "$1"; } | jq -s add >"$file.new"
  mv "$file.new" "$file"
}

applied() {
  tf apply -input=false -auto-approve -no-color >"$work/apply.log" 2>&1 || { cat "$work/apply.log" && return 1; }
  sed -n 's/^Apply complete! Resources: \(.*\)\.$/\1/p' "$work/apply.log"
}

# A second plan right after: what was asked for is what there is.
settled() {
  tf plan -input=false -no-color -detailed-exitcode >"$work/plan.log" 2>&1 || { cat "$work/plan.log" && return 1; }
}

# By the command that users call; that of EKS asks the cluster first, and there is none here.
destroyed() {
  if [[ $stack == eks ]]; then
    tf destroy -input=false -auto-approve -no-color >"$work/apply.log" 2>&1
  else
    (unset TF_STATE_BUCKET && "$work/terraform/down.sh" "$stack" >"$work/apply.log" 2>&1)
  fi || { cat "$work/apply.log" && return 1; }
  grep -o 'Destroy complete! Resources: .* destroyed' "$work/apply.log" | sed 's/.*: //'
}

# is WANTED COMMAND...: what the command prints.
is() {
  local wanted=$1 got
  shift
  got=$("$@") || return 1
  [[ $got == "$wanted" ]] || { printf 'got %s, wanted %s\n' "$got" "$wanted" && return 1; }
}

# Something that bears the tags and that no state knows is listed, and nothing else is.
planted() {
  local volume listed
  volume=$(aws ec2 create-volume --size 1 --availability-zone "${AWS_REGION}a" --query VolumeId --output text \
    --tag-specifications "ResourceType=volume,Tags=[{Key=Project,Value=app},{Key=Stack,Value=$stack}]")
  if listed=$(terraform/leftovers.sh "$stack"); then echo "the volume is not listed" && return 1; fi
  [[ $listed == *":volume/$volume" && $(wc -l <<<"$listed") -eq 1 ]] || { echo "$listed" && return 1; }
  aws ec2 delete-volume --volume-id "$volume"
}

ended() {
  step "all is destroyed" destroyed
  step "a planted volume is listed as left over, and nothing else" planted
  step "nothing is left" terraform/leftovers.sh "$stack"
}
