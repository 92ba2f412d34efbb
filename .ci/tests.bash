# shellcheck shell=bash
# How the tests run; `./donut test` reads this file. After one checked build of everything, lanes run side by side, each a Maven over
# the same compiled tree: the unit tests as an ordinary user; the kernel tests of lab/ in two lanes with namespaces of their
# own; those of the agent, and after them the containers. What measures milliseconds comes last, when nothing else runs.

test_usage() {
  cat <<'END'
usage: ./donut test [unit|long] [MODULE...] [MAVEN OPTION...]

  ./donut test                  every test (root; installs what is missing; starts a Docker engine where none answers)
  ./donut test unit             those that need no root, no other programs and no Docker; two minutes with compiled classes
  ./donut test long             every test, with the long ones in full (CONTRIBUTING.md says which, and what is longer)
  ./donut test proto/wire       the tests of a module, or of several; `./donut test unit lab/clab` only those without root
  ./donut test -Dtest=FsmTableTest   a class; every option of Maven goes through

What a test needs is its tag: kernel, real (BIRD, FRR and others), docker; those without one are unit. A run ends with its twenty
slowest classes and the totals; build/test-durations.tsv has every class, build/test-LANE.log what Maven said.
END
}

machine='kernel | real | docker'
# All is compiled and formatted: a lane only runs.
only_run=(-Dspotless.check.skip=true -Dmaven.main.skip=true -Dprotobuf.skip=true -Dsurefire.failIfNoSpecifiedTests=false)
lanes=()
engine_is_ours=

plainly() { "$@"; }

# A mount and a network namespace: what runs in it meets no namespace, lab or port of another lane.
in_own_network() {
  unshare --mount --net bash -c '
    mount --make-rprivate / && ip link set lo up && mkdir -p /run/netns /run/donut &&
      mount -t tmpfs none /run/netns && mount -t tmpfs none /run/donut || exit
    result=0
    "$@" || result=$?
    left=$(ls /run/netns)
    if [[ -n $left ]]; then echo "[ERROR] left behind: $left"; exit 1; fi
    exit $result' lane "$@"
}

# Without a right of root, and without the programs that the other tests use: a unit test that needs one of them fails.
as_ordinary_user() {
  if [[ $(id -u) -ne 0 ]]; then "$@"; return; fi
  unshare --mount --net bash -c '
    mount --make-rprivate / && ip link set lo up || exit
    for program in ip tc bird birdc vtysh gobgp gobgpd bgpd bgpctl tcpdump docker dockerd debootstrap ping traceroute iperf3; do
      file=$(readlink -f "$(command -v $program)") && mount --bind /dev/null "$file"
    done
    # The JVM asks for the home of the user it sees; Maven has its repository in ours.
    export MAVEN_OPTS="${MAVEN_OPTS:-} -Duser.home=${HOME:-/root}"
    [[ ! -d /usr/lib/frr ]] || mount -t tmpfs none /usr/lib/frr
    exec nice -n 5 unshare --user --map-user=1000 --map-group=1000 "$@"' lane "$@"
}

# lane NAME AROUND OPTION...: Maven's tests with these options in the background, told in a line a class; all of it is in the log.
lane() {
  local name=$1 around=$2 log=$root/build/test-$1.log
  shift 2
  (
    set -o pipefail
    cd "$root" || exit
    export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
    "$around" mvn -B -ntp --fail-at-end "-Ddonut.reports=surefire-reports/$name" "$@" 2>&1 | tee "$log" |
      sed -unE "s/^\[(INFO|WARNING|ERROR)\] Tests run: ([0-9]+),.*Time elapsed: ([0-9.]+) s.* -- in (.*)/$name: \3 s \4 (\2)/p
        s/^\[ERROR\] (.*<<< (FAILURE|ERROR)!.*)/$name: \1/p; s/^\[ERROR\] (.*(COMPILATION ERROR|\.java:\[|left behind|forked VM).*)/$name: \1/p"
  ) &
  lanes+=($!)
}

# Waits for a lane; fails where it has failed.
await_lane() {
  local result=0 pid left=()
  wait "$1" || result=$?
  for pid in "${lanes[@]}"; do [[ $pid == "$1" ]] || left+=("$pid"); done
  lanes=("${left[@]}")
  return "$result"
}

await_lanes() {
  local result=0 pid
  for pid in "${lanes[@]}"; do await_lane "$pid" || result=1; done
  return "$result"
}

# Ends what still runs of this run.
end_lanes() {
  local pid
  for pid in "${lanes[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
  for pid in "${lanes[@]}"; do wait "$pid" 2>/dev/null || true; done
  lanes=()
  [[ -z $engine_is_ours ]] || stop_engine
}

# Compiles everything once, with the checks, and takes the jars of build/dist from there where they are not up to date.
checked_build() {
  local begun=$SECONDS log=$root/build/test-build.log stale=
  echo "donut: compiling with every check (log: build/test-build.log)"
  mkdir -p "$root/build"
  exec 9>"$root/build/.lock"
  flock 9
  if sources_changed; then
    stale=1
    rm -rf "$dist" && mkdir -p "$dist/lib"
    touch "$dist/stamp.new"
  fi
  if ! maven -T 2 package -DskipTests -Ddonut.dist "$@" >"$log" 2>&1; then
    grep -E '^\[ERROR\]' "$log" | head -40 >&2 || tail -20 "$log" >&2
    die "the checked build has failed; see build/test-build.log"
  fi
  [[ -z $stale ]] || gather "$root"/{agent/app,controller/{server,simulate,cli},lab/donut}/target
  exec 9>&-
  echo "donut: compiled in $((SECONDS - begun)) s"
}

# The reports of this run.
reports() { find "$root" -name 'TEST-*.xml' -path '*/target/surefire-reports/*' -newer "$root/build/test-begun"; }

# What a class of tests needs most, by its annotations: docker, real, kernel or unit.
group_of() {
  local classes=$1/target/test-classes file=${2//.//} files
  files=("$classes/$file.class" "$classes/${file%%\$*}.class")
  if grep -qs 'net/donut/fixtures/NeedsDocker;' "${files[@]}"; then echo docker
  elif grep -qs 'net/donut/fixtures/NeedsPrograms;' "${files[@]}"; then echo real
  elif grep -qs 'net/donut/fixtures/NeedsKernel;' "${files[@]}"; then echo kernel
  else echo unit; fi
}

# Writes build/test-durations.tsv: seconds, tests, what it needs, module and class, the slowest first.
durations() {
  local report suite module class group
  reports | while read -r report; do
    suite=$(grep -m1 -A12 '<testsuite ' "$report" | tr '\n' ' ')
    module=${report#"$root"/} module=${module%%/target/*}
    class=$(sed -E 's/.* name="([^"]*)".*/\1/' <<<"${suite%%>*}")
    group=unit
    [[ $report == */surefire-reports/unit/* ]] || group=$(group_of "$root/$module" "$class")
    printf '%s\t%s\t%s\t%s\t%s\n' "$(sed -E 's/.* time="([0-9.,]*)".*/\1/; s/,//g' <<<"${suite%%>*}")" \
      "$(grep -c '<testcase ' "$report")" "$group" "$module" "$class"
  done | sort -rn >"$root/build/test-durations.tsv"
}

# What a run ends with; the tests on recorded data that did not run are the last line.
test_summary() {
  local file=$root/build/test-durations.tsv begun=$1 flaky failed skipped where
  durations
  echo "slowest (seconds, class, module):"
  head -20 "$file" | awk -F '\t' '{printf "  %6.1f  %s  %s\n", $1, $5, $4}'
  awk -F '\t' -v wall="$((SECONDS - begun))" '
    {n += $2; tests[$3] += $2; seconds[$3] += $1}
    END {
      printf "tests: %d in %d min %d s", n, wall / 60, wall % 60
      split("unit kernel real docker", groups, " ")
      separator = ":"
      for (i = 1; i <= 4; i++) if (tests[groups[i]]) {
        printf "%s %s %d (%.0f s)", separator, groups[i], tests[groups[i]], seconds[groups[i]]
        separator = ","
      }
      print "; each class: build/test-durations.tsv"
    }' "$file"
  flaky=$(reports | xargs -r grep -lE '<flaky(Failure|Error)' | sed 's|.*/TEST-||; s|\.xml$||' | sort -u) || true
  [[ -z $flaky ]] || sed 's/^/passed only when tried again: /' <<<"$flaky"
  failed=$(reports | xargs -r awk '
    /<testcase / {name = $0; sub(/.*<testcase ([^>]* )?name="/, "", name); sub(/".*/, "", name)
      class = $0; sub(/.*classname="/, "", class); sub(/".*/, "", class)}
    /<(failure|error)[ >]/ {print class "." name}' | sort -u)
  [[ -z $failed ]] || sed 's/^/failed: /' <<<"$failed"
  skipped=$(reports | xargs -r grep -ho 'TestAbortedException: real-data: .* is not there' 2>/dev/null) || true
  if [[ -n $skipped ]]; then
    where=${skipped%%$'\n'*}
    echo "real-data: $(wc -l <<<"$skipped") tests not run (${where#*real-data: })"
  fi
}

# The modules below the given directories, and their test classes, for -pl and -Dtest.
modules_of() {
  local directory
  for directory in "$@"; do find "$directory" -maxdepth 2 -name pom.xml -printf '%h\n'; done | while read -r directory; do
    [[ ! -d $directory/src ]] || echo "$directory"
  done | sort -u
}

classes_of() {
  local module
  for module in "$@"; do
    [[ ! -d $module/src/test/java ]] || (cd "$module/src/test/java" && find . -name '*Test.java' -printf '%P\n')
  done | sed 's|\.java$||; s|/|.|g'
}

run_tests() {
  local mode=all argument modules=() options=() selected=() result=0 begun=$SECONDS
  case ${1:-} in
    --help | -h) test_usage; exit 0 ;;
    unit | long) mode=$1; shift ;;
  esac
  cd "$root"
  for argument in "$@"; do
    case $argument in
      --help) test_usage; exit 0 ;;
      -*) options+=("$argument") ;;
      *)
        [[ -f $argument/pom.xml ]] || die "no module '$argument' (expected: unit, long, or a directory with a pom.xml such as proto/wire)"
        modules+=("${argument%/}")
        ;;
    esac
  done
  [[ $mode != long ]] || options+=(-Ddonut.long=true)
  if [[ ${#modules[@]} -gt 0 ]]; then
    mapfile -t modules < <(modules_of "${modules[@]}")
    selected=(-pl "$(IFS=,; echo "${modules[*]}")" -am)
    [[ " ${options[*]}" == *" -Dtest="* ]] || options+=("-Dtest=$(classes_of "${modules[@]}" | paste -sd,)")
  fi
  if [[ " ${options[*]}" == *" -Dtest="* ]]; then selected+=(-Dsurefire.failIfNoSpecifiedTests=false); fi
  # Lanes are process groups: all that a lane started ends with it.
  set -m
  trap 'exit 130' INT TERM HUP
  trap end_lanes EXIT
  if [[ $mode == unit ]]; then
    command -v mvn >/dev/null || die "mvn is missing: install maven"
    forget_other_flags "${options[@]}"
    touch "$root/build/test-begun"
    lane unit plainly -T 2 test "-DexcludedGroups=$machine" "${selected[@]}" "${options[@]}"
    await_lanes || result=1
    test_summary "$begun" | tee "$root/build/test-summary.txt"
    exit "$result"
  fi
  setup
  [[ $(id -u) -eq 0 ]] || die "these tests make network namespaces: run them as root, or without root: ./donut test unit"
  forget_other_flags "${options[@]}"
  if [[ ${#selected[@]} -gt 0 ]]; then
    if needs_docker "${options[@]}"; then
      start_engine
      "$root/donut" lab images
    fi
    touch "$root/build/test-begun"
    lane all plainly test "${selected[@]}" "${options[@]}"
  else
    start_engine
    touch "$root/build/test-begun"
    checked_build "${options[@]}"
    every_lane "${options[@]}" || result=1
  fi
  await_lanes || result=1
  test_summary "$begun" | tee "$root/build/test-summary.txt"
  [[ $result -eq 0 ]] || echo "donut: tests have failed; build/test-LANE.log has all that was said" >&2
  exit "$result"
}

start_engine() {
  if ! engine_answers; then
    engine_is_ours=1
    setup_docker
  fi
}

# Whether one of the classes of -Dtest is for containers.
needs_docker() {
  local option names name
  for option in "$@"; do
    [[ $option == -Dtest=* ]] || continue
    IFS=, read -ra names <<<"${option#-Dtest=}"
    for name in "${names[@]}"; do
      name=${name%%#*}
      [[ -z $(find "$root" -path '*/src/test/*' -name "${name##*.}.java" -exec grep -l '@NeedsDocker' {} +) ]] || return 0
    done
  done
  return 1
}

every_lane() {
  local kernel='(kernel | real) & !docker & !alone' long_ones='net/donut/lab/bench/*Test,net/donut/lab/story/*Test' images agent result=0
  "$root/donut" lab images >"$root/build/test-images.log" 2>&1 &
  lanes+=($!)
  images=$!
  lane lab in_own_network test "${only_run[@]}" "-Dgroups=$kernel" -Ddonut.skip.rest=true "-Dtest=*Test,!${long_ones/,/,!}" "$@"
  lane bench in_own_network test "${only_run[@]}" "-Dgroups=$kernel" -Ddonut.skip.rest=true "-Dtest=$long_ones" "$@"
  lane unit as_ordinary_user test "${only_run[@]}" "-DexcludedGroups=$machine" "$@"
  lane agent plainly test "${only_run[@]}" "-Dgroups=$kernel" -Ddonut.skip.lab=true "$@"
  agent=$!
  await_lane "$images" || { echo "donut: the images could not be made; see build/test-images.log" >&2; result=1; }
  await_lane "$agent" || result=1
  lane docker plainly test "${only_run[@]}" -Dgroups=docker -Ddonut.skip.rest=true "$@"
  await_lanes || result=1
  lane alone plainly test "${only_run[@]}" '-Dgroups=alone & (kernel | real)' "$@"
  await_lanes || result=1
  return "$result"
}
