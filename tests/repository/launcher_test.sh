#!/bin/sh
# Tries the launcher in a toy repository, whose cmake, ctest, apt-get, dpkg-query, sudo and id only note their calls.
# Run: launcher_test.sh ROOT. Prints what went wrong and ends with 1, or ends with 0.
# shellcheck disable=SC2016,SC2254 # the tools expand their own variables; expect takes patterns
set -u
root=$(cd "$1" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
home="$place/a folder with spaces"
tools=$place/tools
calls=$place/calls
mkdir -p "$home/src" "$home/shaders" "$home/tests" "$home/third_party" "$tools"
cp "$root/ombra" "$home/ombra"
echo 'project(toy)' >"$home/CMakeLists.txt"
printf '# comment\nalpha\nbeta # why\n## tests\ngamma\n' >"$home/third_party/packages.txt"

tool() { printf '#!/bin/sh\n%s\n' "$2" >"$tools/$1"; chmod +x "$tools/$1"; }
tool id 'cat "'"$place"'/uid"'
tool dpkg-query 'echo dpkg-query "$@" >>"'"$calls"'"; cat "'"$place"'/installed"'
tool apt-get 'echo "apt-get $DEBIAN_FRONTEND $*" >>"'"$calls"'"
  case "$*" in *"install "*) printf "alpha=installed beta=installed gamma=installed " >"'"$place"'/installed" ;; esac'
tool sudo 'echo sudo >>"'"$calls"'"; exec "$@"'
tool ctest 'echo ctest "$@" >>"'"$calls"'"'
tool cmake 'echo cmake "$@" >>"'"$calls"'"
  [ ! -f "'"$place"'/broken" ] || { echo "a.cpp:1: error: no such thing"; exit 1; }
  [ ! -f "'"$place"'/held" ] || [ "$1" != --build ] || {
    echo "[120/480] Building a.cpp.o"
    : >"'"$place"'/building"
    while [ -f "'"$place"'/held" ]; do sleep 0.05; done
  }
  case $1 in
    --fresh) mkdir -p "$5"; : >"$5/build.ninja" ;;
    --build) mkdir -p "$2/bin"; printf "#!/bin/sh\\necho danced in \$PWD with \$# words: \"\$@\"\\n" >"$2/bin/ombra"
             chmod +x "$2/bin/ombra" ;;
  esac'

failures=0
user=
# launch ARGUMENTS... -> $out, $err, $status and the calls made
launch() {
  : >"$calls"
  (cd "$place" && PATH=${path:-$tools:$PATH} $user "${launcher:-$home/ombra}" "$@") >"$place/out" 2>"$place/err"
  status=$?
  out=$(cat "$place/out")
  err=$(cat "$place/err")
  made=$(cat "$calls")
}
wait_for() {  # COMMAND... until it succeeds, for 30 s at most
  for _ in $(seq 600); do "$@" 2>/dev/null && return 0; sleep 0.05; done
  echo "waited in vain: $*"
}
expect() {  # WHAT TEXT PATTERN
  case $2 in $3) ;; *)
    failures=$((failures + 1))
    printf 'FAILED: %s\n  wanted: %s\n  got: %s\n' "$1" "$3" "$2" ;;
  esac
}

echo 0 >"$place/uid"
printf 'beta=installed alpha=config-files ' >"$place/installed"
launch --help 'two words'
expect "the missing package, and only it, is installed" "$made" \
  "*apt-get noninteractive*install --no-install-recommends --no-remove alpha
*"
expect "it is announced" "$err" "*installing*alpha*configuring*building*"
expect "Release is configured with Ninja" "$made" "*cmake --fresh*-G Ninja -DCMAKE_BUILD_TYPE=Release*"
expect "only the program is built" "$made" "*cmake --build*--target ombra*"
expect "the program gets every argument where the user stands" "$out" "danced in $place with 2 words: --help two words"
expect "one question to dpkg" "$(grep -c dpkg-query "$calls")" 1

sleep 0.02
launch perform
expect "a second run only asks dpkg" "$made" "dpkg-query*alpha beta"
expect "a second run is quiet" "$err" ""
expect "a second run starts the program" "$out" "*1 words: perform"

ln -s "$home/ombra" "$place/link"
launcher=$place/link launch
expect "it works through a symbolic link" "$out" "*0 words:*"
expect "and builds nothing for it" "$made" "dpkg-query*beta"

touch "$home/src/new.cpp"
launch
expect "a new source is built, not configured again" "$made" "dpkg-query*
cmake --build*"
sleep 0.02
rm "$home/src/new.cpp"
launch
expect "a removed source is noticed" "$made" "*cmake --build*"

sleep 0.02
OMBRA_BUILD_TYPE=Debug OMBRA_JOBS=7 launch
expect "another build type is configured" "$made" "*-DCMAKE_BUILD_TYPE=Debug*cmake --build*--parallel 7 *"
launch
expect "and back" "$made" "*-DCMAKE_BUILD_TYPE=Release*"

sleep 0.02
launch test -L unit
expect "tests build everything and run through ctest" "$made" "*dpkg-query*alpha beta gamma*cmake --build*--target all*
ctest --test-dir $home/build --output-on-failure --no-tests=error --parallel * -L unit"
launch
expect "the program is still fresh after the tests" "$made" "dpkg-query*beta"

echo 'int x;' >"$home/src/bad.cpp"
: >"$place/broken"
launch
expect "a failed build ends with 1" "$status" 1
expect "and shows the compiler's error" "$err" "*building failed*no such thing*"
expect "and does not start the old program" "$out" ""
rm "$place/broken"
launch
expect "the next run builds again" "$made" "*cmake --build*"
expect "and starts" "$status" 0

echo 1000 >"$place/uid"
printf 'alpha=installed ' >"$place/installed"
launch
expect "who is not root goes through sudo" "$made" "*sudo
apt-get noninteractive*install*--no-remove beta*"
printf 'alpha=installed ' >"$place/installed"
OMBRA_PACKAGES=skip launch
expect "packages can be left alone" "$made" ""

# a machine that has nothing but these, so that its real sudo and apt-get cannot be reached
bare=$place/bare
mkdir "$bare"
for name in sh readlink dirname sed tr cat; do ln -s "$(command -v $name)" "$bare/$name"; done
path=$bare launch
expect "a system that is not Debian is told what to do" "$status $err" \
  "1 *not a Debian system*hint:*OMBRA_PACKAGES=skip*alpha beta*"
ln -s "$tools/id" "$tools/dpkg-query" "$tools/apt-get" "$bare/"
path=$bare launch
expect "neither root nor sudo is told the command" "$status $err" \
  "1 *missing: beta*hint:*apt-get install --no-install-recommends beta"

printf 'alpha=installed beta=installed gamma=installed ' >"$place/installed"
# a build that goes on for as long as held is there
touch "$home/src/bad.cpp" "$place/held"
setsid env --default-signal=INT,TERM PATH="$tools:$PATH" OMBRA_PACKAGES=skip "$home/ombra" >/dev/null 2>"$place/err" &
group=$!
wait_for [ -f "$place/building" ]
kill -TERM -$group
wait $group
expect "an interrupted build ends with 130" $? 130
expect "and says how to go on" "$(cat "$place/err")" "*stopped*goes on*"
: >"$calls"
: >"$place/err"
for number in 1 2; do
  PATH=$tools:$PATH OMBRA_PACKAGES=skip "$home/ombra" "$number" >>"$place/both" 2>>"$place/err" &
done
wait_for grep -q waiting "$place/err"
rm "$place/held"
wait
expect "of two at a time one builds" "$(cat "$calls")" "cmake --build*--target ombra"
expect "and both start" "$(sort "$place/both" | tr '\n' ' ')" "*1 words: 1 *1 words: 2 "

touch "$home/src/bad.cpp" "$place/held"
: >"$place/both"
PATH=$tools:$PATH OMBRA_PACKAGES=skip script -qfec "'$home/ombra'" /dev/null >"$place/both" 2>&1 </dev/null &
wait_for grep -q 'left; then' "$place/both"
rm "$place/held"
wait
expect "a terminal is told the share that is built, the time left and what comes then" "$(cat "$place/both")" \
  "*25 % built, less than a minute left; then Ombra starts*"

# without write permission, which root cannot lack
if [ "$(command id -u)" -eq 0 ]; then user="setpriv --reuid=65534 --regid=65534 --clear-groups"; fi
chmod -R a+rX "$place"
chmod a+rw "$calls"
chmod a-w "$home/build"
touch "$home/src/bad.cpp"
launch again
expect "a program that may not be rebuilt is started as it is" "$status $out $err" "0 *1 words: again*no permission*"
launch test
expect "tests that may not be built are refused" "$status $err" "1 *no permission*hint:*"
chmod u+w "$home/build"

[ "$failures" -eq 0 ] || exit 1
echo "the launcher keeps its promises"
