"""A time-stamp over the head: asked of a real time-stamper, and refused when it is not one."""

import http.server
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clientdesk.record.stamping import StampFailed, is_configured, stamp

# No database is asked: once is enough.
pytestmark = pytest.mark.sqlite
CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
signer_cert = {folder}/cert.pem
signer_key = {folder}/key.pem
certs = {folder}/cert.pem
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""
Answer = Callable[[bytes], bytes]


@pytest.fixture
def tsa(tmp_path: Path) -> Path:
    """The key and certificate of a time-stamper, as openssl makes them."""
    (tmp_path / "serial").write_text("01")
    (tmp_path / "tsa.cnf").write_text(CONFIG.format(folder=tmp_path))
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem"),
            "-subj", "/CN=Time",
            "-addext", "extendedKeyUsage=critical,timeStamping",
            "-addext", "basicConstraints=critical,CA:FALSE",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return tmp_path


def signed(tsa: Path, query: bytes) -> bytes:
    (tsa / "query.tsq").write_bytes(query)
    subprocess.run(
        [
            "openssl", "ts", "-reply", "-config", str(tsa / "tsa.cnf"), "-section", "tsa1",
            "-queryfile", str(tsa / "query.tsq"), "-out", str(tsa / "reply.tsr"),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return (tsa / "reply.tsr").read_bytes()


@pytest.fixture
def answers(settings: Any) -> Iterator[list[Answer]]:
    """A server that answers with the last function of the list."""
    given: list[Answer] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = given[-1](self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            return None

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.TIMESTAMPER_URL = f"http://127.0.0.1:{server.server_port}/"
    yield given
    server.shutdown()
    thread.join()
    server.server_close()


def test_openssl_accepts_it(answers: list[Answer], tsa: Path) -> None:
    answers.append(lambda query: signed(tsa, query))
    (tsa / "head.txt").write_bytes(b"the head")
    (tsa / "head.tsr").write_bytes(stamp(b"the head"))
    checked = subprocess.run(
        [
            "openssl", "ts", "-verify", "-data", str(tsa / "head.txt"), "-in",
            str(tsa / "head.tsr"), "-CAfile", str(tsa / "cert.pem"),
        ],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert "Verification: OK" in checked.stdout + checked.stderr


def test_an_answer_about_something_else_is_refused(answers: list[Answer], tsa: Path) -> None:
    old: list[bytes] = []

    def same_again(query: bytes) -> bytes:
        old.append(old[0] if old else signed(tsa, query))
        return old[0]

    answers.append(same_again)
    stamp(b"the head")
    with pytest.raises(StampFailed, match="something else"):
        stamp(b"another head")


@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b"0" * 100_000])
def test_what_is_no_stamp_is_refused(answers: list[Answer], body: bytes) -> None:
    answers.append(lambda query: body)
    with pytest.raises(StampFailed, match="not readable"):
        stamp(b"the head")


def test_nobody_there(settings: Any) -> None:
    settings.TIMESTAMPER_URL = "http://127.0.0.1:9/"
    with pytest.raises(StampFailed, match="not reached"):
        stamp(b"the head")


def test_it_is_optional() -> None:
    assert not is_configured()
