# shellcheck shell=bash
# The tour's words and commands, in order; `tell`, `run` and `at` are tour.sh's.

tell "Three environments, two services, and everything runs 0.1.0."
run "promoter status"

tell "CI has pushed two images. They enter dev, the first environment, as one commit."
at 1 "promoter bump dev api=0.2.0 auth=0.1.1 --push"

tell "What dev runs goes to staging: one commit for the whole set, or none."
at 20 "promoter promote dev staging --push"

tell "What would reach production? Looking changes nothing."
run "git pull --quiet"
run "promoter diff staging prod"

tell "To production, the api only."
at 48 "promoter promote staging prod api --push"

tell "The commit is one line for one version: comments, quotes and order are untouched."
run "git pull --quiet"
run "git show --unified=1 --format=%B"

tell "The new api misbehaves. Back to what production ran before, and the other services stay."
at 71 "promoter rollback prod api --push"

tell "A version that was rolled back does not come again by itself."
run "promoter promote staging prod api --push"

tell "Where everything stands, and how it came there."
run "git pull --quiet"
run "promoter status"
run "promoter history prod"
