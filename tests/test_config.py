"""An operator writes one file; what is wrong with it is said in one sentence that names the place."""

import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.config import RELOADABLE, Config, ConfigError, File, Limits, Listen, Operator, Secret, load, places, reload
from hubbub.config.endpoint import Endpoint, parse

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "hubbub.example.toml"
CANARY = "hunter2-canary"


def written(directory: Path, text: str) -> Path:
    file = directory / "hubbub.toml"
    file.write_text(text, encoding="utf-8")
    return file


def complaint(directory: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(written(directory, text))
    return str(caught.value)


# --- defaults and the example -------------------------------------------------------------------------------------


def test_a_server_needs_no_file() -> None:
    config = load()
    assert config == Config()
    assert [listen.url for listen in config.listen] == ["irc://127.0.0.1:6667"]


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert load(written(tmp_path, "")) == load()


def test_the_example_as_it_stands_changes_nothing() -> None:
    assert load(EXAMPLE) == load()


def uncommented() -> str:
    return re.sub(r"(?m)^#(?=\S)", "", EXAMPLE.read_text(encoding="utf-8"))


def test_the_example_uncommented_is_the_defaults(tmp_path: Path) -> None:
    assert load(written(tmp_path, uncommented())) == load()


def keys(kind: Any, prefix: str = "") -> set[str]:
    """Every dotted key of a tree of settings, arrays of tables included."""
    found = set()
    for name, hint in get_type_hints(kind).items():
        found.add(f"{prefix}{name}")
        for inner in (hint, *get_args(hint)):
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                found |= keys(inner, f"{prefix}{name}.")
    return found


def keys_written(text: str) -> set[str]:
    """Every dotted key a file names, those in its indented examples included."""
    found, table = set(), ""
    for line in text.splitlines():
        if header := re.match(r"(?:#? *)\[\[?(\w+)\]\]?$", line):
            table = f"{header[1]}."
            found.add(header[1])
        elif key := re.match(r"(?:#? *)(\w+) = ", line):
            found.add(table + key[1])
    return found


def test_the_example_names_every_key() -> None:
    assert keys_written(uncommented()) == keys(Config)


def test_the_examples_operator_can_be_used(tmp_path: Path) -> None:
    lines = [line[4:] for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line.startswith("#   ")]
    assert [operator.name for operator in load(written(tmp_path, "\n".join(lines))).operator] == ["maya"]


# --- what a file may say ------------------------------------------------------------------------------------------


def test_paths_start_at_the_files_directory(tmp_path: Path) -> None:
    config = load(written(tmp_path, 'data = "store"\n[tls]\ncert = "a.pem"\nkey = "/keys/a.pem"'))
    assert config.data == str(tmp_path / "store")
    assert (config.tls.cert, config.tls.key) == (str(tmp_path / "a.pem"), "/keys/a.pem")


def test_the_motd_is_a_text_an_array_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "motd").write_text("Hello,\nall.\n", encoding="utf-8")
    for said in ('motd = "Hello,\\nall."', 'motd = ["Hello,", "all."]', 'motd_file = "motd"'):
        assert load(written(tmp_path, said)).motd_lines == ("Hello,", "all.")


def test_a_motd_line_cannot_break_out_of_its_line() -> None:
    assert Config(motd=("one\r\nQUIT", "two\0")).motd_lines == ("one  QUIT", "two ")


def test_what_the_command_line_says_wins(tmp_path: Path) -> None:
    file = written(tmp_path, "[limits]\nflood = true\ntargets = 7")
    limits = load(file, {"limits.flood": False, "name": "Maya's place"}).limits
    assert (limits.flood, limits.targets) == (False, 7)


def test_each_listener_says_where_it_is() -> None:
    assert Listen(url="ircs://[::1]:6697").endpoint == Endpoint("ircs", "::1", 6697)


# --- what is wrong, and where -------------------------------------------------------------------------------------

WRONG = {
    '[[listen]]\nurl = "irc://127.0.0.1:1"\n[[listen]]\nurl = "irsc://127.0.0.1:2"': (
        "hubbub.toml: listen[1].url: unknown scheme 'irsc'; did you mean 'ircs'?"
    ),
    '[limits]\nsendq_bytes = "big"': 'hubbub.toml: limits.sendq_bytes: expected an integer of at least 4096, got "big"',
    "[limits]\nsendq_bytes = 1": "hubbub.toml: limits.sendq_bytes: expected an integer of at least 4096, got 1",
    "[limits]\nnick_length = 65": "hubbub.toml: limits.nick_length: expected an integer from 1 to 64, got 65",
    "[limits]\nflood = 1": "hubbub.toml: limits.flood: expected true or false, got 1",
    "[limits]\nsendq = 5000": "hubbub.toml: limits.sendq: unknown key; did you mean 'sendq_bytes'?",
    "[limts]": "hubbub.toml: limts: unknown key; did you mean 'limits'?",
    "[history]\nxyz = 1": "hubbub.toml: history.xyz: unknown key; known are page, backlog, retention_days",
    "limits = 3": "hubbub.toml: limits: expected a table, got a value of another type",
    'listen = ["irc://127.0.0.1:6667"]': (
        "hubbub.toml: listen[0]: expected a table, got a value of another type; "
        'write a line [[listen]] and below it url = "…", for each'
    ),
    "listen = []": "hubbub.toml: listen: expected at least one listener; leave the key out for irc://127.0.0.1:6667",
    "[[listen]]\nproxy = true": "hubbub.toml: listen[0].url: missing: expected a string",
    "motd = 3": "hubbub.toml: motd: expected a string or an array of strings, got 3",
    'motd = ["a", 3]': "hubbub.toml: motd[1]: expected a string, got 3",
    'motd = "a"\nmotd_file = "b"': "hubbub.toml: motd_file: expected motd or motd_file, got both",
    'name = ""': 'hubbub.toml: name: expected a string that is not empty, got ""',
    'name = "a\\nb"': "hubbub.toml: name: expected one line without control characters",
    'server_name = "maya"': (
        "hubbub.toml: server_name: expected a host name with a dot as chat.example.org, got 'maya'"
    ),
    '[log]\nlevel = "inof"': (
        'hubbub.toml: log.level: expected one of "debug", "error", "info", "warning", got "inof"; '
        "did you mean 'info'?"
    ),
    '[proxy]\ntrusted = ["::1/128", "10.0.0.1/8"]': (
        "hubbub.toml: proxy.trusted[1]: expected a network as 10.0.0.0/8 or fd00::/8, got '10.0.0.1/8'; "
        "did you mean '10.0.0.0/8'?"
    ),
    '[tls]\ncert = "a.pem"': (
        "hubbub.toml: tls.key: expected a path, since cert is set: a certificate and its key go together"
    ),
    '[[listen]]\nurl = "ssh://127.0.0.1:1"\nproxy = true': (
        "hubbub.toml: listen[0].proxy: no ssh:// listener takes a PROXY header, and url is 'ssh://127.0.0.1:1'"
    ),
    '[[listen]]\nurl = "irc://127.0.0.1:1"\ntls_cert = "a"\ntls_key = "b"': (
        "hubbub.toml: listen[0].tls_cert: only ircs://, wss:// and https:// listeners have a certificate, "
        "and url is 'irc://127.0.0.1:1'"
    ),
    '[[operator]]\nname = "maya m"\npassword = "x"': ("hubbub.toml: operator[0].name: expected one word, got 'maya m'"),
    '[[operator]]\nname = "maya"\npassword = ""': (
        "hubbub.toml: operator[0].password: expected a password or its argon2 hash, got an empty one"
    ),
    '[[operator]]\nname = "maya"\npassword = "x"\nreads_rooms = true': (
        'hubbub.toml: operator[0].reads_rooms: expected role = "owner" beside it, got "admin"'
    ),
    '[[operator]]\nname = "maya"\npassword = "x"\n[[operator]]\nname = "maya"\npassword = "y"': (
        "hubbub.toml: operator: expected a name of its own for each [[operator]], got one twice"
    ),
    '[[webirc]]\npassword = "x"\naddresses = ["unix", "10.0.0.1/8"]': (
        "hubbub.toml: webirc[0].addresses[1]: expected a network as 10.0.0.0/8 or fd00::/8, got '10.0.0.1/8'; "
        "did you mean '10.0.0.0/8'?"
    ),
    '[[webirc]]\npassword = ""': (
        "hubbub.toml: webirc[0].password: expected a password or its argon2 hash, got an empty one"
    ),
    '[push]\nsubject = "maya"': (
        "hubbub.toml: push.subject: expected an address as mailto:chat@example.org, got 'maya'"
    ),
    "[sts]\nport = 6697\npreload = true": (
        "hubbub.toml: sts.preload: expected a duration beside it, got 0: a list of hosts is for those that stay"
    ),
    '[web]\norigins = ["https://chat.example.org", "https://example.org/chat"]': (
        "hubbub.toml: web.origins[1]: expected an origin as https://chat.example.org, without a path, "
        "got 'https://example.org/chat'"
    ),
    '[web]\norigins = ["*"]': (
        "hubbub.toml: web.origins[0]: expected an origin as https://chat.example.org, without a path, got '*'"
    ),
    '[web]\nhosts = ["nas.fritz.box", "nas.fritz.box:8080"]': (
        "hubbub.toml: web.hosts[1]: expected a host name as chat.example.org, got 'nas.fritz.box:8080'"
    ),
    "[web]\nmax_message_bytes = 512": (
        "hubbub.toml: web.max_message_bytes: expected an integer from 8703 to 1048576, got 512"
    ),
    'icon_url = "icon.svg"': (
        "hubbub.toml: icon_url: expected a URL as https://example.org/icon.svg of up to 250 characters, got 'icon.svg'"
    ),
    'admin = ["a", "b", "c", "d"]': "hubbub.toml: admin: expected up to 3 lines, got 4",
    "name = hubbub": "hubbub.toml: line 1, column 8: not TOML: Invalid value",
    "[log]\nfile = 3": "hubbub.toml: log.file: expected a string, got 3",
    "name = 2026-11-20": "hubbub.toml: name: expected a string that is not empty, got 2026-11-20",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_one_sentence_with_its_place(tmp_path: Path, text: str) -> None:
    assert complaint(tmp_path, text) == WRONG[text]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^nowhere.toml: cannot be read \(No such file or directory\); check"):
        load(tmp_path / "nowhere.toml")


def test_a_file_that_is_not_there_is_named_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is in another directory than they think sees which."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=f"check the path {re.escape(str(tmp_path))}/hubbub.toml$"):
        load(Path("hubbub.toml"))


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hubbub.toml").write_bytes(b'name = "caf\xe9"')
    with pytest.raises(ConfigError, match=r"^hubbub.toml: expected UTF-8, got byte 0xe9$"):
        load(tmp_path / "hubbub.toml")


def test_a_motd_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert complaint(tmp_path, 'motd_file = "motd"').startswith("hubbub.toml: motd_file: cannot be read (No such file")


def test_a_mistake_on_the_command_line_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^command line: limits.targets: expected an integer of at least 1, got 0$"):
        load(written(tmp_path, 'name = "hubbub"'), {"limits.targets": 0})


# --- endpoints ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("irc://127.0.0.1:6667", Endpoint("irc", "127.0.0.1", 6667)),
        ("irc://[::1]:0", Endpoint("irc", "::1", 0)),
        ("irc://[fe80::1%eth0]:1", Endpoint("irc", "fe80::1%eth0", 1)),
        ("irc://localhost", Endpoint("irc", "localhost", 6667)),
        ("ircs://chat.example.org/", Endpoint("ircs", "chat.example.org", 6697)),
        ("ws://[::1]:8097", Endpoint("ws", "::1", 8097)),
        ("ws://localhost", Endpoint("ws", "localhost", 80)),
        ("wss://chat.example.org", Endpoint("wss", "chat.example.org", 443)),
        ("unix:/run/hubbub.sock", Endpoint("unix", path="/run/hubbub.sock")),
        ("nick://127.0.0.1", Endpoint("nick", "127.0.0.1", 55555, room="#lobby")),
        ("plain://127.0.0.1:0/?room=%23den", Endpoint("plain", "127.0.0.1", 0, room="#den")),
        ("ssh://[::]?room=den", Endpoint("ssh", "::", 2222, room="#den")),
        ("ssh://[::]/?room=den&face=plain", Endpoint("ssh", "::", 2222, room="#den", face="plain")),
    ],
)
def test_a_url_names_a_place(url: str, endpoint: Endpoint) -> None:
    assert parse(url) == endpoint


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("6667", "expected irc://HOST:PORT"),
        ("unix:", "expected irc://HOST:PORT"),
        ("gopher://127.0.0.1:70", "unknown scheme 'gopher'; expected irc://"),
        ("irc://::1:6667", r"\[…\] around an IPv6 address"),
        ("irc://maya@localhost:6667", "expected irc://HOST:PORT"),
        ("irc://:6667", "expected a host: 127.0.0.1 for this machine alone"),
        ("irc://127.0.0.1:66666", "expected a port from 0 to 65535, got 66666"),
        ("irc://127.0.0.1:6667/?room=den", "expected irc://HOST:PORT and no more"),
        ("raw://127.0.0.1/?rom=den", r"expected \?room=NAME, got '\?rom=den'"),
        ("raw://127.0.0.1/?face=plain", r"expected \?room=NAME, got '\?face=plain'"),
        ("ssh://127.0.0.1/?face=round", r"expected \?room=NAME or \?face=plain, got '\?face=round'"),
        ("ssh://127.0.0.1/?room=den&room=lab", r"expected \?room=NAME or \?face=plain"),
        ("raw://127.0.0.1/?room=%23", r"expected \?room=NAME"),
        ("raw://127.0.0.1/?room=two%20words", r"expected \?room=NAME"),
    ],
)
def test_a_url_that_names_none_is_refused(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(url)


@given(
    st.sampled_from(("irc", "ircs", "ws", "wss")),
    st.ip_addresses().map(str) | st.just("localhost"),
    st.integers(0, 65535),
)
def test_an_endpoints_url_reads_back(scheme: str, host: str, port: int) -> None:
    endpoint = Endpoint(scheme, host, port)
    assert parse(endpoint.url) == endpoint


@pytest.mark.parametrize("room", ["#lobby", "#den", "##", "#café&?=%/#"])
def test_where_a_door_leads_reads_back(room: str) -> None:
    endpoint = Endpoint("getname", "127.0.0.1", 5051, room=room)
    assert parse(endpoint.url) == endpoint


@given(st.text())
def test_any_other_text_is_refused_with_a_sentence(text: str) -> None:
    try:
        parse(text)
    except ValueError as problem:
        assert str(problem)  # noqa: PT017 - what hypothesis finds may also be fine


# --- secrets ------------------------------------------------------------------------------------------------------


def test_a_secret_shows_three_stars() -> None:
    config = Config(password=Secret(CANARY), operator=(Operator(name="maya", password=Secret(CANARY)),))
    for shown in (repr(config), str(config), f"{config.password:>40}", f"{config.password!r}", "%s" % config.password):  # noqa: UP031
        assert "***" in shown
        assert CANARY not in shown


def test_a_secret_is_revealed_to_who_asks() -> None:
    assert Secret(CANARY).reveal() == CANARY
    assert Secret(CANARY) == Secret(CANARY) != Secret("")
    assert not Secret("")


@pytest.mark.parametrize(
    "text",
    [
        f'[[operator]]\nname = "maya"\npasword = "{CANARY}"',
        f'operator = "{CANARY}"',
        f'operator = ["{CANARY}"]',
        f'password = ["{CANARY}"]',
        f'password = "{CANARY}',
        f'password = "{CANARY}" x',
        f'password = "{CANARY}"\nname = 3',
    ],
)
def test_a_complaint_shows_no_secret(tmp_path: Path, text: str) -> None:
    assert CANARY not in complaint(tmp_path, text)


def test_a_number_as_a_password_is_not_shown_either(tmp_path: Path) -> None:
    assert "123456" not in complaint(tmp_path, "password = 123456")


# --- the machine --------------------------------------------------------------------------------------------------


def test_a_host_without_a_dot_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    for host, name in {
        "Maya-PC": "maya-pc.local",
        "irc.example.org": "irc.example.org",
        "käse": "hubbub.local",
    }.items():
        monkeypatch.setattr("socket.gethostname", lambda host=host: host)
        assert Config().server_name == name


def test_the_data_directory_follows_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Config().data == str(tmp_path / "hubbub")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert places.data_directory() == str(tmp_path / ".local" / "share" / "hubbub")


def test_the_data_directory_is_the_platforms_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    monkeypatch.setattr("sys.platform", "darwin")
    assert places.data_directory() == str(tmp_path / "Library" / "Application Support" / "hubbub")
    monkeypatch.setattr("sys.platform", "win32")
    assert places.data_directory() == str(tmp_path / "Roaming" / "hubbub")


# --- reloading ----------------------------------------------------------------------------------------------------


def test_every_key_says_whether_a_reload_takes_it() -> None:
    assert set(RELOADABLE) == set(Config.__struct_fields__)


def test_a_reload_takes_what_may_change_and_names_what_waits() -> None:
    old = Config(data=File("/srv/a"))
    new = Config(data=File("/srv/b"), name="other", limits=Limits(targets=9))
    after, waiting = reload(old, new)
    assert (after.data, after.name, after.limits.targets) == ("/srv/a", "hubbub", 9)
    assert waiting == ("name", "data")


def test_a_reload_of_the_same_file_changes_nothing() -> None:
    assert reload(load(), load()) == (load(), ())
