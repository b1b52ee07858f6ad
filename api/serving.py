"""Serving a home: on a port for everyone, or on a private socket for one command."""

import asyncio
import contextlib
import errno
import ipaddress
import socket
import sys
from collections.abc import Callable

import uvicorn

from api.app import create_app, start_failure
from api.logs import configure_logs
from domain.errors import HomeBusy, InvalidInput, LivecueError, PortTaken
from domain.settings import Settings, read_settings
from stores.home import Owner, acquire_home, read_owner

_BACKLOG = 2048


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve on `settings.host:port` until interrupted.

    Raises:
        HomeBusy: another process owns the home.
        InvalidInput: the host can be reached from other machines.
        PortTaken: something else listens there.
    """
    if not _is_loopback(settings.host):
        raise InvalidInput(
            f"LIVECUE_HOST={settings.host} would let other machines in, and there are no API keys "
            "yet to keep strangers out.",
            hint="Serve on 127.0.0.1, and reach it through an SSH tunnel or a reverse proxy that "
            "asks for a password.",
        )
    listener = _bind(settings)
    with listener:
        host, port = listener.getsockname()[:2]
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

        def waiting(owner: Owner | None) -> None:
            doing = f"`{owner.command}` (process {owner.pid})" if owner else "another process"
            announce(f"waiting for {doing} to release {settings.home_path}")

        already = _live_address(settings)
        if already is not None:
            raise HomeBusy(
                f"Livecue already serves {settings.home_path} at {already}.",
                hint="use that one, or point LIVECUE_HOME at another folder",
            )
        lock = acquire_home(
            settings.home_path,
            address=address,
            command="livecue serve",
            wait_seconds=settings.jobs.home_wait_seconds,
            on_wait=waiting,
        )
        with lock:
            announce(f"Livecue at {address}  (home {settings.home_path})")
            app = create_app(settings, lock)
            # What uvicorn would log of errors, the application has logged or raises below.
            server = uvicorn.Server(
                uvicorn.Config(
                    app, log_config=None, log_level="critical", timeout_graceful_shutdown=5
                )
            )
            with contextlib.suppress(SystemExit):  # uvicorn's way to say that it did not start
                asyncio.run(server.serve(sockets=[listener]))
            if not server.started:
                raise start_failure(app)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _live_address(settings: Settings) -> str | None:
    owner = read_owner(settings.home_path)
    return owner.address if owner else None


def _bind(settings: Settings) -> socket.socket:
    listener = socket.socket(
        socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM
    )
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        # From here on a client waits for the application instead of being turned away.
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"{settings.host}:{settings.port} is in use by another program.",
                hint="stop it, or choose another port: LIVECUE_PORT=8766",
            ) from error
        raise PortTaken(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}",
            hint="set LIVECUE_HOST and LIVECUE_PORT to an address of this machine",
        ) from error
    return listener


def main() -> None:
    """`python server.py`: serve with the environment's settings; errors end it with a sentence."""
    settings = read_settings()
    configure_logs(settings)
    try:
        serve(settings, _tell)
    except LivecueError as error:
        _tell(f"livecue: {error.message}\n  {error.hint}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
