"""./run on machines of every state, with stand-ins for Python, apt-get and the user's identity."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEEDED = (
    "run",
    "test",
    ".ci/setup.sh",
    ".npmrc",
    "constraints.txt",
    "hatch_build.py",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
)
TOOLS = (
    "cat",
    "chmod",
    "cksum",
    "cp",
    "dirname",
    "env",
    "flock",
    "grep",
    "mkdir",
    "rm",
    "sed",
    "sh",
)

# Says what it is asked to do in $LOG, and does so much of it that ./run can go on.
PYTHON = """#!/bin/sh
case $1 in
-c) exit "${OLD:-0}" ;;
esac
echo "$@" >>"$LOG"
case $2 in
venv)
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    printf '#!/bin/sh\\necho "in $PWD: $*"\\n' >"$3/bin/zoneatlas"
    chmod +x "$3/bin/zoneatlas"
    ;;
pip)
    mkdir -p server/static/vendor
    : >server/static/vendor/stamp
    exit "${BROKEN_PIP:-0}"
    ;;
esac
"""


class Machine:
    """A clone of the repository's frame, and a PATH with little but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "园区 clone"
        self.bin = folder / "bin"
        self.log = folder / "log"
        for name in NEEDED:
            (self.clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.clone / name)
        self.bin.mkdir()
        for tool in TOOLS:
            if found := shutil.which(tool):
                (self.bin / tool).symlink_to(found)
        self.has("id", "#!/bin/sh\necho 1000\n")
        self.has("apt-get", "#!/bin/sh\nexit 1\n")
        self.has("ldconfig", "#!/bin/sh\n")

    def has(self, name: str, program: str) -> None:
        (self.bin / name).write_text(program, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def call(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Call ./run or ./test from another folder; the log then holds what Python was asked."""
        self.log.write_text("", encoding="utf-8")
        return subprocess.run(
            [self.clone / command[0], *command[1:]],
            cwd=self.bin,
            env={"PATH": str(self.bin), "LOG": str(self.log), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def asked(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_first_run_installs_and_the_next_does_not(machine: Machine) -> None:
    machine.has("python3", PYTHON)
    first = machine.call("run", "a store.gpkg", "--port", "1")
    venv = machine.clone / ".venv"
    assert machine.asked == [
        f"-m venv {venv}",
        "-m pip install --quiet --no-input -c constraints.txt -e .",
    ]
    assert first.stdout == f"in {machine.bin}: serve a store.gpkg --port 1\n"
    again = machine.call("run")
    assert (again.returncode, again.stderr, machine.asked) == (0, "", [])


@pytest.mark.parametrize("pin", ["constraints.txt", "package-lock.json", "pyproject.toml"])
def test_a_changed_pin_is_installed_into_the_same_environment(machine: Machine, pin: str) -> None:
    machine.has("python3", PYTHON)
    machine.call("run")
    with (machine.clone / pin).open("a", encoding="utf-8") as file:
        file.write("\n")
    machine.call("run")
    assert [line.split()[1] for line in machine.asked] == ["pip"]


def test_an_interrupted_install_begins_anew(machine: Machine) -> None:
    machine.has("python3", PYTHON)
    broken = machine.call("run", BROKEN_PIP="1")
    assert broken.returncode == 1
    assert "pip could not install" in broken.stderr
    (machine.clone / ".venv" / "half").touch()
    assert machine.call("run").returncode == 0
    assert [line.split()[1] for line in machine.asked] == ["venv", "pip"]
    assert not (machine.clone / ".venv" / "half").exists()


def test_a_moved_clone_is_installed_again(machine: Machine) -> None:
    machine.has("python3", PYTHON)
    machine.call("run")
    machine.clone = machine.clone.rename(machine.clone.with_name("moved"))
    machine.call("run")
    assert [line.split()[1] for line in machine.asked] == ["pip"]


def test_a_newer_python_beside_an_old_one_is_found(machine: Machine) -> None:
    machine.has("python3", "#!/bin/sh\nexit 1\n")
    machine.has("python3.12", PYTHON)
    assert machine.call("run").returncode == 0
    assert machine.asked


@pytest.mark.parametrize(
    ("command", "packages"),
    [
        (["run"], "python3 python3-venv"),
        (["test", "quick"], "python3 python3-venv"),
        (["test"], "python3 python3-venv chromium fonts-noto-cjk fontconfig libatomic1"),
    ],
)
def test_who_is_not_root_is_told_the_one_line(
    machine: Machine, command: list[str], packages: str
) -> None:
    machine.has("python3", PYTHON)  # as Debian's without python3-venv: it cannot make a .venv
    told = machine.call(*command, OLD="1")
    install = f"apt-get update && apt-get install -y --no-install-recommends {packages}"
    assert told.stderr.splitlines()[-1].strip() == install
    assert told.returncode == 1
    assert machine.asked == []


def test_without_apt_the_parts_are_named(machine: Machine) -> None:
    (machine.bin / "apt-get").unlink()
    told = machine.call("run")
    assert told.returncode == 1
    assert "Python 3.11 or newer" in told.stderr


def test_the_environment_of_the_caller_stays_outside(machine: Machine) -> None:
    shown = 'echo "=$PYTHONPATH $PYTHONHOME $PIP_TARGET $PIP_USER $LC_ALL" >>"$LOG"'
    machine.has("python3", PYTHON.replace("#!/bin/sh\n", f"#!/bin/sh\n{shown}\n"))
    theirs = {"PYTHONPATH": "x", "PYTHONHOME": "x", "PIP_TARGET": "x", "PIP_USER": "1"}
    machine.call("run", **theirs, LC_ALL="C")
    assert {line for line in machine.asked if line.startswith("=")} == {"=   0 C.UTF-8"}


def test_root_gets_what_is_missing_from_debian(machine: Machine) -> None:
    machine.has("id", "#!/bin/sh\necho 0\n")
    machine.has("python-of-debian", PYTHON)
    machine.has(
        "apt-get",
        f"""#!/bin/sh
echo "apt-get $*" >>"$LOG"
case $* in *install*python3-venv*) cd "{machine.bin}" && cp python-of-debian python3 ;; esac
""",
    )
    assert machine.call("run").returncode == 0
    assert machine.asked[:2] == [
        "apt-get -qq update",
        "apt-get -qq install -y --no-install-recommends python3 python3-venv",
    ]


def test_the_test_command_says_how_it_is_called(machine: Machine) -> None:
    told = machine.call("test", "--help")
    assert told.returncode == 0
    assert "./test quick" in told.stdout
