#!/bin/sh
# GIT_ASKPASS: git asks for a name, then for a password; the token is written nowhere.
case $1 in
  Username*) echo x-access-token ;;
  *) echo "$GITHUB_TOKEN" ;;
esac
