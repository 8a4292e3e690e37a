# shellcheck shell=bash
# How a repository of another shape adopts promoter, in words and commands; `tell` and `run` are tour.sh's.

tell "A repository that knows nothing of promoter, with its own folders and names."
run "git ls-files '*/overlays/*'"
run "promoter init"

tell "The commit is what counts."
run "git add promoter.yaml"
run "git commit --quiet --message 'promoter: describe the environments'"
run "git push --quiet"

tell "That is all. From here on everything works as above."
run "promoter bump stage api=0.2.0 --push"
