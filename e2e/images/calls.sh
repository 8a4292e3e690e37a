# shellcheck shell=bash
# The calls of the seeds, through the proxy.

at=http://127.0.0.1:8080

# answers TEXT CURL-ARGUMENTS...: the answer has the text.
answers() {
  local text
  text=$(curl -sS --max-time 10 "${@:2}")
  grep -qF -- "$1" <<<"$text" || { printf '%s\n' "$text" && return 1; }
}

# looks PATTERN CURL-ARGUMENTS...: all of the answer, in one line.
looks() {
  local text
  text=$(curl -sS --max-time 10 "${@:2}")
  [[ $text =~ $1 ]] || { printf '%s\n' "$text" && return 1; }
}

# status CODE CURL-ARGUMENTS...
status() {
  local code
  code=$(curl -sS --max-time 10 --output /dev/null --write-out '%{http_code}' "${@:2}")
  [[ $code == "$1" ]] || { echo "$code" && return 1; }
}

calls_of_the_seeds() {
  local time=$at/api/v1/timestamps/lunch record='{"service":"api","environment":"e2e","version":"1","commit":"0123abc","deployed_at":"2026-11-21T10:00:00Z"}'
  check "GET /" answers '"message":"Automate all the things!","timestamp":' $at/
  check "GET /hello on port 5000" answers 'Hello there' http://127.0.0.1:5000/hello
  check "POST /jobs with the token" answers 'Title: Devops' -X POST -H 'Authorization: mytoken' http://127.0.0.1:5000/jobs
  check "POST /jobs with another token" status 401 -X POST -H 'Authorization: other' http://127.0.0.1:5000/jobs
  check "POST /jobs without a token" status 401 -X POST http://127.0.0.1:5000/jobs
  check "POST /auth on this machine" answers density --data token=mytoken http://127.0.0.1:5001/auth
  check "records: a list" looks '^\[\{.*"id":3,.*"id":1,.*\}\]$' $at/api/v1/records
  check "records: one is an object" looks '^\{.*"id":1,[^]]*\}$' $at/api/v1/records/1
  check "records: none is 204" status 204 $at/api/v1/records/4711
  check "records: a new one" status 201 -H 'Authorization: Bearer mytoken' --json "$record" $at/api/v1/records
  check "timestamps: set" status 201 -X PUT "$time"
  check "timestamps: get" answers '"name":"lunch"' "$time"
  check "timestamps: all" answers '[{"name":"lunch"' $at/api/v1/timestamps
  check "timestamps: reset" status 204 -X DELETE "$time"
  check "timestamps: gone" status 404 "$time"
  check "timestamps: one to be kept" status 201 -X PUT $at/api/v1/timestamps/kept
  check "the documents" answers swagger-ui $at/docs/
}

# By the binary of the image, from inside: the way in is the proxy's.
smoke() {
  docker run --rm --network host --env SMOKE_TOKEN=mytoken "app/api:$TAG" smoke "$at"
}

# ports: what Docker publishes of the three.
ports() {
  local told
  told=$(docker ps --filter label=com.docker.compose.project=app-e2e --format '{{.Names}} {{.Ports}}')
  [[ $(grep -oE '[0-9.]+:[0-9]+->' <<<"$told" | sort -u | tr '\n' ' ') == '127.0.0.1:5000-> 127.0.0.1:5001-> 127.0.0.1:8080-> ' ]] ||
    { echo "$told" && return 1; }
}
