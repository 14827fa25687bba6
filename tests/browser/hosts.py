"""Pages of other people on another port of this machine, under a strict policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Host:
    """Serves what is put into `files`; its policy lets in nothing but itself and the map."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[str, str]] = {}
        self.map = ""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, text = host.files.get(self.path, ("", ""))
                body = text.encode()
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", host.policy())
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def policy(self) -> str:
        return (
            f"default-src 'none'; script-src 'self' {self.map}; frame-src {self.map}; "
            f"style-src 'self'; img-src data: {self.map}"
        )

    def page(self, body: str, script: str = "", sheet: str = "") -> str:
        """The address of a page that is longer than any window."""
        self.files["/host.js"] = ("text/javascript", script)
        self.files["/host.css"] = ("text/css", f"main {{ height: 3000px; }} {sheet}")
        self.files["/"] = (
            "text/html; charset=utf-8",
            '<!doctype html><html lang="zh"><title>host</title><link rel="icon" href="data:,">'
            '<meta name="viewport" content="width=device-width">'
            f'<link rel="stylesheet" href="/host.css"><main>{body}</main>'
            '<script src="/host.js" type="module"></script></html>',
        )
        return self.url + "/"


@contextmanager
def hosting() -> Iterator[Host]:
    host = Host()
    thread = Thread(target=host.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.server.shutdown()
        host.server.server_close()
        thread.join()
