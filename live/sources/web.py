"""Bytes of a web address, guarded like `tools.web`: each address is checked, then connected to.

Playlists and redirects may name any host; every one goes through here. A read that waits ends at
once when another thread calls `GuardedWeb.interrupt`.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import NoReturn

import httpx

from domain.errors import AddressRefused, FetchFailed, LivecueError
from domain.settings import Fetching
from tools.addresses import is_public

Resolve = Callable[[str, int], Sequence[str]]

USER_AGENT = "Livecue/0.1 (watches a broadcast)"
LONGEST_URL = 4096
LONGEST_PLAYLIST = 4 << 20

_PLAYLIST = b"#EXTM3U"
_REDIRECTS = frozenset([301, 302, 303, 307, 308])


class WebBytes:
    """The body of one answer; `head` is its beginning, which `read` gives too."""

    def __init__(
        self, url: str, connection: socket.socket, answer: http.client.HTTPResponse
    ) -> None:
        self.url = url
        self._socket = connection
        self._answer = answer
        self.failure: LivecueError | None = None
        try:
            self.head = answer.read(len(_PLAYLIST))
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise _unreachable(httpx.URL(url), error) from error
        self._pending = self.head
        self._most = LONGEST_PLAYLIST if self.is_playlist else None

    @property
    def is_playlist(self) -> bool:
        """Whether it begins as an HLS playlist (RFC 8216, 4.3.1.1)."""
        return self.head.startswith(_PLAYLIST)

    @property
    def endless(self) -> bool:
        """Whether the server does not say how long it is."""
        return self._answer.length is None

    def read(self, size: int) -> bytes:
        """At most `size` bytes, as they come; none at the end, of which `failure` may tell why."""
        if self.failure is None:
            try:
                return self._read(size)
            except LivecueError as error:
                self.failure = error
        return b""

    def interrupt(self) -> None:
        """Ends a read that waits in another thread."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # not the method of TLS

    def close(self) -> None:
        """Gives up the connection."""
        self._answer.close()
        self._socket.close()

    def _read(self, size: int) -> bytes:
        if self._pending:
            data, self._pending = self._pending[:size], self._pending[size:]
        else:
            try:
                data = self._answer.read1(size)
            except (OSError, ValueError, http.client.HTTPException) as error:
                raise _unreachable(httpx.URL(self.url), error) from error
        if self._most is not None:
            self._most -= len(data)
            if self._most < 0:
                _refuse(httpx.URL(self.url), f"its playlist has over {LONGEST_PLAYLIST:,} bytes")
        return data


class GuardedWeb:
    """Opens addresses for one source; `resolve` gives the addresses of a host."""

    def __init__(
        self,
        fetching: Fetching,
        *,
        open_seconds: float,
        read_seconds: float,
        resolve: Resolve | None = None,
    ) -> None:
        self._fetching = fetching
        self._open_seconds = open_seconds
        self._read_seconds = read_seconds
        self._resolve = resolve or _resolve
        self._tls: ssl.SSLContext | None = None
        self._open: list[WebBytes] = []
        self._interrupted = False

    def open(self, url: str) -> WebBytes:
        """The body at `url`, redirects followed.

        Raises AddressRefused for what is not asked, FetchFailed for what does not answer.
        """
        target = parse_url(url)
        for _ in range(self._fetching.redirects + 1):
            if self._interrupted:
                raise _unreachable(target, None)
            connection, answer = self._ask(target)
            if answer.status in _REDIRECTS:
                answer.close()
                connection.close()
                target = _redirected(target, answer.getheader("location") or "")
            elif answer.status == http.client.OK:
                body = WebBytes(str(target), connection, answer)
                self._open = [*self._open[-7:], body]  # HLS holds a few at once
                return body
            else:
                answer.close()
                connection.close()
                raise FetchFailed(
                    f"{show(target)} answers with HTTP {answer.status}.",
                    hint="Check the address, and that the broadcast is on air.",
                    details={"url": show(target), "status": answer.status},
                )
        raise FetchFailed(
            f"{show(target)}: there are more than {self._fetching.redirects} redirects.",
            hint="Give the address that they end at.",
            details={"url": show(target)},
        )

    def interrupt(self) -> None:
        """Ends what is open and refuses what follows; from any thread."""
        self._interrupted = True
        for body in self._open:
            body.interrupt()

    def _ask(self, target: httpx.URL) -> tuple[socket.socket, http.client.HTTPResponse]:
        port = target.port or (443 if target.scheme == "https" else 80)
        failed: OSError | None = None
        for address in check_url(target, self._fetching, self._resolve):
            try:
                connection = socket.create_connection((address, port), self._open_seconds)
            except OSError as error:
                failed = error
                continue
            try:
                return self._talk(connection, target)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                raise _unreachable(target, error) from error
        raise _unreachable(target, failed) from failed

    def _talk(
        self, connection: socket.socket, target: httpx.URL
    ) -> tuple[socket.socket, http.client.HTTPResponse]:
        if target.scheme == "https":
            self._tls = self._tls or httpx.create_ssl_context(trust_env=False)
            connection = self._tls.wrap_socket(
                connection, server_hostname=target.raw_host.decode("ascii").strip("[]")
            )
        connection.settimeout(self._read_seconds)
        asking = http.client.HTTPConnection(target.host)
        asking.sock = connection
        asking.putrequest("GET", target.raw_path.decode("ascii"), skip_host=True)
        asking.putheader("Host", target.netloc.decode("ascii"))
        asking.putheader("User-Agent", USER_AGENT)
        asking.putheader("Accept", "*/*")
        asking.putheader("Connection", "close")
        asking.endheaders()
        return connection, asking.getresponse()


def parse_url(text: str) -> httpx.URL:
    """The web address `text`; raises AddressRefused where it is none."""
    shown = text.partition("?")[0][:200]
    try:
        url = httpx.URL(text)
        usable = url.scheme in ("http", "https") and url.host and len(text) <= LONGEST_URL
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise AddressRefused(
            f"{shown} is no web address.", hint="Check the address.", details={"url": shown}
        ) from error
    if not usable:
        raise AddressRefused(
            f"{shown} is not asked: only http and https addresses are, up to {LONGEST_URL:,} "
            "characters long.",
            hint="Give the http or https address of the stream.",
            details={"url": shown},
        )
    return url


def check_url(url: httpx.URL, fetching: Fetching, resolve: Resolve) -> list[str]:
    """The addresses of the host, all of them such as may be asked; raises AddressRefused."""
    if url.userinfo:
        _refuse(url, "it holds a user name or password")
    port = url.port or (443 if url.scheme == "https" else 80)
    if port not in fetching.ports:
        _refuse(url, f"port {port} is not asked", "Allow the port by LIVECUE_FETCHING__PORTS.")
    try:
        found = resolve(url.raw_host.decode("ascii").strip("[]"), port)
        addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
    except (OSError, UnicodeError, ValueError) as error:
        raise FetchFailed(
            f"{show(url)}: the host {url.host} is not known.",
            hint="Check the address and the network.",
            details={"url": show(url)},
        ) from error
    if not fetching.allow_private:
        for address in addresses:
            if not is_public(address):
                _refuse(
                    url,
                    f"{url.host} leads to {address}, which is no public address",
                    "Streams of the own network are read with "
                    "LIVECUE_FETCHING__ALLOW_PRIVATE=true.",
                )
    return [str(address) for address in dict.fromkeys(addresses)]


def show(url: httpx.URL) -> str:
    """An address as people see it: without query, fragment and user."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}{f':{url.port}' if url.port else ''}{url.path}"


def _resolve(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _redirected(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return parse_url(str(url.join(location)))
    except httpx.InvalidURL:
        _refuse(url, "it redirects to what is no web address")


def _refuse(url: httpx.URL, why: str, hint: str = "Check the address.") -> NoReturn:
    shown = show(url)
    raise AddressRefused(f"{shown} is not asked: {why}.", hint=hint, details={"url": shown})


def _unreachable(url: httpx.URL, error: Exception | None) -> FetchFailed:
    reason = "it was closed" if error is None else str(error) or type(error).__name__
    return FetchFailed(
        f"{show(url)} cannot be read: {reason}.",
        hint="Check the address, the network, and that the broadcast is on air.",
        details={"url": show(url)},
    )
