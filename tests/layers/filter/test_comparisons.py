"""Classes basic-cql2, advanced-comparison-operators and property-property: what matches what."""

import pytest

from tests.layers.filter.places import IDS, Places

ALL = " ".join(IDS)
NAMED = " ".join(IDS[:-1])
COUNTED = "koben kiev suva apia berlin bern street shanghai yoshi aquila izmir"
DATED = "koben kiev suva"

BASIC = [
    ("true", ALL),
    ("FALSE", ""),
    ("name = 'København'", "koben"),
    ("name > 'København'", "suva apia street shanghai yoshi aquila izmir field river strait"),
    ("name >= 'København'",
     "koben suva apia street shanghai yoshi aquila izmir field river strait"),
    ("name < 'København'", "kiev berlin bern"),
    ("name <= 'København'", "koben kiev berlin bern"),
    ("name <> 'København'", NAMED.replace("koben ", "")),
    ("name = 'københavn'", ""),
    ("name > '\uffff'", "yoshi"),  # by code points; UTF-16 would put it before
    ("name = 'L''Aquila_\\\\'", "aquila"),
    ("name = 'L\\'Aquila_\\\\'", "aquila"),
    ("pop = 1038288", "koben"),
    ("pop > 1038288", "kiev berlin shanghai izmir"),
    ("pop <= 1038288", "koben suva apia bern street yoshi aquila"),
    ("pop <> 1038288", COUNTED.replace("koben ", "")),
    ("pop = 9007199254740993", "izmir"),
    ("pop = 9007199254740992", ""),
    ("pop = -7", "aquila"),
    ("pop = 5.0", "street"),
    ("pop < 5.5e0 AND pop > .5", "street"),
    ("area = 86.4", "koben"),
    ("area = 839", "kiev"),
    ("area < 0", "bern"),
    ("open = true", "koben kiev"),
    ("open = false", "suva"),
    ("open <> TRUE", "suva"),
    ("open < true", "suva"),
    ("open", "koben kiev"),
    ("NOT open", "suva"),
    ("open AND pop > 2000000", "kiev"),
    ("\"date\" = DATE('2022-04-16')", "koben"),
    ("date > DATE('2022-04-16')", "suva"),
    ("\"date\" <> DATE('2022-04-16')", "kiev suva"),
    ("start = TIMESTAMP('2022-04-16T10:13:19Z')", "koben"),
    ("start = TIMESTAMP('2022-04-16T10:13:19.0004Z')", "koben"),  # to the millisecond
    ("start >= TIMESTAMP('2022-04-16T10:13:19Z')", "koben suva"),
    ("start < TIMESTAMP('2022-04-16T10:13:19.001Z')", "koben kiev"),
    ("start <> TIMESTAMP('2022-04-16T10:13:19Z')", "kiev suva"),
    ("id = 'bern'", "bern"),
    ("\"Geom\" IS NULL", ALL),
    ("\"q\"\"'`]\" IS NULL", ALL),
]  # fmt: skip

NULLS = [
    ("name IS NULL", "lost"),
    ("name is not null", NAMED),
    ("pop IS NULL", "field river strait lost"),
    ("open IS NULL", " ".join(one for one in IDS if one not in DATED.split())),
    ("geometry IS NULL", "lost"),
    ("geometry IS NOT NULL", NAMED),
    ("tags IS NOT NULL", "koben kiev suva apia"),
    ("start IS NOT NULL", DATED),
    ("(pop = 5) IS NULL", "field river strait lost"),
    ("(NOT pop = 5) IS NOT NULL", COUNTED),
    ("pop + area IS NULL", "yoshi field river strait lost"),
    ("CASEI(name) IS NULL", "lost"),
    ("INTERVAL(start, '..') IS NULL", " ".join(one for one in IDS if one not in DATED.split())),
    ("S_INTERSECTS(geometry, POINT(0 0)) IS NULL", "lost"),
    ("POINT(1 2) IS NULL", ""),
    ("1 IS NULL OR 'a' IS NULL OR DATE('2020-01-01') IS NULL OR true IS NULL", ""),
    # unknown stays unknown under NOT, AND and OR
    ("NOT name = 'Kiev'", NAMED.replace("kiev ", "")),
    ("NOT (pop > 5 AND open)", "suva street yoshi aquila"),
    ("NOT (pop > 5 OR open)", ""),
    ("pop > 5 OR open IS NULL", ALL),
    ("open AND false", ""),
    ("NOT (open AND false)", ALL),
    ("open OR true", ALL),
    ("NOT (NOT open)", "koben kiev"),
    ("pop = 5 IS NULL", "field river strait lost"),
    ("NOT pop = 5 IS NULL AND open", "koben kiev"),
]

ADVANCED = [
    ("name LIKE 'Ber%'", "berlin bern"),
    ("name LIKE 'B_r%'", "berlin bern"),
    (
        "name NOT LIKE 'B_r%'",
        "koben kiev suva apia street shanghai yoshi aquila izmir field river strait",
    ),
    ("name LIKE 'ber%'", ""),
    ("name LIKE '__'", "shanghai yoshi"),  # two characters, of 6 and 7 bytes
    ("name LIKE '_野'", "yoshi"),
    ("name LIKE '%'", NAMED),
    ("name LIKE '%%'", NAMED),
    ("name LIKE '_%'", NAMED),
    ("name LIKE ''", ""),
    ("name LIKE '%\\%'", "street"),
    ("name LIKE '%\\_%'", "aquila"),
    ("name LIKE '%\\\\\\\\'", "aquila"),
    ("name LIKE '%\\%\\_'", ""),
    ("name LIKE '%e%l%n'", "berlin"),
    ("name LIKE '[B]ern' OR name LIKE 'Ber?' OR name LIKE '*'", ""),
    ("'København' LIKE 'K_benhavn'", ALL),
    ("'København' NOT LIKE 'K_benhavn'", ""),
    ("pop BETWEEN 61916 AND 275329", "suva apia bern"),
    ("pop BETWEEN 275329 AND 61916", ""),
    ("pop NOT BETWEEN 275329 AND 61916", COUNTED),
    ("pop NOT BETWEEN 0 AND 3000000", "berlin shanghai aquila izmir"),
    ("area between 100.0 and 1.0", ""),
    ("pop BETWEEN pop AND pop + 1 AND NOT false", COUNTED),
    ("name BETWEEN 'Ber' AND 'L'", "koben kiev berlin bern"),
    ("date BETWEEN DATE('2022-01-01') AND DATE('2022-12-31')", "koben suva"),
    ("name IN ('Kiev', 'kobenhavn', 'Berlin', 'athens', 'foo')", "kiev berlin"),
    (
        "name NOT IN ('Kiev', 'Berlin')",
        "koben suva apia bern street shanghai yoshi aquila izmir field river strait",
    ),
    ("pop IN (5, 0, 1038288.0)", "koben street yoshi"),
    ("pop IN (5, area)", "street"),
    ("pop NOT IN (5, area)", "koben kiev suva apia berlin bern shanghai aquila izmir"),
    ("open IN (true)", "koben kiev"),
    ("open NOT IN (false)", "koben kiev"),
    ("\"date\" IN (DATE('2021-04-16'), DATE('2022-04-16'))", "koben kiev"),
    ("\"date\" NOT IN (DATE('2021-04-16'), DATE('2022-04-16'))", "suva"),
    ("\"date\" IN ('2021-04-16', '2022-04-15')", "kiev"),
    ("start IN (TIMESTAMP('2022-04-16T10:13:19Z'))", "koben"),
    ("start IN ('2022-04-14T14:52:56Z', '2022-04-16T10:15:10Z')", "suva"),
    ("start IN ('2021-04-16', '2022-04-16T10:15:10Z')", "kiev suva"),
    ("start NOT IN (TIMESTAMP('2022-04-16T10:13:19Z'))", "kiev suva"),
]

BOTH_SIDES = [
    ("'København' = name", "koben"),
    ("'København' > name", "kiev berlin bern"),
    ("1038288 < pop", "kiev berlin shanghai izmir"),
    ("true = open", "koben kiev"),
    ("TIMESTAMP('2022-04-16T10:13:19Z') >= start", "koben kiev"),
    ("DATE('2022-04-16') < \"date\"", "suva"),
    ("name = plain", "kiev suva berlin bern field river strait"),
    ("name > plain", "koben apia street shanghai yoshi aquila izmir"),
    ("name < plain", ""),
    ("name <> name", ""),
    ('start < "end"', DATED),
    ('start >= "end"', ""),
    ("'a' = 'a' AND 1 < 2 AND NOT DATE('2020-01-01') <> DATE('2020-01-01')", ALL),
    ("true > false", ALL),
    ("3.14 = 3.14 AND TIMESTAMP('2022-04-14T14:48:46Z') = TIMESTAMP('2022-04-14T14:48:46Z')", ALL),
]


@pytest.mark.parametrize(("filter", "expected"), [*BASIC, *NULLS, *ADVANCED, *BOTH_SIDES])
def test_a_filter_selects(places: Places, filter: str, expected: str) -> None:
    assert places.ask(filter) == expected.split()


def test_every_combination_of_truths(places: Places) -> None:
    """`open` is true, false and unknown for some; so are the combinations of clause 6.2."""
    unknown = [one for one in IDS if one not in DATED.split()]
    assert places.ask("open OR NOT open") == DATED.split()
    assert places.ask("(open AND NOT open) IS NULL") == unknown
    assert places.ask("(open AND true) IS NULL") == unknown
    assert places.ask("(open AND false) IS NULL") == []
    assert places.ask("(open OR false) IS NULL") == unknown
    assert places.ask("(open OR true) IS NULL") == []
    assert places.ask("(NOT open) IS NULL") == unknown
