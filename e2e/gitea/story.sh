# shellcheck shell=bash
# What becomes of pull requests on the server that server.sh started; each step leaves what the next begins with.

: "${work:?}" "${tools:?}"
token=${token-} url=${url-}

# A repository of two services and three environments, cloned by Ada with her password in the URL.
lay_shop() {
  local environment service at
  export HOME=$work/home GIT_CONFIG_NOSYSTEM=1 GITEA_TOKEN=$token GITEA_URL=$url NO_COLOR=1
  unset GITHUB_TOKEN GH_TOKEN GITHUB_API_URL GITHUB_ACTIONS
  mkdir "$HOME"
  git config --global user.name Ada
  git config --global user.email ada@example.com
  git config --global init.defaultBranch main
  git init --quiet "$work/shop"
  for environment in dev staging prod; do
    for service in api web; do
      at=$work/shop/environments/$environment/$service
      mkdir -p "$at"
      printf 'resources: []\nimages:\n  - name: %s\n    newName: registry.example.com/%s\n    newTag: "1.0.0"\n' "$service" "$service" >"$at/kustomization.yaml"
    done
  done
  rules '{labels: [promotion], reviewers: [grace]}'
  in_shop add --all
  in_shop commit --quiet --message "environments: everything runs 1.0.0"
  in_shop remote add origin "${url/:\/\//:\/\/ada:$token@}/ada/shop.git"
  in_shop push --quiet --set-upstream origin main
}

# rules REVIEW: promoter.yaml, with what is asked of pull requests.
rules() {
  cat >"$work/shop/promoter.yaml" <<YAML
layout: environments/{environment}/{service}
environments:
  - name: dev
  - name: staging
    from: dev
    deliver: pull-request
  - name: prod
    from: staging
    deliver: pull-request
pull_request: $1
YAML
}

in_shop() { git -C "$work/shop" "$@"; }
promoter_in_shop() { (cd "$work/shop" && promoter "$@"); }

# bumped VERSION...: dev runs it.
bumped() { promoter_in_shop bump dev "$@" --push >/dev/null && in_shop pull --quiet; }
asked() { promoter_in_shop promote dev staging "$@"; }

# Everything that Gitea says of pull requests; pull N FILTER: of one.
pulls() { api GET "/repos/ada/shop/pulls?state=all&sort=oldest" | jq -r "$1"; }
pull() { api GET "/repos/ada/shop/pulls/$1" | jq -er "$2"; }
holds() {
  local body
  body=$(api GET "/repos/ada/shop/pulls/$1" | jq -r .body)
  [[ $body == *"$2"* ]] || { echo "$body" && return 1; }
}
tag_of() { in_shop fetch --quiet && in_shop show "origin/$1:environments/$2/$3/kustomization.yaml" | sed -n 's/.*newTag: "\{0,1\}\([^"]*\)"\{0,1\}$/\1/p'; }
is() { [[ $1 == "$2" ]] || { echo "$1, and not $2" && return 1; }; }
is_tag() { is "$(tag_of "${@:1:3}")" "$4"; }

# says WORDS COMMAND...: it succeeds and says that.
says() { exits 0 "$@"; }

opened() {
  bumped api=1.1.0
  check "a promotion opens a pull request" says 'opened' asked
  check "it is Ada's, from the branch of the environment into main" pull 1 '.user.login == "ada" and .head.label == "promote/staging" and .base.label == "main"'
  check "its title says what moves" is "$(pull 1 .title)" "promote dev to staging: api 1.1.0"
  check "its body has the table" holds 1 '| <code>api</code> | <code>api</code> | <code>1.0.0</code> | <code>1.1.0</code> |'
  check "its links lead to this server" holds 1 "$url/ada/shop/compare/"
  check "it has the label" pull 1 '.labels | map(.name) == ["promotion"]'
  check "Grace is asked to review it" pull 1 '.requested_reviewers | map(.login) == ["grace"]'
  check "nothing reached main" is_tag main staging api 1.0.0
  check "the same again changes nothing" says 'unchanged' asked
}

refreshed() {
  bumped api=1.2.0 web=1.1.0
  check "a newer promotion refreshes it" says 'updated' asked
  check "it is the same one" is "$(pulls length)" 1
  check "its title is new" is "$(pull 1 .title)" "promote dev to staging: api 1.2.0, web 1.1.0"
  check "Grace is still asked once" pull 1 '.requested_reviewers | length == 1'
}

# With WIP: in front it is a draft, which a refresh keeps.
drafted() {
  api PATCH /repos/ada/shop/pulls/1 '{"title": "WIP: promote dev to staging: api 1.2.0, web 1.1.0"}' >/dev/null
  check "a draft is not told otherwise" says 'unchanged' asked
  bumped api=1.3.0
  check "and is refreshed as a draft" says 'updated' asked
  check "it is one still" pull 1 '.draft and (.title | startswith("WIP: promote dev to staging: api 1.3.0"))'
}

# Somebody closed it, and opened another by hand.
adopted() {
  api PATCH /repos/ada/shop/pulls/1 '{"state": "closed"}' >/dev/null
  api POST /repos/ada/shop/pulls '{"title": "mine", "head": "promote/staging", "base": "main"}' >/dev/null
  check "one that was opened by hand is adopted" says 'updated' asked
  check "it is the second" pull 2 '.state == "open" and (.title | startswith("promote dev to staging: api 1.3.0"))'
  check "there is no third" is "$(pulls length)" 2
}

# A commit by hand on the branch is named in the body, and stays.
persons_commit() {
  in_shop fetch --quiet
  in_shop switch --quiet --create fix origin/promote/staging
  echo "a note" >"$work/shop/NOTE"
  in_shop add NOTE
  in_shop commit --quiet --message "note: by hand"
  in_shop push --quiet origin HEAD:promote/staging
  in_shop switch --quiet main
  bumped api=1.4.0
  check "a promotion goes on top of a person's commit" says 'updated' asked
  check "which is there" in_shop merge-base --is-ancestor fix origin/promote/staging
  check "and named" holds 2 'by hand'
}

# A merged one is history: its branch is begun anew.
taken_back() {
  check "it is merged by hand" eventually 20 "it can be merged" api POST /repos/ada/shop/pulls/2/merge '{"Do": "squash"}'
  in_shop pull --quiet
  check "what was merged as one commit is in main" is_tag main staging api 1.4.0
  check "nothing is left to promote" says 'nothing' asked
  bumped api=1.5.0
  check "the next promotion opens a third" says 'opened' asked
  check "with that alone" is "$(pull 3 .title)" "promote dev to staging: api 1.5.0"
  promoter_in_shop promote dev staging --deliver push >/dev/null
  in_shop pull --quiet
  check "what came into main another way is closed" says 'closed' asked
  check "with a word on why" says 'nothing left to review' api GET /repos/ada/shop/issues/3/comments
  check "it is closed" pull 3 '.state == "closed"'
}

# Twelve at once, each in a clone of its own, end in one with everything.
crowd() {
  local number
  promoter_in_shop promote staging prod --deliver push >/dev/null
  bumped api=2.0.0 web=2.0.0
  promoter_in_shop promote dev staging --deliver push >/dev/null
  for number in {1..12}; do
    git clone --quiet "$(in_shop remote get-url origin)" "$work/clone$number"
    one_of_many "$number" &
  done
  for number in {1..12}; do check "promotion $number of twelve at once ends well" ended "$number"; done
  check "they share one pull request" is "$(pulls 'map(select(.state == "open")) | length')" 1
  check "which has both" is "$(pulls 'map(select(.state == "open"))[0].title')" "promote staging to prod: api 2.0.0, web 2.0.0"
}

one_of_many() {
  local service=api
  if (($1 % 2)); then service=web; fi
  (cd "$work/clone$1" && promoter promote staging prod "$service" --timeout 2m && echo "it is done") >"$work/clone$1.log" 2>&1
}

ended() {
  local end=$((SECONDS + 150))
  until grep -qxE 'it is done|error: .*' "$work/clone$1.log"; do ((SECONDS < end)) || break; sleep 0.2; done
  cat "$work/clone$1.log" && grep -qx 'it is done' "$work/clone$1.log"
}

# Merged as soon as nothing is missing: here at once, since no check is required.
merged_by_itself() {
  in_shop pull --quiet
  rules '{auto_merge: squash, labels: [unheard-of]}'
  in_shop commit --quiet --all --message "promoter.yaml: merge by itself"
  in_shop push --quiet
  bumped api=2.1.0
  check "a label that the server does not know is a warning" says 'no label unheard-of' asked
  check "what has auto_merge is merged when nothing is missing" merged "$(pulls 'map(.number) | max')"
}

# Whether a pull request can be merged the server finds out beside.
merged() { eventually 20 "it is merged" pull "$1" .merged; }

refused() {
  bumped web=2.2.0
  check "a commit by the API is GitHub's alone, and says so" exits 2 'use `--push` or `--pr`' promoter_in_shop promote dev staging --via-api
  asked --dry-run --verbose >"$work/verbose" 2>&1
  check "a token that is wrong is told" env GITEA_TOKEN=wrong bash -c "cd '$work/shop' && ! promoter promote dev staging 2>&1 | grep -q opened"
  GITEA_TOKEN=wrong check "with what to do" exits 6 'set a new one' promoter_in_shop promote dev staging
  check "no token is in what was printed" refuses grep -rqF "$token" "$work"/clone*.log "$work/verbose"
}
