"""Libraries of native packs that do harm, and packs that are made of them."""
import functools
import pathlib
import shutil
import subprocess
import tempfile
import atexit

from desk import valid_pack

HERE = pathlib.Path(__file__).parent
INCLUDE = HERE.parents[1] / "loaders" / "native" / "include"
CONSTRUCTORS = {"well": 0, "aborts": 1, "hangs": 2, "throws": 3, "crashes": 4, "leaves": 5}


def compiler():
    return shutil.which("c++") or shutil.which("g++-12") or shutil.which("clang++-14")


def obstacle():
    """For the `needs` of a case."""
    return "" if compiler() else "there is no C++ compiler to build packs with"


@functools.cache
def place():
    made = pathlib.Path(tempfile.mkdtemp(prefix="cowork-hostile-packs-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@functools.cache
def library(constructor="well"):
    """The bytes of native_pack.cc, built so that its constructor does that."""
    built = place() / f"{constructor}.so"
    subprocess.run([compiler(), "-std=c++17", "-shared", "-fPIC", "-O0", "-pthread",
                    f"-I{INCLUDE}", f"-DCONSTRUCTOR={CONSTRUCTORS[constructor]}", str(HERE / "native_pack.cc"), "-o",
                    str(built)],
                   check=True, stdin=subprocess.DEVNULL)
    return built.read_bytes()


def manifest(name="tea"):
    return valid_pack(name, main=f"lib/{name}")


def lay(desk, tier, content, name="tea"):
    """A pack with this library in a tier."""
    desk.pack(tier, name, manifest(name))
    where = getattr(desk, tier) / name / "lib" / f"lib{name}.so"
    where.parent.mkdir()
    where.write_bytes(content)
    return where


def fixture(desk, name):
    """A library of the unit tests' in this build, or None: tests/loaders/native/fixtures."""
    built = desk.program.parents[2] / "tests" / "loaders" / "native" / "fixtures" / f"lib{name}.so"
    return built.read_bytes() if built.exists() else None
