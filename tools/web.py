"""Fetching one web page or file by its address, guarded against reaching the own network.

The name is resolved once, every address that it has is checked, and the connection goes to the
address that was checked, so that a name cannot change its meaning in between. Every redirect is
checked like the first address. Cookies and proxies of the environment are not used.
"""

import asyncio
import hashlib
import ipaddress
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

import httpx

from domain.errors import AddressRefused, FetchFailed, InvalidInput, LimitExceeded, LivecueError
from domain.settings import Fetching, Limits
from tools.addresses import Address, is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

USER_AGENT = "Livecue/0.1 (reads product pages that a merchant gives it)"

_LONGEST_URL = 2048
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "text/html": (".html", ".htm", ".xhtml"),
    "application/xhtml+xml": (".html", ".htm", ".xhtml"),
    "text/plain": (".txt", ".md", ".csv", ".tsv", ".log", ".text"),
    "text/markdown": (".md", ".markdown"),
    "text/csv": (".csv",),
    "text/tab-separated-values": (".tsv", ".tab"),
}
_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32
_GZIP_START = b"\x1f"
_SAVE = "Save the page in a browser and add the file."


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered: `file` is its host, path and hashed query, with a kind's suffix."""

    url: str
    file: str
    media_type: str
    data: bytes


async def fetch(
    url: str, *, limits: Limits, fetching: Fetching, resolve: Resolve | None = None
) -> Fetched:
    """The page or file at `url`, redirects followed.

    `resolve` gives the addresses of a host (the system's resolver by default). Errors name the
    address without its query. Raises AddressRefused for what is not asked, FetchFailed,
    LimitExceeded by `limits.fetch_bytes` (unpacked) and `limits.fetch_seconds` (for the whole),
    and InvalidInput for an empty answer.
    """
    target = _parse(url)
    try:
        async with asyncio.timeout(limits.fetch_seconds):
            return await _follow(target, limits, fetching, resolve or _resolve)
    except TimeoutError as error:
        raise LimitExceeded(
            f"{show(target)} did not answer within {limits.fetch_seconds:g} seconds.",
            hint=f"Try again, or raise LIVECUE_LIMITS__FETCH_SECONDS. {_SAVE}",
            details={"url": show(target)},
        ) from error


def show(url: httpx.URL) -> str:
    """An address as errors name it: without query, fragment and user."""
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{_bracketed(url.host)}{port}{url.path}"


async def _follow(
    target: httpx.URL, limits: Limits, fetching: Fetching, resolve: Resolve
) -> Fetched:
    context = httpx.create_ssl_context(trust_env=False)
    for _ in range(fetching.redirects + 1):
        addresses = await _checked(target, fetching, resolve)
        async with httpx.AsyncClient(
            verify=context, trust_env=False, follow_redirects=False, timeout=limits.fetch_seconds
        ) as client:
            response = await _ask(client, target, addresses)
            try:
                if response.status_code not in _REDIRECTS:
                    return await _take(target, response, limits)
                target = _redirected(target, response)
            finally:
                await response.aclose()
    raise FetchFailed(
        f"{show(target)}: there are more than {fetching.redirects} redirects.",
        hint=f"Give the address that they end at. {_SAVE}",
        details={"url": show(target)},
    )


async def _ask(
    client: httpx.AsyncClient, target: httpx.URL, addresses: Sequence[Address]
) -> httpx.Response:
    """The answer's head, from the first of the checked addresses that can be connected to."""
    failed: httpx.HTTPError | None = None
    for address in addresses:
        request = client.build_request(
            "GET",
            target.copy_with(host=str(address), fragment=None),
            headers={
                "host": target.netloc.decode("ascii"),
                "user-agent": USER_AGENT,
                "accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "accept-encoding": "gzip",
            },
            extensions={"sni_hostname": target.raw_host.decode("ascii")},
        )
        try:
            return await client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failed = error
        except httpx.HTTPError as error:
            raise _unreachable(target, error) from error
    raise _unreachable(target, failed) from failed


async def _take(target: httpx.URL, response: httpx.Response, limits: Limits) -> Fetched:
    if not response.is_success:
        raise FetchFailed(
            f"{show(target)} answers with HTTP {response.status_code}.",
            hint=f"Check the address. If it needs a login: {_SAVE[0].lower()}{_SAVE[1:]}",
            details={"url": show(target), "status": response.status_code},
        )
    data = bytearray()
    try:
        async for chunk in _unpacked(response, limits.fetch_bytes, target):
            data += chunk
            if len(data) > limits.fetch_bytes:
                raise _too_large(target, limits.fetch_bytes)
    except httpx.HTTPError as error:
        raise _unreachable(target, error) from error
    if not data:
        raise InvalidInput(
            f"{show(target)} is empty.", hint="Check the address.", details={"url": show(target)}
        )
    media_type = response.headers.get("content-type", "application/octet-stream")
    media_type = media_type.partition(";")[0].strip().lower()
    return Fetched(show(target), _name(target, media_type), media_type, bytes(data))


async def _unpacked(
    response: httpx.Response, limit: int, target: httpx.URL
) -> AsyncIterator[bytes]:
    """The body, unpacked in steps of about `limit` bytes, whatever a bomb would make of it.

    Members of gzip may follow each other (RFC 1952, 2.2); what else follows is not read. Packed
    bytes count too: they may unpack to nothing.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        async for chunk in response.aiter_raw():
            yield chunk
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise _garbled(target, f"the encoding {encoding}")
    unpacking = zlib.decompressobj(wbits=_ZLIB_OR_GZIP)
    received = 0
    try:
        async for chunk in response.aiter_raw():
            received += len(chunk)
            if received > limit:
                raise _too_large(target, limit)
            rest = chunk
            while rest:
                if unpacking.eof:
                    if not rest.startswith(_GZIP_START):
                        return
                    unpacking = zlib.decompressobj(wbits=_ZLIB_OR_GZIP)
                yield unpacking.decompress(rest, limit + 1)
                rest = unpacking.unused_data or unpacking.unconsumed_tail
    except zlib.error as error:
        raise _garbled(target, str(error)) from error
    if not unpacking.eof:
        raise _garbled(target, "it breaks off")


def _parse(text: str) -> httpx.URL:
    text = text.strip()
    if len(text) > _LONGEST_URL:
        raise _refused(
            text.partition("?")[0][:200], f"it is too long, with over {_LONGEST_URL:,} characters"
        )
    try:
        url = httpx.URL(text)
        usable = url.scheme in ("http", "https") and url.host
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise _refused(text.partition("?")[0][:200], "it is no web address") from error
    if not usable:
        raise _refused(text.partition("?")[0][:200], "only http and https addresses are read")
    return url


async def _checked(url: httpx.URL, fetching: Fetching, resolve: Resolve) -> list[Address]:
    """The addresses of the host, all of them such as may be asked."""
    if url.userinfo:
        raise _refused(show(url), "it holds a user name or password")
    port = url.port or (443 if url.scheme == "https" else 80)
    if port not in fetching.ports:
        raise _refused(
            show(url), f"port {port} is not asked", "Allow the port by LIVECUE_FETCHING__PORTS."
        )
    try:
        found = await resolve(url.raw_host.decode("ascii").strip("[]"), port)
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
                raise _refused(
                    show(url),
                    f"{url.host} leads to {address}, which is no public address",
                    "Pages of the own network are read with LIVECUE_FETCHING__ALLOW_PRIVATE=true.",
                )
    return list(dict.fromkeys(addresses))


async def _resolve(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _redirected(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    location = response.headers.get("location", "")
    if not location:
        raise FetchFailed(
            f"{show(url)} redirects to nowhere.", hint=_SAVE, details={"url": show(url)}
        )
    try:
        return _parse(str(url.join(location)))
    except httpx.InvalidURL as error:
        raise _refused(show(url), "it redirects to what is no web address") from error


def _name(url: httpx.URL, media_type: str) -> str:
    path = PurePosixPath(unquote(url.path))
    if not path.name:
        path /= "index"
    if url.query:
        mark = hashlib.sha256(url.query).hexdigest()[:8]
        path = path.with_name(f"{path.stem}-q{mark}{path.suffix}")
    suffixes = _SUFFIXES.get(media_type, ())
    suffix = suffixes[0] if suffixes and path.suffix.lower() not in suffixes else ""
    return f"{url.host}{path}{suffix}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _refused(url: str, why: str, hint: str = "") -> AddressRefused:
    return AddressRefused(
        f"{url} is not fetched: {why}.", hint=f"{hint} {_SAVE}".strip(), details={"url": url}
    )


def _too_large(url: httpx.URL, limit: int) -> LimitExceeded:
    return LimitExceeded(
        f"{show(url)} has more than {limit:,} bytes.",
        hint="Download it and add the file, or raise LIVECUE_LIMITS__FETCH_BYTES.",
        details={"url": show(url)},
    )


def _garbled(url: httpx.URL, why: str) -> LivecueError:
    return FetchFailed(
        f"{show(url)} sends what cannot be unpacked: {why}.", hint=_SAVE, details={"url": show(url)}
    )


def _unreachable(url: httpx.URL, error: Exception | None) -> FetchFailed:
    reason = str(error) or type(error).__name__
    return FetchFailed(
        f"{show(url)} cannot be reached: {reason}.",
        hint=f"Check the address and the network. {_SAVE}",
        details={"url": show(url)},
    )
