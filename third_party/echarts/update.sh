#!/usr/bin/env bash
# For maintainers: fetches a release of Apache ECharts from the npm registry, checks its
# integrity, and writes the files and their checksums anew. A build never needs it.
#
#   third_party/echarts/update.sh VERSION INTEGRITY
#
# INTEGRITY is what the registry states ("npm view echarts@VERSION dist.integrity"), read by a person.
# That of the release here, 6.1.0, is in the file `integrity`.
set -euo pipefail
[ $# = 2 ] || {
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
}
version=$1 integrity=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "echarts@$version" >/dev/null
got=sha512-$(openssl dgst -sha512 -binary "echarts-$version.tgz" | base64 -w 0)
[ "$got" = "$integrity" ] || {
  echo "the package has the integrity $got, not $integrity" >&2
  exit 1
}
tar xzf "echarts-$version.tgz"
cp package/dist/echarts.min.js package/LICENSE package/NOTICE "$here/"
cp package/licenses/LICENSE-d3 "$here/licenses/"
cd "$here"
echo "echarts@$version $integrity" >integrity
sha256sum echarts.min.js LICENSE NOTICE licenses/LICENSE-d3 >sha256sums
