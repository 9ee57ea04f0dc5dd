# Sourced by bin/agent: an archive of the loaded classes, which makes the start shorter. It is made once for each build and JDK,
# by a start of its own; without it, everything works as well, only later.
# shellcheck shell=bash disable=SC2154 # here and jar are the sourcing script's

# Adds to "options" what makes java use the archive, and makes it first if there is none.
use_class_archive() {
  local java jdk key archive
  java=$(readlink -f "$(command -v java)") || return 0
  jdk=${java%/bin/java}
  # The jars as they are, and the JDK: an archive of others would be refused, aloud.
  key=$(stat -Lc '%n %y %s' "$java" "$jdk/lib/modules" "$jar" "$here"/agent/target/lib/*.jar 2>/dev/null | cksum) || return 0
  archive=$here/agent/target/classes-${key%% *}.jsa
  if [ ! -e "$archive" ]; then
    rm -f "$here"/agent/target/classes-*.jsa 2>/dev/null
    # An empty one says that it cannot be made here.
    : 2>/dev/null >"$archive" || return 0
    make_class_archive "$archive.$$" >/dev/null 2>&1 </dev/null && mv -f "$archive.$$" "$archive"
    rm -f "$archive.$$"
  fi
  if [ -s "$archive" ]; then options+=("-XX:SharedArchiveFile=$archive" -Xshare:auto -Xlog:cds=off); fi
}

# Starts an agent, lets it do what it does at its start and for its page, and ends it; bounded.
make_class_archive() {
  local agent line url="" path status=1
  exec 3< <(exec timeout 30 java "${options[@]}" "-XX:ArchiveClassesAtExit=$1" -jar "$jar" --listen 127.0.0.1:0)
  agent=$!
  while read -r -t 20 line <&3; do
    url=${line#agent: serving http://}
    if [ "$url" != "$line" ]; then break; fi
  done
  url=${url%/}
  if [ -n "$url" ]; then
    for path in health / page/agent.js api/hosts api/domains; do
      # In a shell of its own, which may end by SIGPIPE.
      (
        exec 4<>"/dev/tcp/${url%:*}/${url#*:}"
        printf 'GET /%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "${path#/}" "$url" >&4
        timeout 5 cat <&4
      ) || true
    done
  fi
  kill "$agent" && wait "$agent" || status=$?
  exec 3<&-
  # 143: ended by the signal that it was sent.
  [ "$status" -eq 143 ] && [ -s "$1" ]
}
