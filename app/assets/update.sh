#!/usr/bin/env bash
# Takes the files of Swagger UI from its npm package: update.sh [VERSION]
set -euo pipefail
cd "$(dirname "$0")"

version=${1:-$(cat VERSION)}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
npm pack --silent --pack-destination "$scratch" "swagger-ui-dist@$version" >/dev/null
tar -xzf "$scratch"/*.tgz -C "$scratch" package/swagger-ui-bundle.js package/swagger-ui.css package/LICENSE
for file in swagger-ui-bundle.js swagger-ui.css; do
  # Without its last line, which asks the browser for a file that is not here.
  sed '/^\/[/*]# sourceMappingURL=/d' "$scratch/package/$file" | gzip -9 -n > "$file.gz"
done
cp "$scratch/package/LICENSE" LICENSE.swagger-ui
echo "$version" > VERSION
