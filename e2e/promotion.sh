# shellcheck shell=bash
# One promotion in words and commands; `tell`, `run` and `at` are tour.sh's.

tell "Three environments, two services, and everything runs 0.1.0."
run "promoter status"

tell "CI has built two images. They enter dev, the first environment, as one commit that CI pushes."
at 1 "promoter bump dev api=0.2.0 auth=0.1.1 --push"

tell "A day later, in your clone: staging gets what dev runs. One commit for the whole set, or none."
at 20 "git pull --quiet"
run "promoter promote dev staging"

tell "What would reach production, if it were the api alone? Looking changes nothing."
run "promoter diff staging prod api"

tell "To production. The commit holds one line for one version, and says where that version came from."
at 48 "promoter promote staging prod api"
run "git show --stat --format=%B"
run "git push --quiet"

tell "The new api misbehaves: back to what production ran before. Other services stay as they are."
at 71 "promoter rollback prod api --push"

tell "What was rolled back does not come again by itself."
run "git pull --quiet"
run "promoter promote staging prod api"

tell 'Where everything stands, and how it came there. `-1` is one version behind the environment before it.'
run "promoter status"
run "promoter history prod api"
