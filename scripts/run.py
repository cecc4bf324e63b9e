"""`make run`: from a checkout to a running site.

Installs what is missing, brings the database up to date, loads the vocabularies and, into an empty database, the
demonstration content; then runs the web server and the worker that does background work, until Ctrl-C.
"""

from __future__ import annotations

import io
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from typing import Any

import environment

PASSWORD_FILE = environment.ROOT / "var" / "development-password"
USER_NAME, ADDRESS = "admin", "admin@example.org"
SECONDS_BEFORE_A_NEW_WORKER = 3


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
    serve(port, development_password())


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
    call_command("load_vocabularies", stdout=io.StringIO())
    call_command("install_roles", stdout=io.StringIO())
    call_command("install_workflow", stdout=io.StringIO())
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
        user = users.objects.create_superuser(USER_NAME, ADDRESS, password)
    return password if user.check_password(password) else None


def serve(port: str, password: str | None) -> None:
    """Serve from this one process until it is ended: nothing is left behind, whichever way that happens."""
    from django.core.management import get_commands, load_command_class

    threading.Thread(target=keep_worker, daemon=True).start()
    command: Any = load_command_class(get_commands()["runserver"], "runserver")
    command.on_bind = lambda _port: announce(port, password)
    command.run_from_argv(["make", "run", f"127.0.0.1:{port}", "--noreload", "--skip-checks"])


def keep_worker() -> None:
    """Run the worker, and another where one failed. It ends with this process, whichever way that does."""
    command = [sys.executable, str(environment.ROOT / "manage.py"), "worker", "--with-parent", "--verbosity", "1"]
    while subprocess.run([*command, "--skip-checks"], check=False).returncode:
        print("The worker failed. Another one is started.", flush=True)
        time.sleep(SECONDS_BEFORE_A_NEW_WORKER)


def announce(port: str, password: str | None) -> None:
    address = f"http://127.0.0.1:{port}"
    sign_in = f"{ADDRESS}, password {password}" if password else "with your own account"
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
