"""`make run`: from a checkout to a running site.

Installs what is missing, brings the database up to date, loads the vocabularies and, into an empty database, the
demonstration content; then runs the web server until Ctrl-C and publishes what is scheduled once a minute.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from typing import Any

import environment

PASSWORD_FILE = environment.ROOT / "var" / "development-password"
USER_NAME = "admin"
SECONDS_BETWEEN_PUBLICATIONS = 60
SECONDS_TO_STOP = 5


def main() -> None:
    environment.enter("base")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    import catalogues
    import django

    catalogues.compile_changed()
    django.setup()
    port = os.environ.get("PORT", "8000")
    refuse_taken(port)
    prepare(port)
    serve(port, password=development_password())


def refuse_taken(port: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except (OSError, OverflowError, ValueError):
            sys.exit(f"Port {port} is taken or is no port. Choose another: make run PORT=8001")


def prepare(port: str) -> None:
    """Migrate, load the vocabularies, and the demonstration content where there is no home page yet."""
    from django.core.management import call_command
    from wagtail.models import Site

    from home.models import HomePage

    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_vocabularies", verbosity=0)
    if not HomePage.objects.exists():
        print("Loading the demonstration content: a minute or two, once", flush=True)
        call_command("demo")
    # Absolute addresses (feeds, canonical links) follow the port of this start.
    Site.objects.filter(is_default_site=True, hostname="127.0.0.1").exclude(port=port).update(port=port)


def development_password() -> str | None:
    """The password of the development superuser, created here; None where it is somebody's own.

    It is drawn at random once and kept in `var/`, so that a restart signs nobody out.
    """
    from django.conf import settings
    from django.contrib.auth import get_user_model

    if not settings.DEBUG:
        return None
    if not PASSWORD_FILE.exists():
        PASSWORD_FILE.parent.mkdir(exist_ok=True)
        PASSWORD_FILE.touch(mode=0o600)
        PASSWORD_FILE.write_text(secrets.token_urlsafe(12))
    password = PASSWORD_FILE.read_text()
    users: Any = get_user_model()
    user = users.objects.filter(username=USER_NAME).first()
    if user is None:
        user = users.objects.create_superuser(USER_NAME, "admin@example.org", password)
    return password if user.check_password(password) else None


def serve(port: str, password: str | None) -> None:
    """Run the server in a process group of its own, and end the whole group when this process is asked to end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    command = [sys.executable, "manage.py", "runserver", "--skip-checks", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, start_new_session=True)
    try:
        wait_until_it_answers(server, port)
        announce(port, password)
        while server.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=SECONDS_BETWEEN_PUBLICATIONS)
                break
            publish_scheduled()
    finally:
        stop(server)
    sys.exit(server.returncode)


def wait_until_it_answers(server: subprocess.Popen[bytes], port: str) -> None:
    while server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), timeout=1):
            return
        time.sleep(0.1)


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and its reloader, by force where they do not go by themselves."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def publish_scheduled() -> None:
    from django.core.management import call_command
    from django.db import close_old_connections

    close_old_connections()
    call_command("publish_scheduled", verbosity=0)


def announce(port: str, password: str | None) -> None:
    address = f"http://127.0.0.1:{port}"
    sign_in = f"user {USER_NAME}, password {password}" if password else "with your own account"
    lines = [
        "",
        f"  Site            {address}/",
        f"  Administration  {address}/admin/",
        f"  Sign in         {sign_in}",
        f"  Public API      {address}/api/v2/pages/",
        "",
        "  Ctrl-C ends it.",
        "",
    ]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
