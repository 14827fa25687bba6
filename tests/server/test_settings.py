"""The table of settings: flags, variables, defaults, and what is refused."""

from pathlib import Path

import pytest

from server.basemaps import parse_basemaps
from server.settings import SETTINGS, SettingError, Settings, read_settings


def test_every_setting_is_a_flag_a_variable_and_explained() -> None:
    for one in SETTINGS:
        assert one.flag == "--" + one.name.replace("_", "-")
        assert one.variable == "ZONEATLAS_" + one.name.upper()
        assert one.en
        assert one.zh


def test_flag_before_environment_before_default() -> None:
    environ = {"ZONEATLAS_PORT": "8080", "ZONEATLAS_HOST": "", "ZONEATLAS_QUERY_SECONDS": "0.5"}
    settings = read_settings({"port": "9090", "host": None}, environ)
    assert (settings.port, settings.host, settings.query_seconds) == (9090, "127.0.0.1", 0.5)


def test_defaults_ask_nobody() -> None:
    settings = Settings()
    assert settings.basemap == ()
    assert settings.trusted_proxies == ()
    assert settings.host == "127.0.0.1"


def test_the_data_folder_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert Settings().data_dir == Path("/somewhere/zoneatlas")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")  # to be ignored, says the specification
    monkeypatch.setenv("HOME", "/home/x")
    assert Settings().data_dir == Path("/home/x/.local/share/zoneatlas")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "x"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "８０"),
        ("port", "1" * 5_000),
        ("threads", "0" * 5_000),
        ("host", ""),
        ("data_dir", ""),
        ("data_dir", " "),
        ("data_dir", "a\0b"),
        ("public_url", "maps.example.org"),
        ("public_url", "ftp://maps.example.org/"),
        ("public_url", "https://maps.example.org/a?b=1"),
        ("public_url", "https://maps.example.org/a b"),
        ("public_url", "https://user:pw@maps.example.org/"),
        ("public_url", "https://"),
        ("allowed_hosts", "a.example:80"),
        ("allowed_hosts", "*"),
        ("trusted_proxies", "proxy.example"),
        ("query_seconds", "0"),
        ("query_seconds", "nan"),
        ("max_items", "0"),
        ("basemap", ["bing"]),
        ("basemap", ["https://t.example/{z}/{x}.png"]),
        ("basemap", ["https://t.example;script-src *;/{z}/{x}/{y}"]),
        ("basemap", ["javascript:{z}{x}{y}"]),
        ("basemap", ["datum=gcj02"]),
        ("basemap", ["osm", "datum=moon"]),
        ("basemap", ["osm", "osm"]),
        ("basemap", ["osm", "max_zoom=99"]),
        ("basemap", ["osm", "max_zoom=" + "1" * 5_000]),
        ("basemap", ["https://{s}/{z}/{x}/{y}"]),
        ("basemap", ["https://{s}:8080/{z}/{x}/{y}"]),
        ("basemap", ["https://{s}{s}.example/{z}/{x}/{y}"]),
        ("basemap", ["https://t.example:80{s}/{z}/{x}/{y}"]),
        ("basemap", ["https://[::1/{z}/{x}/{y}"]),
        ("basemap", ["https://[::1]*/{z}/{x}/{y}"]),
        ("basemap", ["https://t.example/{z}/{x}/{y}?k={key}"]),
        ("basemap", ["https://t.example/{z}/{x}/{y}?{"]),
        ("basemap", ["tianditu"]),
        ("basemap", ["'osm"]),
        ("default_items", "20000"),
    ],
)
def test_what_is_refused(name: str, text: str | list[str]) -> None:
    with pytest.raises(SettingError) as error:
        read_settings({name: text}, {})
    sentence = str(error.value)
    assert name.replace("_", "-") in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 400


def test_a_variable_is_named_as_it_was_written() -> None:
    with pytest.raises(SettingError, match="ZONEATLAS_PORT must be a whole number"):
        read_settings({}, {"ZONEATLAS_PORT": "x"})


def test_options_belong_to_the_basemap_before_them() -> None:
    url = "https://t.example/{z}/{x}/{y}?title=no&datum=x"
    first, second = parse_basemaps(f"'{url}' title='A b' osm max_zoom=12")
    assert (first.url, first.zh, first.max_zoom) == (url, "A b", 18)
    assert (second.id, second.max_zoom) == ("osm", 12)
    assert first.origins == ["https://t.example"]


@pytest.mark.parametrize(
    ("host", "sources"),
    [
        ("t.example:8080", ["t.example:8080"]),
        ("{s}.t.example", ["a.t.example", "b.t.example", "c.t.example"]),
        ("t{s}.example", ["ta.example", "tb.example", "tc.example"]),
        ("127.0.0.1:81", ["127.0.0.1:81"]),
        ("[2001:db8::1]:8080", ["*:8080"]),  # browsers ignore a source in brackets
        ("[::1]", ["*"]),
    ],
)
def test_hosts_of_tiles(host: str, sources: list[str]) -> None:
    [basemap] = parse_basemaps(f"https://{host}/{{z}}/{{x}}/{{y}}{{r}}.png")
    assert basemap.origins == [f"https://{source}" for source in sources]


def test_a_key_goes_to_its_own_service_only() -> None:
    tianditu, own = parse_basemaps("tianditu https://t.example/{z}/{x}/{y}")
    assert tianditu.config({"tianditu": "k1"})["url"].endswith("&tk=k1")
    assert tianditu.config({"tianditu": "k1"})["labels_url"].endswith("&tk=k1")
    assert "k1" not in str(own.config({"tianditu": "k1"}))
