# shellcheck shell=bash
# The stand-in for AWS, on a free port of this machine; sourced from the root, after tools.sh.

: "${tools:?tools.sh comes first}"
standin=$tools/aws

need_standin() {
  if cmp -s e2e/terraform/requirements.txt "$standin/installed"; then return; fi
  need_venv
  python3 -m venv "$standin"
  "$standin/bin/pip" install --quiet --disable-pip-version-check -r e2e/terraform/requirements.txt
  cp e2e/terraform/requirements.txt "$standin/installed"
}

# start_aws DIR: serves until the script ends, and points every client at it; DIR/journal holds what was checked.
start_aws() {
  local port
  port=$("$standin/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  export AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1
  export AWS_ACCESS_KEY_ID=stand-in AWS_SECRET_ACCESS_KEY=stand-in AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
  export AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=3 AWS_PAGER='' PATH=$standin/bin:$PATH
  unset AWS_PROFILE AWS_SESSION_TOKEN
  touch "$1/journal"
  MOTO_IAM_LOAD_MANAGED_POLICIES=true PYTHONPATH=e2e/terraform "$standin/bin/python" -m aws "$port" "$1/journal" >"$1/aws.log" 2>&1 &
  aws_pid=$!
  for _ in $(seq 120); do
    if curl -fsS -o /dev/null "$AWS_ENDPOINT_URL/moto-api/" 2>/dev/null; then return; fi
    sleep 0.5
  done
  tail "$1/aws.log" && die "the stand-in for AWS did not start"
}

stop_aws() {
  kill "$aws_pid" 2>/dev/null || return 0
  wait "$aws_pid" 2>/dev/null || true
}
