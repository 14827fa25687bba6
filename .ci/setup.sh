# Makes .venv and all that ./run and ./test need. They set $root, read this file and call
# set_up with what for: run, quick (the tests that need no browser), clients (GDAL and QGIS)
# or test.

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The environment of the person who calls must not reach into .venv.
unset PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV VIRTUAL_ENV
# Without kept bytecode each process compiles all of the tests anew: five seconds of it.
unset PYTHONDONTWRITEBYTECODE
# Python's site module reads the path of the tree (in a .pth file) in the locale's encoding.
export LC_ALL=C.UTF-8
export PYTHONNOUSERSITE=1 PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUTF8=1
venv=${root:?}/.venv
python=$venv/bin/python

set_up() {
    (
        cd "$root" || exit 1
        # Two of us at once on a fresh clone: the second waits for the first.
        if command -v flock >/dev/null; then exec 9<. && flock 9; fi
        install_system_parts "$1"
        [ "$1" != test ] || install_chromium_without_windows
        packages=test
        [ "$1" != run ] || packages=run
        is_current "$packages" || install_packages "$packages"
    ) || exit 1
    if [ "$1" = test ]; then find_chromium; fi
}

# --- what the system has to give -------------------------------------------------------------

install_system_parts() {
    missing=$(missing_system_parts "$1")
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || give_up_on_the_system
    if [ "$(id -u)" -ne 0 ]; then
        say "Some of what is needed is missing. As root, once:"
        die "    apt-get update && apt-get install -y --no-install-recommends $missing"
    fi
    say "Installing $missing with apt-get"
    # shellcheck disable=SC2086  # one word for each package
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends $missing; } >/dev/null ||
        die "apt-get could not install: $missing"
    missing=$(missing_system_parts "$1")
    [ -z "$missing" ] || give_up_on_the_system
}

# The same browser without a window around each page, in which a page takes a third less of the
# processor's time. Where it cannot be had the tests do without.
install_chromium_without_windows() {
    if command -v chromium-headless-shell >/dev/null || [ "$(id -u)" -ne 0 ]; then return 0; fi
    apt-cache show chromium-headless-shell >/dev/null 2>&1 || return 0
    say "Installing chromium-headless-shell with apt-get"
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        chromium-headless-shell >/dev/null 2>&1 || say "The tests do without it."
}

give_up_on_the_system() {
    case $missing in *python3*) say "Python 3.11 or newer with venv and pip is needed." ;; esac
    die "Please install what Debian calls $missing, and run this again."
}

# Names as Debian has them.
missing_system_parts() {
    list=
    venv_is_whole || find_python >/dev/null || list="python3 python3-venv"
    if [ "$1" = test ]; then
        find_chromium || list="$list chromium"
        fc-list :lang=zh 2>/dev/null | grep -q . || list="$list fonts-noto-cjk fontconfig"
        has_library libatomic.so.1 || list="$list libatomic1" # for the Node inside Playwright
    fi
    if [ "$1" = clients ]; then
        command -v ogr2ogr >/dev/null || list="$list gdal-bin"
        /usr/bin/python3 -c 'import osgeo_utils, qgis.core' >/dev/null 2>&1 ||
            list="$list python3-gdal python3-qgis qgis-providers"
        fc-list :lang=zh 2>/dev/null | grep -q . || list="$list fonts-noto-cjk fontconfig"
    fi
    # shellcheck disable=SC2086  # the words without the space before them
    set -- $list
    printf '%s' "$*"
}

described() {
    case $missing in *python3*) printf 'Python 3.11 or newer with venv and pip; ' ;; esac
    printf 'Debian calls it %s' "$missing"
}

# Python 3.11 or newer that can make a .venv; Debian's cannot without python3-venv.
find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    return 1
}

find_chromium() {
    for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        [ -n "$candidate" ] || continue
        if CHROMIUM=$(command -v "$candidate"); then export CHROMIUM; return 0; fi
    done
    return 1
}

# Where there is no ldconfig to ask, it is taken to be there.
has_library() {
    libraries=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) || return 0
    case $libraries in *"$1"*) return 0 ;; *) return 1 ;; esac
}

# --- the Python and JavaScript packages -------------------------------------------------------

# The pins and the place of the tree (an editable install holds its path).
fingerprint() {
    { cat pyproject.toml constraints.txt package.json package-lock.json hatch_build.py .npmrc &&
        pwd; } | cksum
}

is_current() {
    [ "$(cat "$venv/installed-$1" 2>/dev/null)" = "$(fingerprint)" ] && venv_is_whole &&
        [ -f server/static/vendor/stamp ]
}

# An install that was cut off may have left half packages, which pip would take for whole.
venv_is_whole() {
    [ ! -e "$venv/installing" ] &&
        "$python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

install_packages() {
    say "Installing ZoneAtlas and its packages into .venv (some minutes the first time)"
    if ! venv_is_whole; then
        rm -rf "$venv"
        "$(find_python)" -m venv "$venv" || die "Python could not make $venv"
    fi
    rm -f "$venv/installed-"*
    : >"$venv/installing"
    case $1 in
    run) pip_install -e . ;;
    test)
        pip_install -e '.[test]'
        install_javascript
        fingerprint >"$venv/installed-test"
        ;;
    esac
    fingerprint >"$venv/installed-run"
    rm "$venv/installing"
}

# What checks the page's modules, and what the browser tests run: package.json has it for development.
# Node and npm are those of the environment, so that it is the same on every machine.
install_javascript() {
    PATH=$venv/bin:$PATH npm ci --silent >&2 ||
        die "npm could not install the packages of package-lock.json"
}

pip_install() {
    "$python" -m pip install --quiet --no-input -c constraints.txt "$@" >&2 ||
        die "pip could not install: $*"
}
