# shellcheck shell=bash
# Images: built, measured, looked into. images.sh says which flags, which commit, and where there is room.

: "${commit:?}" "${work:?}" "${build_flags[@]-}"

# build NAME [CONTEXT]
build() {
  docker build ${build_flags[@]+"${build_flags[@]}"} --build-arg "GIT_COMMIT=$commit" \
    --tag "app/$1:e2e" --file "app/docker/$1/Dockerfile" "${2:-.}"
}

# The stages are the same text, so that the builder has them once.
same_head() {
  local head
  head=$(stages api)
  [[ -n $head && $(stages auth) == "$head" && $(stages postgres) == "$head" ]]
}

# What stands between the first build image and the last FROM.
stages() { sed -n '/^ARG BUILD_IMAGE/,/^RUN compile.sh release/p' "app/docker/$1/Dockerfile"; }

# The bytes of the image, and those of its files as a registry keeps them.
size() { docker image inspect --format '{{.Size}}' "app/$1:e2e"; }
compressed() {
  docker create --name app-e2e-size "app/$1:e2e" >/dev/null
  docker export app-e2e-size | gzip -c | wc -c
  docker rm app-e2e-size >/dev/null
}
sizes() { echo "$(size "$1") bytes, $(compressed "$1") compressed"; }
small() { [[ $(size "$1") -lt 16000000 && $(compressed "$1") -lt 7000000 ]]; }

# Files that Docker itself lays into every container are left out.
alone_in_there() {
  local files
  docker create --name app-e2e-files "app/$1:e2e" >/dev/null
  files=$(docker export app-e2e-files | tar -t | grep -vE '/$|^(.dockerenv|etc/.*|dev/.*)$')
  docker rm app-e2e-files >/dev/null
  [[ $files == "$1" ]]
}

labelled() {
  local told word
  told=$(docker image inspect --format '{{json .Config}}' "app/$1:e2e")
  for word in '"User":"65532:65532"' '"8080/tcp"' "[\"CMD\",\"/$1\",\"healthcheck\"]" "\"Entrypoint\":[\"/$1\"]" \
    "image.revision\":\"$commit\"" "image.title\":\"$1\"" image.description image.licenses image.source image.version; do
    grep -qF -- "$word" <<<"$told" || { echo "$word is not in $told" && return 1; }
  done
}

# A copy of what git has, in which the greeting is not the one that was promised.
break_handler() {
  mkdir "$work/broken"
  git ls-files -z --cached --others --exclude-standard | xargs -0 tar -c | tar -x -C "$work/broken"
  sed 's/"Hello there"/"Hello"/' app/src/message.rs >"$work/broken/app/src/message.rs"
  refuses cmp -s app/src/message.rs "$work/broken/app/src/message.rs"
}

# It ends in the test stage, with a test that failed and nothing else.
broken_is_no_image() {
  local told
  if told=$(cd "$work/broken" && docker build ${build_flags[@]+"${build_flags[@]}"} --file app/docker/api/Dockerfile . 2>&1); then return 1; fi
  grep -q 'test result: FAILED' <<<"$told" || { printf '%s\n' "$told" && return 1; }
}
