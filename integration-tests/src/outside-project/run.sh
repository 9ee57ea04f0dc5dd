#!/usr/bin/env bash
# Builds and runs a project of somebody else, outside the tree, against the built artifacts in a repository: once as it
# was, on libvirt's own event loop, and once with the one line that puts it on ours. Both must print the same.
# Exit status 77: cannot run here, and says why. Leaves nothing in the user's local repository.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
repository=$root/integration-tests/target/repository
events=2002

if ! ldconfig -p | grep -q 'libvirt\.so\.0'; then
  echo "outside project: libvirt.so.0 is missing; on Debian: apt-get install libvirt0"
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 77
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A local repository of this run's own, over what this machine has fetched already.
shared=${HOME}/.m2/repository
mkdir "$work/local"
if [ -d "$shared" ]; then cp -as "$shared/." "$work/local"; fi
rm -rf "$work/local/io/osevent"
maven() {
  mvn -B -ntp -q -Dstyle.color=never -Dmaven.repo.local="$work/local" "$@"
}

# The artifacts as a release would publish them.
rm -rf "$repository"
maven -f "$root/pom.xml" -pl .,bridge-api,native-shim,bridge-vertx -DskipTests -Dmaven.install.skip=true \
  -DaltDeploymentRepository="outside::file:$repository" deploy

cp -r "$here" "$work/project"
cd "$work/project"
maven -Dosevent.repository="file:$repository" compile
for main in Before After; do
  # A bound of its own: a loop that nobody runs would wait for ever.
  timeout 60 mvn -B -ntp -q -Dstyle.color=never -Dmaven.repo.local="$work/local" -Dosevent.repository="file:$repository" \
    -Doutside.main="outside.$main" exec:exec >"$work/$main" 2>"$work/$main.err" || {
    echo "outside project: outside.$main failed:" >&2
    cat "$work/$main.err" "$work/$main" >&2
    exit 1
  }
done

if [ "$(wc -l <"$work/Before")" -ne "$events" ]; then
  echo "outside project: expected $events events on libvirt's own loop, got:" >&2
  tail -5 "$work/Before" >&2
  exit 1
fi
diff "$work/Before" "$work/After" || {
  echo "outside project: the program prints something else on our loop" >&2
  exit 1
}
echo "outside project: $events events, in the same order on libvirt's own loop and, by one other line, on Vert.x's"
