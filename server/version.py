"""The version of the installed package."""

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    try:
        return version("zoneatlas")
    except PackageNotFoundError:
        return "0+source"


VERSION = installed_version()
